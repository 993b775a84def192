package io.lvs4j.netty;

import io.lvs4j.ConnectionEntry;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.Protocol;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerNames;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: it is {@linkplain Admission admitted}, says what it must ({@link Opening}) and gets a server
 * ({@link ServerSearch}); then a {@link Relay} carries the bytes, and timeouts are kept. Who is not admitted, or has no server, is
 * reset. Confined to one event loop.
 */
final class Connection implements Relay.Owner, SocketEvents {
    private final Loop loop;
    private final StreamSocket client;
    private TcpService service;
    private InetSocketAddress source;
    private InetSocketAddress destination;
    private int ticket = Admission.NOT_COUNTED;
    private boolean frontsOwn;
    private @Nullable Opening opening; // if the client must say something, until its server has got it
    private @Nullable ServerSearch search; // until it has a server
    private @Nullable Lease lease; // then
    private @Nullable Relay relay;
    private boolean answered;
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
        ProxyProtocol.Fronts fronts = proxy == null ? null : proxy.accept().orElse(null);
        if (fronts == null) {
            if (!admitted()) {
                client.reset();
                return;
            }
        } else if (!fronts.trusts(source.getAddress())) {
            service.countRefusal(Refusal.PROXY_UNTRUSTED);
            client.reset();
            return;
        }
        ServerNames names = service.serverNames();
        if (fronts != null) {
            opening = Opening.withHeader(this, loop, client, fronts.headerTimeout());
        } else if (names != null) {
            opening = Opening.withHello(this, loop, client, names.helloTimeout());
        }
        try {
            client.open(loop, opening == null ? this : opening.events());
        } catch (IOException e) {
            client.reset();
            service.admission().left(ticket);
            return;
        }
        loop.add(this);
        if (opening != null) {
            opening.begin();
        } else {
            findServer();
        }
    }

    TcpService service() {
        return service;
    }

    Loop loop() {
        return loop;
    }

    int index() {
        return index;
    }

    void index(int position) {
        index = position;
    }

    // ---------------------------------------------------------------- who the client is, and what it wants

    private boolean admitted() {
        Admission admission = service.admission();
        ticket = frontsOwn ? admission.admitFront() : admission.admit(source.getAddress());
        return ticket != Admission.REFUSED;
    }

    /** The service's limits have changed. */
    void admissionChanged() {
        if (opening == null || !opening.awaitsHeader()) { // else it will be admitted by the new ones
            Admission admission = service.admission();
            ticket = frontsOwn ? admission.adoptedFront(ticket) : admission.adopted(ticket, source.getAddress());
        }
    }

    void headerRead(ProxyHeader read, @Nullable ByteBuf bytes) {
        frontsOwn = read.endpoints().isEmpty();
        read.endpoints().ifPresent(endpoints -> {
            source = endpoints.source();
            destination = endpoints.destination();
        });
        ServerNames names = service.serverNames();
        if (!admitted()) {
            turnAway(bytes);
        } else if (names != null && opening != null) {
            opening.expectHello(names.helloTimeout(), bytes);
        } else {
            opened(bytes);
        }
    }

    void helloRead(@Nullable String name, @Nullable ByteBuf bytes) {
        TcpService carrier = service.carrierOf(name);
        if (carrier != null && (carrier == service || admittedTo(carrier))) {
            opened(bytes);
        } else {
            turnAway(bytes);
        }
    }

    /** Leaves the service that listens for the one that carries. */
    private boolean admittedTo(TcpService carrier) {
        service.admission().left(ticket);
        service = carrier;
        return admitted();
    }

    private void turnAway(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
        abort();
    }

    private void opened(@Nullable ByteBuf bytes) {
        if (opening != null) {
            opening.end(bytes);
        }
        client.handOver(this);
        findServer();
    }

    /** Resets the client for a reason of ours. */
    void refuse(Refusal reason) {
        service.countRefusal(reason);
        abort();
    }

    // ---------------------------------------------------------------- finding a server

    private void findServer() {
        ServerSearch begun = new ServerSearch(this);
        search = begun;
        begun.go();
    }

    /** The loop's flow, filled for this connection. */
    Flow flow() {
        Flow flow = loop.flow().set(source, destination);
        String serverName = opening == null ? null : opening.serverName();
        if (serverName != null) {
            flow.key(serverName);
        }
        return flow;
    }

    InetSocketAddress source() {
        return source;
    }

    /** The client has gone while its server was looked for. */
    @Override
    public void broken() {
        abort();
    }

    /** A server does not answer somebody. */
    void serverIsSilent(ServerKey silent) {
        if (search != null) {
            search.serverIsSilent(silent);
        }
    }

    /** The search is over. */
    void found(StreamSocket server, Lease to) {
        search = null;
        lease = to;
        activeAtNanos = loop.ticker().nanos();
        ByteBuf first = firstBytes(to);
        opening = null;
        relay = new Relay(loop, client, server, this);
        relay.start(first);
    }

    /** What the server gets before anything else: a header, and what was read of the client's already. */
    private @Nullable ByteBuf firstBytes(Lease to) {
        ByteBuf bytes = opening == null ? null : opening.takeEarly();
        if (bytes != null) {
            to.countIn(bytes.readableBytes());
        }
        ProxyProtocol proxy = service.proxyProtocol();
        if (proxy == null || proxy.send().isEmpty()) {
            return bytes;
        }
        ProxyHeader header = opening == null ? null : opening.header();
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

    // ---------------------------------------------------------------- being carried

    @Override
    public void transferred(boolean fromClient, int bytes) {
        active = true;
        Lease of = lease;
        if (of != null) {
            if (fromClient) {
                of.countIn(bytes);
            } else {
                answered = true;
                of.countOut(bytes);
            }
        }
    }

    @Override
    public void progressed() {
        active = true;
    }

    @Override
    public void serverReset() {
        if (!answered && lease != null) {
            lease.serverReset();
        }
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
        if (search != null) {
            search.tick(nowNanos);
        } else if (opening != null) {
            opening.tick(nowNanos);
        } else if (active) {
            active = false;
            activeAtNanos = nowNanos;
        } else {
            if (nowNanos - activeAtNanos >= idleLimit()) {
                abort();
            }
        }
    }

    private long idleLimit() {
        ConnectionTimeouts timeouts = service.timeouts();
        return (halfClosed ? timeouts.halfClosed() : timeouts.idle()).toNanos();
    }

    /** The service's servers are these now; others have been removed. */
    void serversAre(Set<ServerKey> servers) {
        if (search != null) {
            search.serversAre(servers);
        } else if (lease != null && !servers.contains(lease.server())) {
            abort();
        }
    }

    // ---------------------------------------------------------------- being looked at

    /** Whether it is with a server, or on its way to one. */
    boolean hasServer() {
        return !over && serversLease() != null;
    }

    private @Nullable Lease serversLease() {
        return search == null ? lease : search.lease();
    }

    /** What is listed of it; null if it has no server. */
    @Nullable
    ConnectionEntry entry(long nowNanos) {
        Lease of = serversLease();
        if (over || of == null) {
            return null;
        }
        return new ConnectionEntry(
                Protocol.TCP.name(),
                source,
                destination,
                of.address(),
                relay == null ? "SYN_RECV" : relay.stage(),
                Duration.ofNanos(Math.max(0, nanosLeft(nowNanos))));
    }

    private long nanosLeft(long nowNanos) {
        if (search != null) {
            return service.timeouts().connect().toNanos() - search.nanos(nowNanos);
        }
        return active ? idleLimit() : idleLimit() - (nowNanos - activeAtNanos);
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
        end();
    }

    private void end() {
        over = true;
        if (opening != null) {
            opening.release();
        }
        if (search != null) {
            search.end();
        }
        if (lease != null) {
            lease.close();
        }
        service.admission().left(ticket);
        loop.remove(this);
    }
}
