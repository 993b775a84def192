package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for a client's server: one is decided on and connected to, and the next one if that fails. Nothing is read from the
 * client meanwhile, so nothing can be sent twice. Confined to one event loop().
 */
final class ServerSearch implements SocketEvents {
    private final Connection connection;
    private @Nullable List<Lease> tried;
    private @Nullable Lease lease;
    private @Nullable StreamSocket server;
    private long sinceNanos;
    private boolean over;

    ServerSearch(Connection connection) {
        this.connection = connection;
    }

    /** Begins, or goes on with the next server. */
    void go() {
        if (!over) {
            connect(service().engine().acquire(flow()));
        }
    }

    private void connect(@Nullable Lease first) {
        for (lease = first; ; lease = service().engine().acquire(flow())) {
            if (lease == null) {
                connection.abort();
                return;
            }
            Sources sources = service().sources();
            int choices = sources == null ? 0 : sources.choices(lease.server());
            if (sources == null || choices == 0) {
                if (connect(lease, null, 0) != Attempt.FAILED) {
                    return;
                }
            } else if (connectFrom(sources, choices, lease)) {
                return;
            }
        }
    }

    /** Tries one source after the other; returns whether to leave it at that. */
    private boolean connectFrom(Sources sources, int choices, Lease to) {
        for (int i = 0; i < choices; i++) {
            Attempt attempt = connect(to, sources, i);
            if (attempt != Attempt.NO_PORT) {
                return attempt != Attempt.FAILED;
            }
        }
        connection.refuse(Refusal.NO_SOURCE);
        return true;
    }

    /** What became of an attempt to connect. */
    private enum Attempt {
        /** It goes on, or the client has been refused. */
        BEGUN,
        /** There is no port left at this source. */
        NO_PORT,
        /** The server has been given up. */
        FAILED
    }

    private Attempt connect(Lease to, @Nullable Sources sources, int choice) {
        InetSocketAddress address = to.address();
        StreamSocket socket;
        try {
            socket = loop().sockets().newSocket(address);
        } catch (IOException e) {
            connection.refuse(Refusal.NO_DESCRIPTOR); // not the server's fault, and no other server would help
            return Attempt.BEGUN;
        }
        server = socket;
        try {
            if (sources != null) {
                socket.bind(
                        sources.local(to.server(), connection.source(), choice), sources.isTransparent(to.server()));
            }
            socket.connect(loop(), address, this);
            sinceNanos = loop().ticker().nanos();
            return Attempt.BEGUN;
        } catch (BindException e) {
            if (sources != null) {
                socket.reset();
                server = null;
                return Attempt.NO_PORT;
            }
            giveUp(false); // this host has no port or address left for it
        } catch (IOException e) {
            giveUp(true);
        }
        return Attempt.FAILED;
    }

    private TcpService service() {
        return connection.service();
    }

    private Loop loop() {
        return connection.loop();
    }

    private Flow flow() {
        Flow flow = connection.flow();
        if (tried != null) {
            tried.forEach(flow::exclude);
        }
        return flow;
    }

    // ---------------------------------------------------------------- what becomes of it

    @Override
    public void connected() {
        StreamSocket socket = server;
        Lease to = lease;
        if (over || socket == null || to == null) {
            return;
        }
        if (connectedToItself(socket, to.server())) {
            failed();
            return;
        }
        over = true;
        service().silentServers().answered(to.server());
        to.established();
        connection.found(socket, to);
    }

    @Override
    public void connectFailed(IOException cause) {
        Lease vain = lease;
        if (over || vain == null) {
            return;
        }
        if (loop().ticker().nanos() - sinceNanos >= SilentServers.SLOW_NANOS) {
            doesNotAnswer(vain);
        } else {
            failed();
        }
    }

    /** The server has gone in the moment in which it was connected to. */
    @Override
    public void broken() {
        connection.abort();
    }

    /**
     * A connection to a local port on which nobody listens can be given that very port as its own, and then TCP connects it to
     * itself. That server is down.
     */
    static boolean connectedToItself(StreamSocket socket, ServerKey to) {
        int port = to.port();
        if (!EphemeralPorts.contains(port)) {
            return false; // which is most often so, and spares a system call
        }
        InetSocketAddress local = socket.localAddress();
        return local != null && local.getPort() == port && local.getAddress().equals(to.address());
    }

    private void failed() {
        giveUp(true);
        go();
    }

    private void doesNotAnswer(Lease silent) {
        failed();
        service().silentServers().letWait(silent.server());
    }

    private void giveUp(boolean failed) {
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

    // ---------------------------------------------------------------- what happens meanwhile

    /** The server that is being connected to; null if there is none. */
    @Nullable
    Lease lease() {
        return lease;
    }

    /** How long that has taken. */
    long nanos(long nowNanos) {
        return nowNanos - sinceNanos;
    }

    /** Looks at the clock. */
    void tick(long nowNanos) {
        Lease waitsFor = lease;
        if (waitsFor != null
                && nowNanos - sinceNanos >= service().timeouts().connect().toNanos()) {
            doesNotAnswer(waitsFor);
        }
    }

    /** A server does not answer somebody: whoever waits for it need not, if there is another. */
    void serverIsSilent(ServerKey silent) {
        if (lease != null && lease.server().equals(silent)) {
            Lease other = service().engine().acquireElsewhere(flow());
            if (other != null) {
                giveUp(false);
                connect(other);
            }
        }
    }

    /** The service's servers are these now; others have been removed. */
    void serversAre(Set<ServerKey> servers) {
        if (lease != null && !servers.contains(lease.server())) {
            giveUp(false);
            go();
        }
    }

    /** Ends it without a server. */
    void end() {
        over = true;
        if (server != null) {
            server.reset();
        }
        if (lease != null) {
            lease.close();
        }
    }
}
