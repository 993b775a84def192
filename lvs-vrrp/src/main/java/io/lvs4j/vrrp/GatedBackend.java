package io.lvs4j.vrrp;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Capabilities;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A backend in front of another, the carrier, that has services of virtual routers' addresses only while those routers are master.
 *
 * <p>A service that listens on an address of routers is floating: it is carried while all of these are master. All others (firewall marks,
 * other addresses, wildcards) are passed on as if nothing were between. The director does not see the difference: it describes, checks
 * and changes a service that is away as any other. So at take-over the carrier gets what the director knows by then.
 *
 * <pre>
 *            all are master                  one leaves                 the drain time has passed
 *    AWAY ------------------> CARRIED ----------------------> LEAVING --------------------------> OVERDUE --> AWAY
 *            add                              quiesce            |  all are master again             ^  remove
 *                                                                +-----------------------------------+
 * </pre>
 *
 * Master again means removed and added at once, and what was open is reset, because a backend has no way back from {@link #quiesce}: an
 * update does not make it listen again, and there is nothing to add to what is still there.
 *
 * <p>An {@code add} or {@code remove} that fails here is told, once for each reason, and tried again every second; no service waits for
 * another. A service that cannot be quiesced is told, and ends when its time is over. What the director itself asks for throws, as
 * everywhere. A service that is away has counters of nothing, no connections and no templates: its drains are over at once. {@code
 * HeadlessBackend.acquire} knows no such service.
 *
 * <p>One lock guards all of this and is held while the carrier changes, which is not called otherwise. Who has the director's lock waits
 * for this one; who has this one never waits for the director: failures are told after it has been let go.
 */
final class GatedBackend implements Backend {
    static final Duration RETRY = Duration.ofSeconds(1);

    private static final ServiceCounters NOTHING = new ServiceCounters(Map.of(), 0, Map.of());

    private final Backend carrier;
    private final Map<InetAddress, Set<String>> routersByAddress = new HashMap<>();
    private final Set<String> routers = new TreeSet<>();
    private final Duration drainTimeout;
    private final Timers timers;
    private final Runnable endTimers;
    private final Consumer<VrrpEvent.Failed> failures;

    private final Object lock = new Object();
    private final Set<String> masters = new HashSet<>();
    private final Map<ServiceKey, Gated> services = new LinkedHashMap<>();
    private final List<VrrpEvent.Failed> untold = new ArrayList<>();
    private boolean closed;

    private enum Phase {
        AWAY("carried"),
        CARRIED("carried"),
        LEAVING("quiesced"),
        OVERDUE("ended");

        /** What has not been done with a service that still is this. */
        final String task;

        Phase(String task) {
            this.task = task;
        }
    }

    /** A service that the director has described. */
    private static final class Gated {
        final VirtualService first;
        Set<String> routers;
        Pool pool;
        Phase phase = Phase.AWAY;
        /** How often it has come to the carrier. */
        int arrivals;
        /** The director has quiesced it. */
        boolean quiesced;

        String told = "";
        Object due = this;
        Timers.Cancellable task = () -> {};

        Gated(Pool pool, Set<String> routers) {
            this.first = pool.service();
            this.pool = pool;
            this.routers = routers;
        }

        ServiceKey key() {
            return first.key();
        }

        void nothingIsDue() {
            due = this;
            task.cancel();
        }
    }

    /**
     * A backend whose timed tasks run on a daemon thread of its own, {@code lvs-gate}, until it is closed.
     *
     * @param carrier who carries the packets, not started; this backend owns it
     * @param routers all that {@link #entered} will be told of; none is master yet
     * @param drainTimeout how long open connections have after a router has left, zero or more
     * @param failures told what fails outside of the director's calls, on the thread that calls {@link #entered}, or on {@code lvs-gate}
     */
    GatedBackend(
            Backend carrier,
            Collection<VirtualRouter> routers,
            Duration drainTimeout,
            Consumer<VrrpEvent.Failed> failures) {
        this(carrier, routers, drainTimeout, failures, new DaemonTimers("lvs-gate"));
    }

    private GatedBackend(
            Backend carrier,
            Collection<VirtualRouter> routers,
            Duration drainTimeout,
            Consumer<VrrpEvent.Failed> failures,
            DaemonTimers own) {
        this(carrier, routers, drainTimeout, failures, own, own::close);
    }

    /** With timers of somebody else's, such as a test's. */
    GatedBackend(
            Backend carrier,
            Collection<VirtualRouter> routers,
            Duration drainTimeout,
            Consumer<VrrpEvent.Failed> failures,
            Timers timers,
            Runnable endTimers) {
        this.carrier = Objects.requireNonNull(carrier, "carrier");
        this.drainTimeout = drainTimeout;
        this.failures = failures;
        this.timers = timers;
        this.endTimers = endTimers;
        if (drainTimeout.isNegative()) {
            throw new IllegalArgumentException("drainTimeout: " + drainTimeout + " (expected: zero or more)");
        }
        know(routers);
    }

    private void know(Collection<VirtualRouter> all) {
        routers.clear();
        routersByAddress.clear();
        for (VirtualRouter router : all) {
            routers.add(router.name());
            Stream.of(router.addresses(), router.excludedAddresses())
                    .flatMap(List::stream)
                    .forEach(each -> routersByAddress
                            .computeIfAbsent(each.address(), address -> new TreeSet<>())
                            .add(router.name()));
        }
    }

    // ---------------------------------------------------------------- what routers do

    /**
     * Has a router be something else from now on. When this returns, the services of a new master are carried, but for those that failed. To
     * be called when a master has its addresses, and in the order in which routers change; also before {@link #start}, and without
     * effect after {@link #close}. Waits for the carrier.
     *
     * @param router its name
     * @param state what it is
     * @throws IllegalArgumentException if there is no such router
     */
    void entered(String router, RouterState state) {
        if (!routers.contains(router)) {
            throw new IllegalArgumentException("router: " + router + " (expected: one of " + routers + ")");
        }
        changing(() -> {
            if (state == RouterState.MASTER) {
                masters.add(router);
            } else {
                masters.remove(router);
            }
            for (Gated service : services.values()) {
                if (service.routers.contains(router)) {
                    settle(service);
                }
            }
        });
    }

    /**
     * Has other routers from now on, or others' addresses. Of those that go, {@link #entered} has been told. A service whose address is not a
     * router's any more is carried; one whose address has become that of a router that is not master leaves.
     *
     * @param all the routers; what was master and is among them still is
     */
    void routers(Collection<VirtualRouter> all) {
        changing(() -> {
            know(all);
            masters.retainAll(routers);
            for (Gated service : services.values()) {
                service.routers = routersOf(service.key());
                settle(service);
            }
        });
    }

    /** Does something, and tells what failed when the lock has been let go. */
    private void changing(Runnable change) {
        List<VrrpEvent.Failed> failed;
        synchronized (lock) {
            change.run();
            failed = List.copyOf(untold);
            untold.clear();
        }
        failed.forEach(failures);
    }

    private boolean isHere(Gated service) {
        return masters.containsAll(service.routers);
    }

    /** Brings a service to where it should be. */
    private void settle(Gated service) {
        try {
            boolean serves = isHere(service) && !service.quiesced;
            if (service.phase == Phase.LEAVING && serves) {
                service.phase = Phase.OVERDUE;
            }
            if (service.phase == Phase.OVERDUE) {
                end(service);
            }
            if (service.phase == Phase.AWAY) {
                service.nothingIsDue();
                if (serves) {
                    begin(service);
                }
                service.told = "";
            } else if (service.phase == Phase.CARRIED && !isHere(service)) {
                leave(service);
            }
        } catch (RuntimeException e) {
            tell(service, e);
            later(service, RETRY, () -> settle(service));
        }
    }

    private void begin(Gated service) {
        carrier.add(service.pool);
        service.phase = Phase.CARRIED;
        service.arrivals++;
    }

    private void end(Gated service) {
        carrier.remove(service.key());
        service.phase = Phase.AWAY;
    }

    private void leave(Gated service) {
        service.phase = Phase.LEAVING;
        later(service, drainTimeout, () -> {
            service.phase = Phase.OVERDUE;
            settle(service);
        });
        if (!service.quiesced) {
            try {
                carrier.quiesce(service.key());
            } catch (RuntimeException e) {
                tell(service, e);
            }
        }
    }

    private void later(Gated service, Duration delay, Runnable then) {
        service.task.cancel();
        Object due = new Object();
        service.due = due;
        service.task = timers.schedule(
                delay,
                () -> changing(() -> {
                    if (service.due == due) { // else it was cancelled while this waited for the lock
                        then.run();
                    }
                }));
    }

    private void tell(Gated service, RuntimeException e) {
        String what = service.key() + " cannot be " + service.phase.task + ": "
                + Objects.requireNonNullElse(e.getMessage(), e.toString());
        if (!what.equals(service.told)) {
            service.told = what;
            untold.add(new VrrpEvent.Failed(
                    Instant.now(), service.routers.stream().findFirst().orElse("no router"), what));
        }
    }

    // ---------------------------------------------------------------- what the director asks for

    @Override
    public String name() {
        return carrier.name();
    }

    @Override
    public Capabilities capabilities() {
        return carrier.capabilities();
    }

    @Override
    public void require(VirtualService service) {
        carrier.require(service);
    }

    @Override
    public void start(Ticker ticker) {
        carrier.start(ticker);
    }

    /** {@inheritDoc} A service that is away is only remembered: an address that is in use is found out when it comes. */
    @Override
    public void add(Pool pool) {
        synchronized (lock) {
            ServiceKey key = pool.service().key();
            if (services.containsKey(key)) {
                throw new IllegalArgumentException("service: " + key + " (expected: each service once)");
            }
            Gated service = new Gated(pool, routersOf(key));
            if (isHere(service)) {
                begin(service);
            }
            services.put(key, service);
        }
    }

    private Set<String> routersOf(ServiceKey key) {
        Set<String> found = new TreeSet<>();
        if (key instanceof ServiceKey.Listening listening) {
            listening
                    .addresses()
                    .forEach(each -> found.addAll(routersByAddress.getOrDefault(each.address(), Set.of())));
        }
        return found;
    }

    @Override
    public void update(Pool pool) {
        synchronized (lock) {
            Gated service = service(pool.service().key());
            if (service.phase != Phase.AWAY) {
                carrier.update(pool);
            }
            service.pool = pool;
        }
    }

    /** {@inheritDoc} One that is away does not come any more. */
    @Override
    public void quiesce(ServiceKey key) {
        synchronized (lock) {
            Gated service = service(key);
            service.quiesced = true;
            if (service.phase == Phase.CARRIED) {
                carrier.quiesce(key);
            }
        }
    }

    @Override
    public void remove(ServiceKey key) {
        synchronized (lock) {
            Gated service = service(key);
            if (service.phase != Phase.AWAY) {
                end(service);
            }
            service.nothingIsDue();
            services.remove(key);
        }
    }

    private Gated service(ServiceKey key) {
        if (closed) {
            throw new IllegalStateException(name() + " backend: closed (expected: running)");
        }
        Gated service = services.get(key);
        if (service == null) {
            throw new IllegalArgumentException("service: " + key + " (expected: one of " + services.keySet() + ")");
        }
        return service;
    }

    /**
     * {@return the description with which a service that is there was added, whatever it is now}
     *
     * @param key the service
     */
    Optional<VirtualService> added(ServiceKey key) {
        synchronized (lock) {
            return Optional.ofNullable(services.get(key)).map(service -> service.first);
        }
    }

    // ---------------------------------------------------------------- looking

    @Override
    public ServiceCounters counters(ServiceKey key) {
        synchronized (lock) {
            return service(key).phase == Phase.AWAY ? NOTHING : carrier.counters(key);
        }
    }

    /** {@inheritDoc} That is, until it leaves: when it comes again it has others. */
    @Override
    public Optional<PersistenceTemplates> persistence(ServiceKey key) {
        synchronized (lock) {
            return service(key).phase == Phase.AWAY ? Optional.empty() : carrier.persistence(key);
        }
    }

    @Override
    public ConnectionEntries connections(ServiceKey key, int most) {
        Gated service;
        int arrivals;
        synchronized (lock) {
            service = service(key);
            arrivals = service.arrivals;
            if (service.phase == Phase.AWAY) {
                return ConnectionEntries.none();
            }
        }
        try {
            return carrier.connections(key, most); // without the lock: it may take its time
        } catch (IllegalArgumentException e) {
            if (hasLeft(service, arrivals)) {
                return ConnectionEntries.none();
            }
            throw e;
        }
    }

    private boolean hasLeft(Gated service, int arrivals) {
        synchronized (lock) {
            return services.get(service.key()) == service
                    && (service.phase == Phase.AWAY || service.arrivals != arrivals);
        }
    }

    @Override
    public Duration repairInterval() {
        return carrier.repairInterval();
    }

    @Override
    public Duration rateInterval() {
        return carrier.rateInterval();
    }

    /** {@inheritDoc} What is away is not the carrier's: where it owns all that there is, it sees to it that it stays away. */
    @Override
    public List<Repair> repair() {
        synchronized (lock) {
            return carrier.repair();
        }
    }

    /** {@inheritDoc} The carrier ends, too. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            services.values().forEach(Gated::nothingIsDue);
            services.clear(); // so nothing is left that a router could have carried
        }
        try {
            carrier.close();
        } finally {
            endTimers.run();
        }
    }
}
