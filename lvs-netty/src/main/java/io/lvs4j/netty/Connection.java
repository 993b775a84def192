package io.lvs4j.netty;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ServerKey;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: a server is decided on and connected to, and the next one if that fails, and no byte is
 * read from the client until one is connected; then a {@link Relay} carries the bytes, and timeouts are kept. Without a server
 * the client is reset. Confined to one event loop.
 */
final class Connection implements Relay.Owner {
    private final TcpService service;
    private final Loop loop;
    private final StreamSocket client;
    private final InetSocketAddress source;
    private final InetSocketAddress destination;
    private @Nullable List<Lease> tried;
    private @Nullable Lease lease;
    private @Nullable StreamSocket server;
    private @Nullable Relay relay;
    private boolean halfClosed;
    private boolean active;
    private long activeAtNanos;
    private int index;
    private boolean over;

    Connection(
            TcpService service,
            Loop loop,
            StreamSocket client,
            InetSocketAddress source,
            InetSocketAddress destination) {
        this.service = service;
        this.loop = loop;
        this.client = client;
        this.source = source;
        this.destination = destination;
    }

    /** Begins. */
    void start() {
        try {
            client.open(loop, new WhileConnecting(client));
        } catch (IOException e) {
            client.reset();
            return;
        }
        loop.add(this);
        connect();
    }

    TcpService service() {
        return service;
    }

    int index() {
        return index;
    }

    void index(int position) {
        index = position;
    }

    // ---------------------------------------------------------------- finding a server

    private void connect() {
        while (!over) {
            lease = service.engine().acquire(flow());
            if (lease == null) {
                abort();
                return;
            }
            InetSocketAddress address = lease.server().socketAddress();
            try {
                server = loop.sockets().newSocket(address);
            } catch (IOException e) {
                abort(); // no descriptor left: not the server's fault, and no other server would help
                return;
            }
            try {
                server.connect(loop, address, new WhileConnecting(server));
                activeAtNanos = loop.ticker().nanos();
                return;
            } catch (IOException e) {
                giveUpServer(true);
            }
        }
    }

    /** The loop's flow, filled for this connection. */
    private Flow flow() {
        Flow flow = loop.flow().set(source, destination);
        if (tried != null) {
            tried.forEach(flow::exclude);
        }
        return flow;
    }

    private void serverFailed() {
        giveUpServer(true);
        connect();
    }

    private void giveUpServer(boolean failed) {
        if (server != null) {
            server.reset();
            server = null;
        }
        Lease vain = lease;
        if (vain != null) {
            if (failed) {
                vain.connectFailed();
            } else {
                vain.close();
            }
            if (tried == null) {
                tried = new ArrayList<>(2);
            }
            tried.add(vain);
            lease = null;
        }
    }

    private void serverConnected(StreamSocket socket, Lease to) {
        if (connectedToItself(socket, to)) {
            serverFailed();
            return;
        }
        tried = null;
        to.established();
        activeAtNanos = loop.ticker().nanos();
        relay = new Relay(loop, client, socket, this);
        relay.start();
    }

    /**
     * A connection to a local port on which nobody listens can be given that very port as its own, and then TCP connects it to
     * itself. That server is down.
     */
    private static boolean connectedToItself(StreamSocket socket, Lease to) {
        int port = to.server().port();
        if (!EphemeralPorts.contains(port)) {
            return false; // which is most often so, and spares a system call
        }
        InetSocketAddress local = socket.localAddress();
        return local != null
                && local.getPort() == port
                && local.getAddress().equals(to.server().address());
    }

    /** What happens to one of the two sockets before there is a relay. */
    private final class WhileConnecting implements SocketEvents {
        private final StreamSocket socket;

        WhileConnecting(StreamSocket socket) {
            this.socket = socket;
        }

        @Override
        public void connected() {
            Lease to = lease;
            if (socket == server && to != null) {
                serverConnected(socket, to);
            }
        }

        @Override
        public void connectFailed(IOException cause) {
            if (socket == server) {
                serverFailed();
            }
        }

        @Override
        public void readable() {
            throw new IllegalStateException("not wanted yet");
        }

        @Override
        public void writable() {
            throw new IllegalStateException("not wanted yet");
        }

        /** The client has gone while its server was looked for. */
        @Override
        public void broken() {
            abort();
        }
    }

    // ---------------------------------------------------------------- being carried

    @Override
    public void transferred(boolean fromClient, int bytes) {
        active = true;
        Lease of = lease;
        if (of != null) {
            if (fromClient) {
                of.countIn(bytes);
            } else {
                of.countOut(bytes);
            }
        }
    }

    @Override
    public void progressed() {
        active = true;
    }

    @Override
    public void halfClosed() {
        halfClosed = true;
        active = true;
        if (lease != null) {
            lease.closing();
        }
    }

    @Override
    public void ended() {
        end();
    }

    /** Looks at the clock, every now and then. Precise to the time between two looks. */
    void tick(long nowNanos) {
        if (relay == null) {
            if (nowNanos - activeAtNanos >= service.timeouts().connect().toNanos()) {
                serverFailed();
            }
            return;
        }
        if (active) {
            active = false;
            activeAtNanos = nowNanos;
            return;
        }
        ConnectionTimeouts timeouts = service.timeouts();
        long limit = (halfClosed ? timeouts.halfClosed() : timeouts.idle()).toNanos();
        if (nowNanos - activeAtNanos >= limit) {
            abort();
        }
    }

    /** The service's servers are these now; others have been removed. */
    void serversAre(Set<ServerKey> servers) {
        if (lease == null || servers.contains(lease.server())) {
            return;
        }
        if (relay != null) {
            abort();
        } else {
            giveUpServer(false);
            connect();
        }
    }

    // ---------------------------------------------------------------- ending

    /** Resets both sides. */
    void abort() {
        if (over) {
            return;
        }
        if (relay != null) {
            relay.abort(); // calls ended()
            return;
        }
        client.reset();
        if (server != null) {
            server.reset();
        }
        end();
    }

    private void end() {
        over = true;
        if (lease != null) {
            lease.close();
        }
        loop.remove(this);
    }
}
