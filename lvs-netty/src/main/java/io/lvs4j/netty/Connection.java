package io.lvs4j.netty;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerNames;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: its PROXY header is read, if a front is to send one; it is {@linkplain Admission
 * admitted}; its server name is read, if that counts; a server is decided on and connected to, and the next one if that fails, and
 * meanwhile nothing is read from the client; then a {@link Relay} carries the bytes, and timeouts are kept. Who is not admitted, or
 * has no server, is reset. Confined to one event loop.
 */
final class Connection implements Relay.Owner, OpeningReader.Owner {
    private TcpService service;
    private final Loop loop;
    private final StreamSocket client;
    private InetSocketAddress source;
    private InetSocketAddress destination;
    private @Nullable OpeningReader<?> opening;
    private Duration openingTimeout = Duration.ZERO;
    private @Nullable ProxyHeader header;
    private @Nullable String serverName;
    private @Nullable ByteBuf early;
    private @Nullable List<Lease> tried;
    private @Nullable Lease lease;
    private @Nullable StreamSocket server;
    private @Nullable Relay relay;
    private int ticket = Admission.NOT_COUNTED;
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
        ProxyProtocol proxy = service.proxyProtocol();
        if (proxy != null && proxy.accept().isPresent()) {
            readHeader(proxy.accept().get());
            return;
        }
        if (!admitted()) {
            client.reset();
            return;
        }
        ServerNames names = service.serverNames();
        if (names != null) {
            OpeningReader<String> reader = helloReader();
            if (open(reader)) {
                read(reader, names.helloTimeout(), null);
            }
        } else if (open(new WhileConnecting(client))) {
            connect();
        }
    }

    private boolean admitted() {
        Admission admission = service.admission();
        ticket = isFrontsOwn() ? admission.admitFront() : admission.admit(source.getAddress());
        return ticket != Admission.REFUSED;
    }

    /** Whether it is a connection that a front has opened on its own account, for nobody whom its header names. */
    private boolean isFrontsOwn() {
        return header != null && header.endpoints().isEmpty();
    }

    /** The service's limits have changed. */
    void admissionChanged() {
        if (opening == null
                || opening.format() != ProxyHeaderDecoder.FORMAT) { // else it will be admitted by the new ones
            Admission admission = service.admission();
            ticket = isFrontsOwn() ? admission.adoptedFront(ticket) : admission.adopted(ticket, source.getAddress());
        }
    }

    private boolean open(SocketEvents owner) {
        try {
            client.open(loop, owner);
        } catch (IOException e) {
            client.reset();
            service.admission().left(ticket);
            return false;
        }
        loop.add(this);
        return true;
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

    // ---------------------------------------------------------------- learning who the client is

    private void readHeader(ProxyProtocol.Fronts fronts) {
        if (!fronts.trusts(source.getAddress())) {
            service.countRefusal(Refusal.PROXY_UNTRUSTED);
            client.reset();
            return;
        }
        OpeningReader<ProxyHeader> reader =
                new OpeningReader<>(loop, client, ProxyHeaderDecoder.FORMAT, this, this::headerRead);
        if (open(reader)) {
            read(reader, fronts.headerTimeout(), null);
        }
    }

    private void read(OpeningReader<?> reader, Duration timeout, @Nullable ByteBuf bytes) {
        opening = reader;
        openingTimeout = timeout;
        activeAtNanos = loop.ticker().nanos();
        reader.start(bytes);
    }

    private void headerRead(ProxyHeader read, @Nullable ByteBuf after) {
        opening = null;
        header = read;
        read.endpoints().ifPresent(endpoints -> {
            source = endpoints.source();
            destination = endpoints.destination();
        });
        if (!admitted()) {
            refuse(after);
            return;
        }
        ServerNames names = service.serverNames();
        if (names != null) {
            OpeningReader<String> reader = helloReader();
            client.handOver(reader);
            read(reader, names.helloTimeout(), after);
        } else {
            opened(after);
        }
    }

    private OpeningReader<String> helloReader() {
        return new OpeningReader<>(loop, client, new ClientHelloDecoder(), this, this::helloRead);
    }

    private void helloRead(String name, @Nullable ByteBuf bytes) {
        opening = null;
        serverName = name.equals(ClientHelloDecoder.NO_NAME) ? null : name;
        TcpService carrier = service.carrierOf(serverName);
        if (carrier != null && (carrier == service || admittedTo(carrier))) {
            opened(bytes);
        } else {
            refuse(bytes);
        }
    }

    /** Leaves the service that listens for the one that carries. */
    private boolean admittedTo(TcpService carrier) {
        service.admission().left(ticket);
        service = carrier;
        return admitted();
    }

    private void refuse(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
        abort();
    }

    private void opened(@Nullable ByteBuf bytes) {
        early = bytes;
        client.handOver(new WhileConnecting(client));
        connect();
    }

    @Override
    public void openingRefused(Refusal reason) {
        service.countRefusal(reason);
        abort();
    }

    @Override
    public void brokenMeanwhile() {
        if (opening != null) {
            openingRefused(opening.format().incomplete()); // one beginning was good, another was to follow
        } else {
            abort();
        }
    }

    // ---------------------------------------------------------------- finding a server

    private void connect() {
        if (!over) {
            connect(service.engine().acquire(flow()));
        }
    }

    private void connect(@Nullable Lease first) {
        for (lease = first; ; lease = service.engine().acquire(flow())) {
            if (lease == null) {
                abort();
                return;
            }
            Sources sources = service.sources();
            int choices = sources == null ? 0 : sources.choices(lease.server());
            if (sources == null || choices == 0) {
                if (connect(lease.server(), null, 0) != Attempt.FAILED) {
                    return;
                }
            } else if (connectFrom(sources, choices, lease.server())) {
                return;
            }
        }
    }

    /** A server does not answer somebody: whoever waits for it need not, if there is another. */
    void serverIsSilent(ServerKey silent) {
        if (relay == null && lease != null && lease.server().equals(silent)) {
            Lease other = service.engine().acquireElsewhere(flow());
            if (other != null) {
                giveUpServer(false);
                connect(other);
            }
        }
    }

    /** Tries one source after the other; returns whether to leave it at that. */
    private boolean connectFrom(Sources sources, int choices, ServerKey to) {
        for (int i = 0; i < choices; i++) {
            Attempt attempt = connect(to, sources, i);
            if (attempt != Attempt.NO_PORT) {
                return attempt != Attempt.FAILED;
            }
        }
        service.countRefusal(Refusal.NO_SOURCE);
        abort();
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

    private Attempt connect(ServerKey to, @Nullable Sources sources, int choice) {
        InetSocketAddress address = to.socketAddress();
        StreamSocket socket;
        try {
            socket = loop.sockets().newSocket(address);
        } catch (IOException e) {
            service.countRefusal(Refusal.NO_DESCRIPTOR);
            abort(); // no descriptor left: not the server's fault, and no other server would help
            return Attempt.BEGUN;
        }
        server = socket;
        try {
            if (sources != null) {
                socket.bind(sources.local(to, source, choice), sources.isTransparent(to));
            }
            socket.connect(loop, address, new WhileConnecting(socket));
            activeAtNanos = loop.ticker().nanos();
            return Attempt.BEGUN;
        } catch (BindException e) {
            if (sources != null) {
                socket.reset();
                server = null;
                return Attempt.NO_PORT;
            }
            giveUpServer(false); // this host has no port or address left for it
        } catch (IOException e) {
            giveUpServer(true);
        }
        return Attempt.FAILED;
    }

    /** The loop's flow, filled for this connection. */
    private Flow flow() {
        Flow flow = loop.flow().set(source, destination);
        if (serverName != null) {
            flow.key(serverName);
        }
        if (tried != null) {
            tried.forEach(flow::exclude);
        }
        return flow;
    }

    private void serverFailed() {
        giveUpServer(true);
        connect();
    }

    private void serverDoesNotAnswer(Lease silent) {
        serverFailed();
        service.silentServers().letWait(silent.server());
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
        if (connectedToItself(socket, to.server())) {
            serverFailed();
            return;
        }
        service.silentServers().answered(to.server());
        tried = null;
        to.established();
        activeAtNanos = loop.ticker().nanos();
        ByteBuf first = firstBytes(to);
        relay = new Relay(loop, client, socket, this);
        relay.start(first);
    }

    /** What the server gets before anything else: a header, and what was read of the client's already. */
    private @Nullable ByteBuf firstBytes(Lease to) {
        ByteBuf bytes = early;
        early = null;
        if (bytes != null) {
            to.countIn(bytes.readableBytes());
        }
        ProxyProtocol proxy = service.proxyProtocol();
        if (proxy == null || proxy.send().isEmpty()) {
            return bytes;
        }
        ByteBuffer tlvs = header == null ? ProxyHeader.NO_TLVS : header.tlvs();
        int room = ProxyHeaderEncoder.MAX_BYTES_WITHOUT_TLVS
                + tlvs.remaining()
                + (bytes == null ? 0 : bytes.readableBytes());
        ByteBuf first = ByteBufAllocator.DEFAULT.directBuffer(room);
        ProxyHeaderEncoder.encode(proxy.send().get(), source, destination, tlvs, first);
        if (bytes != null) {
            first.writeBytes(bytes);
            bytes.release();
        }
        return first;
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
            Lease vain = lease;
            if (socket == server && vain != null) {
                if (loop.ticker().nanos() - activeAtNanos >= SilentServers.SLOW_NANOS) {
                    serverDoesNotAnswer(vain);
                } else {
                    serverFailed();
                }
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
        if (opening != null) {
            if (nowNanos - activeAtNanos >= openingTimeout.toNanos()) {
                openingRefused(opening.format().late());
            }
            return;
        }
        if (relay == null) {
            Lease waitsFor = lease;
            if (waitsFor != null
                    && nowNanos - activeAtNanos >= service.timeouts().connect().toNanos()) {
                serverDoesNotAnswer(waitsFor);
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
        if (opening != null) {
            opening.release();
        }
        if (early != null) {
            early.release();
            early = null;
        }
        if (lease != null) {
            lease.close();
        }
        service.admission().left(ticket);
        loop.remove(this);
    }
}
