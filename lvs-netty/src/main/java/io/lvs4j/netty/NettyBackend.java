package io.lvs4j.netty;

import io.lvs4j.AddressFamily;
import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.Schedulers;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The in-process data plane: accepts TCP connections on event loops of this JVM and relays each to a real server, and forwards
 * UDP datagrams and their answers. Needs no privileges. Servers see this host as their client, unless masquerading is {@linkplain
 * Builder#transparent transparent}, and over TCP learn the client's own address if the service {@linkplain
 * VirtualService.Builder#sendProxyProtocol sends the PROXY protocol}.
 *
 * <p>Full NAT may have sources, addresses of this host. A client begins with the same one each time and goes on to the next when
 * no port is left; when none is left anywhere it is {@linkplain io.lvs4j.Refusal#NO_SOURCE refused}, and its server is not to
 * blame. On epoll a source has its ports towards each server, on NIO, and for UDP, once for all servers.
 *
 * <p>What holds for every TCP connection: bytes arrive in order and complete; the end of one direction is passed on and the other goes
 * on; a reset on one side becomes a reset on the other, after everything received before it. A server that cannot be reached
 * costs the client nothing but time: the next one is tried, before the first byte. Where no server is left the client is
 * reset at once. A slow reader costs at most 64 KiB per direction.
 *
 * <p>A server that does not answer is paid for once. When a client has waited for it for the connect timeout, or for a second or more
 * until some other failure, the server is suspect: new clients get other servers while there are any, whoever waits for it is moved
 * on, and a client whose persistence template names it is scheduled anew. The backend itself tries to connect to a suspect once a
 * second, and closes that connection at once. Suspicion ends when any connection to the server gets through, or when the server
 * leaves the pool or stops serving. Both are logged, once for each change. A server that refuses costs nobody any time, and is not
 * suspected.
 *
 * <p>Scarcity, over TCP: clients together use what descriptors the process may have when the backend starts, but for a sixteenth (32 or
 * more) that stays free for health checks and everything else; a connection takes two. When they are used up clients wait in the
 * listening sockets' backlogs, and go on as soon as others go. What slow readers have not taken yet is at most half of the
 * direct memory of the process. From half of that on less is read at a time; when it is used up nobody is accepted until half is
 * free again, and a connection that cannot keep its bytes is reset. Each such time is logged once. See {@link Profile} for what the
 * kernel's buffers take.
 *
 * <p>UDP: what a client sends from one port is a flow, and stays with one server until nobody has sent anything for
 * {@link io.lvs4j.ConnectionTimeouts#udp}. Answers reach the client from the address that it sent to, and only the flow's server
 * can send any. A flow moves on with its next datagram when its server is removed or does not serve any more (it failed, or is in
 * maintenance), and when nobody listens there: then at most one datagram is lost, because the host's answer comes after it. What
 * cannot be sent at once is dropped. The number of flows is bounded: {@link Builder#maxFlows}. With one-packet scheduling each
 * datagram is decided on by itself and counts as no connection, and a client's datagrams to the same server share a socket, through
 * which answers come back.
 *
 * <p>Access lists and {@link io.lvs4j.ConnectionLimits} hold for a service as a whole, whichever event loop a client comes to, on
 * both transports. Whom they turn away costs an accept and a reset. Sources are remembered in a table of 131,072 places: those
 * without connections give way first, and where all have some a new source is let in without a limit of its own.
 *
 * <pre>{@code
 * Backend backend = NettyBackend.builder().threads(2).build();
 * }</pre>
 *
 * <p>Concurrency: a connection lives on one event loop, which carries both its sockets; nothing that the loop does waits or locks.
 * The methods of {@link Backend} wait for the event loops, so they must not be called on one of them: that throws
 * {@link IllegalStateException}. Otherwise thread-safe as {@link Backend} asks.
 *
 * <p>The wildcard address {@code ::} takes IPv4 connections, too, so it cannot be listened on together with {@code 0.0.0.0}
 * at the same port.
 */
public final class NettyBackend implements Backend {
    static final String NAME = "netty";

    private final Transport transport;
    private final int threads;
    private final @Nullable EventLoopGroup group;
    private final int maxFlows;
    private final Profile profile;
    private final boolean transparent;
    private final @Nullable SocketBudget sockets;
    private final @Nullable Path handOverPath;
    private final Runnable handedOver;
    private @Nullable Loops loops;
    private @Nullable CarriedServices services;
    private @Nullable HandOver handOver;
    private boolean closed;

    private NettyBackend(Builder builder) {
        transport = builder.transport;
        threads = builder.threads;
        group = builder.group;
        maxFlows = builder.maxFlows;
        profile = builder.profile;
        transparent = builder.transparent;
        sockets = builder.sockets;
        handOverPath = builder.handOverPath;
        handedOver = builder.handedOver;
    }

    /** {@return a backend with default settings} */
    public static NettyBackend create() {
        return builder().build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                Set.of(Protocol.TCP, Protocol.UDP),
                Schedulers.names(),
                Set.of(ForwardingMethod.Kind.MASQUERADE, ForwardingMethod.Kind.FULL_NAT),
                Set.of(
                        Capabilities.Feature.CUSTOM_SCHEDULER,
                        Capabilities.Feature.ONE_PACKET_SCHEDULING,
                        Capabilities.Feature.FULL_NAT_SOURCE,
                        Capabilities.Feature.PROXY_PROTOCOL,
                        Capabilities.Feature.ACCESS_LIST,
                        Capabilities.Feature.CONNECTION_LIMITS,
                        Capabilities.Feature.SERVER_NAME,
                        Capabilities.Feature.CONNECT_FAILURES));
    }

    /**
     * {@inheritDoc} A UDP service cannot listen on a wildcard address: a datagram that comes there does not tell which of the
     * host's addresses it was sent to, and answers have to come from that one. Nor can it be {@linkplain Builder#handOver handed
     * over}.
     */
    @Override
    public void require(VirtualService service) {
        capabilities().require(NAME, service);
        requireSourcesOfServersFamilies(service);
        if (service.key() instanceof ServiceKey.Listening key && key.protocol() == Protocol.UDP) {
            if (handOverPath != null) {
                throw new UnsupportedSettingException("protocol", "udp with handOver", NAME, "tcp", key);
            }
            for (ListenAddress address : key.addresses()) {
                if (address.address().isAnyLocalAddress()) {
                    throw new UnsupportedSettingException(
                            "listen", address + " over UDP", NAME, "each of the host's addresses by itself", key);
                }
            }
        }
    }

    private static void requireSourcesOfServersFamilies(VirtualService service) {
        for (RealServer server : service.allServers()) {
            AddressFamily family = AddressFamily.of(server.key().address());
            if (service.forwardingOf(server) instanceof ForwardingMethod.FullNat fullNat
                    && fullNat.source()
                            .filter(range -> AddressFamily.of(range.first()) != family)
                            .isPresent()) {
                throw new UnsupportedSettingException(
                        "forwarding of " + server.key(),
                        fullNat.toString(),
                        NAME,
                        "a source of the server's family, " + family,
                        service.key());
            }
        }
    }

    @Override
    public void start(Ticker ticker) {
        if (closed || loops != null) {
            throw new IllegalStateException("start: " + (closed ? "closed" : "started") + " (expected: once)");
        }
        Objects.requireNonNull(ticker, "ticker");
        Loops started = Transports.loops(transport, threads, group, profile, ticker, sockets);
        if (transparent && !started.next().sockets().canBeTransparent()) {
            started.close();
            throw new BackendException(
                    "start",
                    "netty backend",
                    "transparent: on NIO (expected: on epoll, the JDK's sockets cannot have clients' addresses)",
                    null);
        }
        CarriedServices carried = new CarriedServices(started, ticker, maxFlows, transparent);
        if (handOverPath != null) {
            handOver = startHandOver(started, handOverPath, carried);
        }
        services = carried;
        loops = started;
    }

    private HandOver startHandOver(Loops on, Path path, HandOver.Listening listening) {
        boolean success = false;
        try {
            if (!on.next().sockets().sharesAddresses()) {
                throw new BackendException(
                        "hand over",
                        path.toString(),
                        "the JDK's sockets cannot be handed over (expected: epoll)",
                        null);
            }
            HandOver started = HandOver.start(path, listening, handedOver);
            success = true;
            return started;
        } finally {
            if (!success) {
                on.close();
            }
        }
    }

    /**
     * Says that all services are in place: from now on they accept also where the process before listens, which then lets go, and
     * this process can be replaced in turn. To be called once, with {@link Builder#handOver}, also when there was no process before.
     * What that one listened on and no service here does is closed, with a warning. Waits for the other process, up to 30 s.
     *
     * @throws BackendException if the path cannot be taken, or another process answers there; then it may be called again
     * @throws IllegalStateException if called on an event loop, twice, without {@link Builder#handOver}, or when the backend is not
     *     running
     */
    public void ready() {
        running("ready");
        HandOver current = handOver;
        if (current == null) {
            throw new IllegalStateException("ready: no path (expected: Builder.handOver)");
        }
        current.ready();
    }

    /**
     * {@inheritDoc}
     *
     * @throws BackendException if a listen address cannot be used; then none is
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void add(Pool pool) {
        CarriedServices carried = running("add");
        require(pool.service());
        carried.add(pool, handOver == null ? null : handOver.inherited());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void update(Pool pool) {
        CarriedServices carried = running("update");
        require(pool.service());
        carried.update(pool);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void quiesce(ServiceKey service) {
        running("quiesce").quiesce(service);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void remove(ServiceKey service) {
        running("remove").remove(service);
    }

    @Override
    public ServiceCounters counters(ServiceKey service) {
        return service(service).counters();
    }

    @Override
    public Duration rateInterval() {
        return ESTIMATION_INTERVAL;
    }

    @Override
    public Optional<PersistenceTemplates> persistence(ServiceKey service) {
        return service(service).engine().persistence();
    }

    /**
     * {@inheritDoc} Connections that are still asked for a PROXY header or a server name have no server, and single datagrams of
     * one-packet scheduling are no connections: neither are listed.
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public ConnectionEntries connections(ServiceKey service, int most) {
        CarriedService carried = running("connections").get(service);
        try {
            return carried.connections(most).plus(Backend.super.connections(service, most), most);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("connections: closed meanwhile (expected: running)", e);
        }
    }

    private CarriedServices running(String operation) {
        Loops on = loops;
        CarriedServices carried = services;
        if (on == null || carried == null || closed) {
            throw new IllegalStateException(
                    operation + ": " + (closed ? "closed" : "not started") + " (expected: running)");
        }
        on.requireOutside(operation);
        return carried;
    }

    private CarriedService service(ServiceKey key) {
        CarriedServices carried = services;
        if (carried == null) {
            throw new IllegalArgumentException(
                    "service: " + key + " (expected: none, the backend has not been started)");
        }
        return carried.get(key);
    }

    /**
     * {@inheritDoc} An event-loop group of the embedder goes on.
     *
     * @throws IllegalStateException if called on an event loop
     */
    @Override
    public void close() {
        Loops on = loops;
        if (closed || on == null) {
            closed = true;
            return;
        }
        on.requireOutside("close");
        closed = true;
        if (handOver != null) {
            handOver.close();
        }
        if (services != null) {
            services.removeAll();
        }
        on.close();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_THREADS = 1024;
        private static final int DEFAULT_FLOWS = 16_384;
        private static final int MOST_FLOWS = 1 << 20;

        private Transport transport = Transport.AUTO;
        private int threads = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
        private @Nullable EventLoopGroup group;
        private int maxFlows = DEFAULT_FLOWS;
        private Profile profile = Profile.THROUGHPUT;
        private boolean transparent;
        private @Nullable SocketBudget sockets;
        private @Nullable Path handOverPath;
        private Runnable handedOver = () -> {};

        private Builder() {}

        /**
         * Sets the interface to the operating system. Default {@link Transport#AUTO}.
         *
         * @param transport the transport
         * @return this
         */
        public Builder transport(Transport transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * Sets the number of event-loop threads. Default: the available processors. Without effect on a group of the embedder.
         *
         * @param threads 1..1024
         * @return this
         */
        public Builder threads(int threads) {
            if (threads < 1 || threads > MAX_THREADS) {
                throw new IllegalArgumentException("threads: " + threads + " (expected: 1.." + MAX_THREADS + ")");
            }
            this.threads = threads;
            return this;
        }

        /**
         * Uses the embedder's event loops instead of own ones. They must run from before the backend starts until after it is
         * closed, and are not shut down with it.
         *
         * @param group a group on {@code EpollIoHandler} or {@code NioIoHandler}, such as
         *     {@code new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory())}; the transport follows from it
         * @return this
         */
        public Builder eventLoopGroup(EventLoopGroup group) {
            this.group = Objects.requireNonNull(group, "eventLoopGroup");
            return this;
        }

        /**
         * Sets what it is tuned for. Default {@link Profile#THROUGHPUT}.
         *
         * @param profile the profile
         * @return this
         */
        public Builder profile(Profile profile) {
            this.profile = Objects.requireNonNull(profile, "profile");
            return this;
        }

        /**
         * Sets how many flows each UDP service may have. Default 16,384. When there are more, those without an answer, or whose
         * client has not come back after one, end first; then those that have been idle for 30 s or more; and when there are none
         * of those either, new clients are refused. With several event loops on epoll each has its share of the flows.
         *
         * <p>A flow takes a descriptor and a local port. Of ports Linux has 28,232 for all programs together, unless
         * {@code net.ipv4.ip_local_port_range} says otherwise; of descriptors all flows together take at most half of what
         * the backend may have.
         *
         * @param flows 1..1048576
         * @return this
         */
        public Builder maxFlows(int flows) {
            if (flows < 1 || flows > MOST_FLOWS) {
                throw new IllegalArgumentException("maxFlows: " + flows + " (expected: 1.." + MOST_FLOWS + ")");
            }
            this.maxFlows = flows;
            return this;
        }

        /**
         * Keeps the client's address where the forwarding method is masquerade, as the kernel does: servers see the client's own
         * address, and its port unless that is taken. Default: they see this host's. Full NAT is not concerned.
         *
         * <p>On Linux with epoll, and with the capability CAP_NET_ADMIN or CAP_NET_RAW. Servers must send their answers through
         * this host, and this host must deliver them to itself, which takes a mark, a routing rule and a table (here for IPv4):
         *
         * <pre>{@code
         * ip rule add fwmark 1 lookup 100
         * ip route add local default dev lo table 100
         * iptables -t mangle -A PREROUTING -m socket --transparent -j MARK --set-mark 1
         * }</pre>
         *
         * <p>A service that wants this is refused while the right or the route is missing, with these commands; whether packets
         * are marked is not looked at. A client of another address family than its server is {@linkplain
         * io.lvs4j.Refusal#NO_SOURCE refused}.
         *
         * @return this
         */
        public Builder transparent() {
            this.transparent = true;
            return this;
        }

        /**
         * Lets a new process replace this one without losing a connection attempt. Two backends with the same path do it, in two
         * processes of one user: the second gets the listening sockets of the first, and with them those who wait to be
         * accepted. The order in the new process:
         *
         * <ol>
         *   <li>{@link NettyBackend#start}, which {@code Director.Builder.build} calls: it gets the sockets of the process
         *       before. Where nobody answers at the path there are none, and services bind their addresses as ever.
         *   <li>Services are added. Where there are sockets they do not accept yet; the process before does, as if nothing
         *       had happened, also if this one ends.
         *   <li>{@link NettyBackend#ready}: this process accepts, the process before stops and is told. Who waits for the
         *       first health checks before that keeps connections from servers that are down.
         * </ol>
         *
         * <p>TCP only, and on epoll only: a UDP service and {@link Transport#NIO} are refused. Connections stay in the process
         * that accepted them, which should let them end: {@code Director.closeGracefully}. What it knows stays there, too:
         * health, persistence templates and counters begin anew. Sockets keep the buffer sizes that {@link Profile#EDGE} gave
         * them.
         *
         * <p>The path is a socket of mode 0600. Nobody but its user and root is listened to, and its directory must be one where
         * others cannot replace it. It goes with the backend, unless another process has taken over.
         *
         * @param socket where the processes meet, at most 96 bytes with its directories; what is there already must be a socket
         * @param handedOver called once another process has taken over, on a thread of its own, on which it may wait for the
         *     director to close or call {@link System#exit}
         * @return this
         */
        public Builder handOver(Path socket, Runnable handedOver) {
            this.handOverPath = HandOverPath.check(socket);
            this.handedOver = Objects.requireNonNull(handedOver, "handedOver");
            return this;
        }

        /** For tests: what may be spent on clients, instead of what the process says. */
        Builder sockets(SocketBudget budget) {
            this.sockets = budget;
            return this;
        }

        /** {@return the backend, not started} */
        public NettyBackend build() {
            return new NettyBackend(this);
        }
    }
}
