package io.lvs4j.netlink;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.LvsException;
import io.lvs4j.Protocol;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel carry the packets.
 *
 * <pre>{@code
 * Director director = Director.builder().backend(IpvsBackend.create()).build();
 * }</pre>
 *
 * <p>It wants Linux, the module ip_vs, and CAP_NET_ADMIN in the host's user namespace. What it writes is the difference between
 * what the kernel has and what is described, so after a crash it goes on where it was, and connections go on with it. Services
 * that the director does not know are left alone, unless it is told to {@linkplain Builder#ownTable own the table}. A service that is there already when it is described is taken over.
 *
 * <p>A server that fails and has connections stays in the kernel's table with weight 0, so that they go on; when it returns it
 * has its old place in the order. Meanwhile {@code sh} and {@code mh} fall back on other servers for its clients; {@code dh}
 * cannot, so there it leaves and loses its connections. A server without connections leaves the table and returns to the front,
 * as on other backends.
 *
 * <p>The kernel remembers a connection after its end, for 10 s if it was reset and for 2 min if not, and counts it as inactive:
 * so long thresholds count it and a drain or a graceful close waits for it.
 *
 * <p>Full NAT is NAT by IPVS and a rule of iptables that rewrites the source, so it wants {@code iptables} or {@code ip6tables}. The
 * rule, with the comment {@code lvs4j:} and the service, comes and goes with the service, and is put back if
 * somebody else removes it.
 *
 * <p>Thread-safe as {@link Backend} says. When the director is closed, its services are removed.
 */
public final class IpvsBackend implements Backend {
    static final String NAME = "ipvs";

    /** After how many intervals at most a quarrel over a service is taken up again. */
    static final int MAX_PATIENCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(IpvsBackend.class);

    private final Supplier<Ipvs> table;
    private final boolean preparesHost;
    private final Prerequisites prerequisites;
    private final FullNatRules fullNat;
    private final Duration repairInterval;
    private final Map<ServiceKey, Pool> pools = new LinkedHashMap<>();
    private final Set<ServiceKey> quiesced = new HashSet<>();
    private final boolean ownsTable;
    private final List<SyncDaemon> firstDaemons;
    private @Nullable Kernel kernel;

    /** What there is between start and close. */
    private record Kernel(Ipvs ipvs, TableWriter writer, SyncDaemons daemons, DriftRepair drift)
            implements AutoCloseable {
        @Override
        public void close() {
            ipvs.close();
        }
    }

    private IpvsBackend(Builder builder) {
        table = builder.table;
        preparesHost = builder.preparesHost;
        repairInterval = builder.repairInterval;
        ownsTable = builder.ownsTable;
        firstDaemons = List.copyOf(builder.daemons.values());
        prerequisites = new Prerequisites(new Sysctl(builder.namespace), builder.settings);
        fullNat = new FullNatRules(builder.namespace);
    }

    /** {@return a backend on the kernel's table of this process's network namespace, to be given to one director} */
    public static IpvsBackend create() {
        return builder().build();
    }

    /** {@return a builder: this process's network namespace, the host's settings left as they are} */
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
                EnumSet.allOf(Protocol.class),
                Scheduling.names(),
                EnumSet.of(
                        ForwardingMethod.Kind.MASQUERADE,
                        ForwardingMethod.Kind.FULL_NAT,
                        ForwardingMethod.Kind.DIRECT_ROUTING,
                        ForwardingMethod.Kind.TUNNEL),
                EnumSet.of(
                        Capabilities.Feature.FIREWALL_MARK,
                        Capabilities.Feature.ONE_PACKET_SCHEDULING,
                        Capabilities.Feature.FULL_NAT_SOURCE));
    }

    @Override
    public void require(VirtualService service) {
        Backend.super.require(service);
        KernelSettings.require(service, NAME);
    }

    /**
     * {@return what services want of the host, met or not, with what the builder was told} Without it the kernel does not refuse
     * to serve, but does not do what the description says.
     *
     * @param services the descriptions
     */
    public List<Prerequisite> prerequisites(Collection<VirtualService> services) {
        return prerequisites.of(services, firstDaemons);
    }

    @Override
    public synchronized void start(Ticker ticker) {
        Ipvs opened = table.get();
        try {
            IpvsInfo info = opened.info();
            LOG.info("IPVS {}, {} buckets for connections", info.version(), info.connectionTableSize());
            SyncDaemons daemons = new SyncDaemons(opened);
            prepareHost("a sync daemon", prerequisites.of(List.of(), firstDaemons), List.of());
            daemons.want(firstDaemons);
            TableWriter writer = new TableWriter(opened);
            ForeignServices foreign = ownsTable ? new ForeignServices() : null;
            DriftRepair drift = new DriftRepair(opened, writer, daemons, fullNat, foreign);
            kernel = new Kernel(opened, writer, daemons, drift);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private Kernel kernel() {
        Kernel open = kernel;
        if (open == null) {
            throw new IllegalStateException("ipvs backend: not started, or closed (expected: running)");
        }
        return open;
    }

    private TableWriter writer() {
        return kernel().writer();
    }

    /**
     * Has these sync daemons run from now on, and stops those that were asked for before: so a director that takes over or steps
     * back changes its role, as keepalived's {@code lvs_sync_daemon} does. One that runs already with these settings goes on, with
     * others it is replaced. Wants a started backend.
     *
     * @param daemons those that shall run, at most one of each role
     * @throws IllegalArgumentException if there are two of one role; nothing has changed
     * @throws IpvsException if one cannot be started, for example because there is no such interface; then all are as before
     * @throws IllegalStateException if the backend has not been started, or has been closed, which ends all of them
     */
    public synchronized void syncDaemons(Collection<SyncDaemon> daemons) {
        SyncDaemons running = kernel().daemons();
        prepareHost("a sync daemon", prerequisites.of(List.of(), daemons), prerequisites.of(List.of(), firstDaemons));
        running.want(daemons);
    }

    // ---------------------------------------------------------------- changing

    @Override
    public synchronized void add(Pool pool) {
        update(pool);
    }

    @Override
    public synchronized void update(Pool pool) {
        ServiceKey service = pool.service().key();
        Pool before = pools.get(service);
        List<FullNatRule> rules = FullNatRule.of(pool.service());
        Collection<FullNatRule> had = before == null ? rulesLeft(pool.service()) : FullNatRule.of(before.service());
        if (before == null || !before.service().equals(pool.service())) {
            prepareHost(
                    service.toString(),
                    prerequisites.of(List.of(pool.service()), List.of()),
                    prerequisites.of(before == null ? List.of() : List.of(before.service()), List.of()));
        }
        List<FullNatRule> added = without(rules, had);
        fullNat.install(added); // before the first connection
        try {
            writer().write(pool, quiesced.contains(service), writer().read(service));
        } catch (LvsException e) {
            fullNat.remove(added);
            throw e;
        }
        fullNat.remove(without(had, rules));
        pools.put(service, pool);
    }

    private static List<FullNatRule> without(Collection<FullNatRule> rules, Collection<FullNatRule> others) {
        return rules.stream().filter(rule -> !others.contains(rule)).toList();
    }

    /** Returns the rules that an earlier run has left, if there can be any. */
    private Collection<FullNatRule> rulesLeft(VirtualService service) {
        boolean wanted = KernelSettings.isFullNat(service);
        if (!wanted && !prerequisites.mayHaveFullNat(service)) {
            return List.of();
        }
        try {
            return fullNat.present(KernelSettings.keys(service.key()));
        } catch (LvsException e) {
            if (wanted) {
                throw e;
            }
            LOG.warn("A rule for full NAT may be left: {}", e.getMessage());
            return List.of();
        }
    }

    private void prepareHost(String who, List<Prerequisite> wanted, List<Prerequisite> told) {
        if (preparesHost) {
            prerequisites.apply(wanted).forEach(set -> LOG.info("Set {}", set));
            return;
        }
        wanted.stream()
                .filter(each -> !each.met() && !told.contains(each))
                .forEach(each -> LOG.warn("{} wants {}", who, each));
    }

    @Override
    public Duration repairInterval() {
        return repairInterval;
    }

    /**
     * {@inheritDoc} A failed server whose last connection has ended leaves the table here, which is nothing to tell of. Who has
     * to mend a service again and again waits twice as long each time, at most {@value #MAX_PATIENCE} intervals. Sync daemons
     * are looked at too, but only logged, as they are no service's.
     */
    @Override
    public synchronized List<Repair> repair() {
        return kernel().drift().repair(pools.values(), quiesced::contains);
    }

    @Override
    public synchronized void quiesce(ServiceKey service) {
        quiesced.add(service);
        update(Objects.requireNonNull(pools.get(service), "a service that is there"));
    }

    @Override
    public synchronized void remove(ServiceKey service) {
        Pool pool = Objects.requireNonNull(pools.get(service), "a service that is there");
        writer().remove(KernelSettings.keys(service)); // if that fails, the service is there as before
        fullNat.remove(FullNatRule.of(pool.service()));
        pools.remove(service);
        quiesced.remove(service);
        kernel().drift().forget(service);
    }

    // ---------------------------------------------------------------- looking at it

    /** {@inheritDoc} The kernel brings bytes and connections up to date every two seconds; it does not count refused ones. */
    @Override
    public synchronized ServiceCounters counters(ServiceKey service) {
        return CountersReader.read(kernel().ipvs(), service);
    }

    /**
     * {@inheritDoc} They are all in one list of the kernel, which is read to its end; others that come and go meanwhile may hide one, or
     * have it counted twice. Of a firewall mark's the kernel does not say whose
     * they are: listed are those that go to its servers, and to addresses that no other service has. Data connections of FTP
     * are left out.
     */
    @Override
    public ConnectionEntries connections(ServiceKey service, int most) {
        return ServiceConnections.list(ipvsOf(service), service, most); // not synchronized: it may take its time
    }

    private synchronized Ipvs ipvsOf(ServiceKey service) {
        Kernel open = kernel;
        if (open == null) {
            throw new IllegalStateException("connections: closed (expected: running)");
        }
        if (!pools.containsKey(service)) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + pools.keySet() + ")");
        }
        return open.ipvs();
    }

    @Override
    public synchronized void close() {
        Kernel open = kernel;
        if (open == null) {
            return;
        }
        kernel = null;
        try (open) {
            stopDaemons(open.daemons());
            open.writer()
                    .remove(pools.keySet().stream()
                            .flatMap(service -> KernelSettings.keys(service).stream())
                            .toList());
            pools.values().forEach(pool -> fullNat.remove(FullNatRule.of(pool.service())));
        } finally {
            pools.clear();
        }
    }

    private static void stopDaemons(SyncDaemons daemons) {
        try {
            daemons.stop();
        } catch (LvsException e) {
            LOG.warn("A sync daemon may be left: {}", e.getMessage());
        }
    }

    /** Collects the backend's settings. Not thread-safe. */
    public static final class Builder {
        private Optional<String> namespace = Optional.empty();
        private Supplier<Ipvs> table = Ipvs::open;
        private boolean preparesHost;
        private boolean ownsTable;
        private Duration repairInterval = Duration.ofSeconds(5);
        private final Map<String, String> settings = new HashMap<>();
        private final Map<SyncDaemon.Role, SyncDaemon> daemons = new EnumMap<>(SyncDaemon.Role.class);

        private Builder() {}

        /**
         * Sets how often the kernel's table is compared with what it should be. Default 5 s.
         *
         * @param interval 100 ms..1 h; zero = never
         * @return this
         */
        public Builder repairInterval(Duration interval) {
            if (!interval.isZero()
                    && (interval.compareTo(Duration.ofMillis(100)) < 0
                            || interval.compareTo(Duration.ofHours(1)) > 0)) {
                throw new IllegalArgumentException(
                        "repairInterval: " + interval + " (expected: PT0.1S..PT1H, or PT0S for never)");
            }
            repairInterval = interval;
            return this;
        }

        /**
         * Removes services of the kernel's table that the director does not know, and announces it as a repair. A service goes
         * when two looks in a row have found it, so a director that has just started has more than one {@link #repairInterval}
         * to describe what an earlier run has left, and take it over with its connections. What cannot be described in Java (see
         * {@link Ipvs#services}) stays. Not for a table that others write to: two owners would remove each other's services.
         * Default: false, such services are left alone.
         *
         * @param owns whether to remove them
         * @return this
         */
        public Builder ownTable(boolean owns) {
            ownsTable = owns;
            return this;
        }

        /**
         * Runs a sync daemon from start to close; at most one of each role. If one of this role runs already, as after a crash,
         * it goes on if it has these settings, and is replaced if it has others. One that somebody else stops is started again
         * at the next {@link #repairInterval}. Default: none, and those that run are left alone.
         *
         * @param daemon its settings
         * @return this
         * @see IpvsBackend#syncDaemons
         */
        public Builder syncDaemon(SyncDaemon daemon) {
            SyncDaemon other = daemons.putIfAbsent(daemon.role(), daemon);
            if (other != null) {
                throw new IllegalArgumentException(
                        "syncDaemon: " + daemon + " (expected: one of each role, there is " + other + ")");
            }
            return this;
        }

        /**
         * Uses the kernel's table of another network namespace. Wants CAP_SYS_ADMIN.
         *
         * @param file a file that stands for it, such as {@code /run/netns/blue}
         * @return this
         */
        public Builder networkNamespace(String file) {
            namespace = Optional.of(file);
            table = () -> Ipvs.open(file);
            return this;
        }

        /** Sets how the table is opened; last, as {@link #networkNamespace} sets it too. */
        Builder table(Supplier<Ipvs> opens) {
            table = opens;
            return this;
        }

        /**
         * Sets what services want of the host, see {@link IpvsBackend#prerequisites}: settings of the kernel, and the module
         * ip_vs_ftp for FTP with NAT, loaded by {@code modprobe}. It is not taken back. Default: it is logged.
         *
         * @param prepares whether to set it
         * @return this
         */
        public Builder prepareHost(boolean prepares) {
            preparesHost = prepares;
            return this;
        }

        /**
         * Wants a setting of the kernel: it appears among the {@linkplain IpvsBackend#prerequisites prerequisites}, in place of
         * what services want of it, and {@link #prepareHost} sets it. By themselves services want only what their description
         * breaks without; {@code net.ipv4.vs.conn_reuse_mode}, {@code sloppy_tcp} (for a backup that is to go on with connections
         * that it has not heard of), {@code backup_only}, {@code sync_threshold} and the like are the operator's. Meanings: the
         * kernel's ipvs-sysctl.rst.
         *
         * @param name {@code net.ipv4.vs.*}, {@code net.ipv4.ip_forward} or {@code net.ipv6.conf.all.forwarding}
         * @param value a number, or two with a blank between
         * @return this
         */
        public Builder hostSetting(String name, String value) {
            Prerequisites.requireSetting(name, value);
            settings.put(name, value);
            return this;
        }

        /** {@return the backend, to be given to one director} */
        public IpvsBackend build() {
            if (ownsTable && repairInterval.isZero()) {
                throw new IllegalArgumentException(
                        "ownTable: true with repairInterval: PT0S (expected: an interval, in which it is looked at)");
            }
            return new IpvsBackend(this);
        }
    }
}
