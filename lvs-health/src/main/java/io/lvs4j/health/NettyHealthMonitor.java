package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries out health checks on Netty event loops, by default on one daemon thread of its own, {@code lvs-health-1}.
 *
 * <p>A director finds a monitor by itself. Make one to pass event loops or trusted certificates:
 *
 * <pre>{@code
 * HealthMonitor monitor = NettyHealthMonitor.builder()
 *         .eventLoopGroup(gatewayLoops, NioSocketChannel.class)
 *         .trust(companyCertificates)
 *         .build();
 * Director director = Director.builder().healthMonitor(monitor).build();
 * }</pre>
 *
 * <p>No thread waits for a server: a thousand servers that keep silent cost a thousand sockets until their deadlines, and
 * delay nobody. An attempt reads at most 64 KiB. Equal checks of one server are one, however many services it belongs to. The first
 * attempts are spread evenly over the warmup. Thread-safe.
 */
public final class NettyHealthMonitor implements HealthMonitor {
    private final MonitorLoops loops;
    private final Sockets sockets;
    private final Probes probes;
    private final Ticker ticker;
    private final Timers timers;
    private final SharedChecks checks;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NettyHealthMonitor(Builder builder) {
        Transport transport = builder.group == null ? Transport.best() : Transport.of(builder.group);
        loops = builder.group == null ? MonitorLoops.own(transport) : MonitorLoops.borrowed(builder.group);
        Class<? extends SocketChannel> channelType =
                builder.channelType == null ? transport.socketType() : builder.channelType;
        sockets = new Sockets(loops.group(), new ReflectiveChannelFactory<>(channelType));
        ticker = builder.ticker;
        timers = builder.timers == null ? new LoopTimers(loops.group().next()) : builder.timers;
        probes = new Probes(sockets, loops.group(), new Trust(builder.trust));
        checks = new SharedChecks(timers, this::newLoop, new Spread(builder.random.nextDouble()));
    }

    /** {@return a monitor with a thread and timers of its own} */
    public static NettyHealthMonitor create() {
        return builder().build();
    }

    /** {@return a builder of a monitor with a thread and timers of its own, which trusts whom the JVM trusts} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void require(ServerKey server, HealthCheck check) {
        Probe unused = probes.of(server, check, Optional.empty());
        assert unused != null;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if this monitor cannot carry the check out on this server; the message says why and
     *     what to do
     * @throws IllegalStateException if the monitor has been closed
     */
    @Override
    public Watch watch(
            ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting, Listener listener) {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(greeting, "greeting");
        Objects.requireNonNull(listener, "listener");
        return checks.watch(new SharedChecks.Question(server, check, greeting), listener);
    }

    private CheckLoop newLoop(SharedChecks.Question question, Listener listener) {
        Probe probe = probes.of(question.server(), question.check(), question.greeting());
        Probes.warn(question.server(), question.check());
        return new CheckLoop(question.server(), question.check().timing(), probe, listener, ticker, timers);
    }

    /**
     * {@inheritDoc} Returns when connections are closed and the monitor's own thread is gone, except if called on one of
     * its event loops, or if a custom check blocks that thread for more than two seconds.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            checks.close();
            loops.close(sockets.close());
            probes.close();
        }
    }

    /** Collects the settings of a monitor. Not thread-safe. */
    public static final class Builder {
        private @Nullable EventLoopGroup group;
        private @Nullable Class<? extends SocketChannel> channelType;
        private @Nullable TrustManagerFactory trust;
        private Ticker ticker = Ticker.system();
        private @Nullable Timers timers;
        private RandomGenerator random = new Random();

        private Builder() {}

        /**
         * Sets who runs the connections. Default: an event loop of the monitor's own, on epoll where Netty's native library is
         * there, else on the JDK's selectors.
         *
         * @param group the event loops; the monitor does not shut them down
         * @param channelType the kind of channel that fits them
         * @return this
         */
        public Builder eventLoopGroup(EventLoopGroup group, Class<? extends SocketChannel> channelType) {
            this.group = Objects.requireNonNull(group, "group");
            this.channelType = Objects.requireNonNull(channelType, "channelType");
            return this;
        }

        /**
         * Sets who vouches for the certificates of checks that verify them. Default: whom the JVM trusts. Neither the JVM's own
         * trust nor a factory made of a key store looks for revoked certificates; a {@code PKIX} factory initialised with {@link
         * javax.net.ssl.CertPathTrustManagerParameters} and a store of revocation lists does.
         *
         * @param trust an initialised factory
         * @return this
         */
        public Builder trust(TrustManagerFactory trust) {
            this.trust = Objects.requireNonNull(trust, "trust");
            return this;
        }

        /**
         * Sets clock and timers. Default: the JVM's monotonic clock and one of the event loops.
         *
         * @param ticker the clock
         * @param timers runs what is due; the monitor does not close them
         * @return this
         */
        public Builder time(Ticker ticker, Timers timers) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            this.timers = Objects.requireNonNull(timers, "timers");
            return this;
        }

        /** Sets where the first wait for a first attempt comes from. */
        Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** {@return the monitor} */
        public NettyHealthMonitor build() {
            return new NettyHealthMonitor(this);
        }
    }
}
