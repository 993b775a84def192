package io.lvs4j.netty;

import io.lvs4j.BackendException;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.scheduler.Schedulers;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The in-process data plane: accepts TCP connections on event loops of this JVM and relays each to a real server. Needs no
 * privileges. Masquerading and full NAT are the same here: servers see this host as their client.
 *
 * <p>What holds for every connection: bytes arrive in order and complete; the end of one direction is passed on and the other goes
 * on; a reset on one side becomes a reset on the other, after everything received before it. A server that cannot be reached
 * costs the client nothing but time: the next one is tried, before the first byte. Where no server is left the client is
 * reset at once. A slow reader costs at most 64 KiB per direction.
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
    private final Map<ServiceKey, TcpService> services = new ConcurrentHashMap<>();
    private @Nullable Loops loops;
    private @Nullable Ticker ticker;
    private boolean closed;

    private NettyBackend(Builder builder) {
        transport = builder.transport;
        threads = builder.threads;
        group = builder.group;
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
                Set.of(Protocol.TCP),
                Schedulers.names(),
                Set.of(ForwardingMethod.Kind.MASQUERADE, ForwardingMethod.Kind.FULL_NAT),
                Set.of(Capabilities.Feature.CUSTOM_SCHEDULER));
    }

    @Override
    public void start(Ticker ticker) {
        if (closed || loops != null) {
            throw new IllegalStateException("start: " + (closed ? "closed" : "started") + " (expected: once)");
        }
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        loops = Transports.loops(transport, threads, group, ticker);
    }

    /**
     * {@inheritDoc}
     *
     * @throws BackendException if a listen address cannot be used; then none is
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void add(Pool pool) {
        Loops on = running("add");
        ServiceKey key = pool.service().key();
        capabilities().require(NAME, pool.service());
        if (services.containsKey(key)) {
            throw new IllegalArgumentException("service: " + key + " (expected: each service once)");
        }
        services.put(key, TcpService.start(on, Objects.requireNonNull(ticker), pool));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void update(Pool pool) {
        running("update");
        capabilities().require(NAME, pool.service());
        service(pool.service().key()).update(pool);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void quiesce(ServiceKey service) {
        running("quiesce");
        service(service).quiesce();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if called on an event loop, or when the backend is not running
     */
    @Override
    public void remove(ServiceKey service) {
        running("remove");
        service(service).remove();
        services.remove(service);
    }

    @Override
    public ServiceCounters counters(ServiceKey service) {
        return service(service).engine().counters();
    }

    @Override
    public Optional<PersistenceTemplates> persistence(ServiceKey service) {
        return service(service).engine().persistence();
    }

    private Loops running(String operation) {
        Loops on = loops;
        if (on == null || closed) {
            throw new IllegalStateException(
                    operation + ": " + (closed ? "closed" : "not started") + " (expected: running)");
        }
        on.requireOutside(operation);
        return on;
    }

    private TcpService service(ServiceKey key) {
        TcpService service = services.get(key);
        if (service == null) {
            throw new IllegalArgumentException("service: " + key + " (expected: one of " + services.keySet() + ")");
        }
        return service;
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
        List.copyOf(services.values()).forEach(TcpService::remove);
        services.clear();
        on.close();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_THREADS = 1024;

        private Transport transport = Transport.AUTO;
        private int threads = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
        private @Nullable EventLoopGroup group;

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

        /** {@return the backend, not started} */
        public NettyBackend build() {
            return new NettyBackend(this);
        }
    }
}
