package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Repair;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that a director serves: refuses what cannot be, and keeps policy, backend, checks and events in step when
 * something changes. Everything here runs under the director's lock.
 */
final class ServiceTable {
    private static final Logger log = LoggerFactory.getLogger(ServiceTable.class);

    private final Map<ServiceKey, ServiceRuntime> services = new LinkedHashMap<>();
    private final Backend backend;
    private final EventDispatcher events;
    private final Ticker ticker;
    private final WaitingVerdicts verdicts;
    private final PoolChanges changes;
    private final Supplier<Optional<HealthMonitor>> monitorFactory;
    private @Nullable HealthMonitor monitor;

    /**
     * Makes an empty table.
     *
     * @param later runs a task soon, under the director's lock, unless the director is closed by then
     */
    ServiceTable(
            Backend backend,
            EventDispatcher events,
            Ticker ticker,
            Consumer<Runnable> later,
            PoolChanges changes,
            Supplier<Optional<HealthMonitor>> monitorFactory) {
        this.backend = backend;
        this.events = events;
        this.ticker = ticker;
        this.verdicts = new WaitingVerdicts(later, changes::verdicts);
        this.changes = changes;
        this.monitorFactory = monitorFactory;
    }

    // ---------------------------------------------------------------- looking

    ServiceRuntime runtime(ServiceKey service) {
        ServiceRuntime runtime = services.get(service);
        if (runtime == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + services.keySet() + ")");
        }
        return runtime;
    }

    List<ServiceKey> keys() {
        return List.copyOf(services.keySet());
    }

    List<VirtualService> descriptions() {
        return services.values().stream().map(ServiceRuntime::service).toList();
    }

    ServerCounters counters(ServiceRuntime runtime, ServerKey server) {
        return backend.counters(runtime.key()).of(server);
    }

    int openConnections() {
        return services.keySet().stream()
                .flatMap(service -> backend.counters(service).servers().values().stream())
                .mapToInt(ServerCounters::open)
                .sum();
    }

    DirectorSnapshot snapshot() {
        return new DirectorSnapshot(
                backend.name(), services.values().stream().map(this::snapshot).toList());
    }

    ServiceSnapshot snapshot(ServiceRuntime runtime) {
        ServiceCounters counters = backend.counters(runtime.key());
        Optional<RateEstimator> rates =
                backend.rateInterval().isZero() ? Optional.empty() : Optional.of(runtime.rates());
        List<ServerSnapshot> servers = new ArrayList<>();
        Optional<ServerSnapshot> sorry = Optional.empty();
        for (Pool.Member member : runtime.carried().members()) {
            RealServer server = member.server();
            boolean real = runtime.policy().find(server.key()) != null;
            ServerSnapshot snapshot = new ServerSnapshot(
                    server,
                    real ? runtime.policy().state(server.key()) : sorryState(runtime),
                    member.serving() && member.weight() > 0,
                    member.weight(),
                    counters.of(server.key()),
                    rates.map(estimator -> estimator.of(server.key())),
                    real ? runtime.latestChecks(server) : Map.of());
            if (real) {
                servers.add(snapshot);
            } else {
                sorry = Optional.of(snapshot);
            }
        }
        return new ServiceSnapshot(
                runtime.service(),
                servers,
                runtime.policy().quorum(),
                runtime.policy().panic(),
                sorry,
                counters.connections(),
                counters.refusals(),
                rates.map(RateEstimator::service));
    }

    private static ServerState sorryState(ServiceRuntime runtime) {
        return runtime.policy().sorryServes() ? ServerState.UP : ServerState.STANDBY;
    }

    void sampleRates() {
        for (ServiceRuntime runtime : services.values()) {
            runtime.rates().sample(backend.counters(runtime.key()), ticker.nanos());
        }
    }

    // ---------------------------------------------------------------- refusing, before anything changes

    void requireTable(Collection<VirtualService> desired) {
        List<ServiceKey> seen = new ArrayList<>();
        for (VirtualService service : desired) {
            requireNew(service, seen);
            requirePossible(service);
            seen.add(service.key());
        }
    }

    void requireNew(VirtualService service) {
        requireNew(service, services.keySet());
    }

    private static void requireNew(VirtualService service, Collection<ServiceKey> others) {
        for (ServiceKey other : others) {
            if (other.equals(service.key())) {
                throw new IllegalArgumentException("service: " + service.key() + " (expected: each service once)");
            }
            if (overlap(other, service.key())) {
                throw new IllegalArgumentException("listen: " + service.key()
                        + " (expected: addresses that no other service listens on, overlaps " + other + ")");
            }
        }
    }

    private static boolean overlap(ServiceKey a, ServiceKey b) {
        return a instanceof ServiceKey.Listening one
                && b instanceof ServiceKey.Listening two
                && one.protocol() == two.protocol()
                && one.addresses().stream()
                        .anyMatch(x -> two.addresses().stream().anyMatch(x::overlaps));
    }

    void requirePossible(VirtualService service) {
        backend.require(service);
        ServiceRuntime runtime = services.get(service.key());
        for (RealServer server : service.realServers()) {
            for (HealthCheck check : service.checksOf(server)) {
                if (runtime == null || !runtime.watching(server.key(), check)) {
                    requireMonitor(service).require(server.key(), check);
                }
            }
        }
    }

    private HealthMonitor requireMonitor(VirtualService service) {
        HealthMonitor current = monitor;
        if (current == null) {
            current = monitorFactory
                    .get()
                    .orElseThrow(() -> new BackendException(
                            "check",
                            service.key().toString(),
                            "no health monitor found; add io.lvs4j:lvs-health to the class path or module path",
                            null));
            monitor = current;
        }
        return current;
    }

    // ---------------------------------------------------------------- changing

    void begin(VirtualService service) {
        ServiceRuntime runtime = new ServiceRuntime(new PoolPolicy(service, ticker), ticker.nanos());
        backend.add(runtime.policy().pool());
        services.put(service.key(), runtime);
        warn(service, List.of());
        publishAdded(runtime);
        changes.begin(runtime);
        try {
            runtime.reconcileWatches(key -> startWatch(runtime, key));
        } catch (RuntimeException e) {
            end(runtime);
            throw e;
        }
    }

    private static void warn(VirtualService service, List<String> known) {
        for (String warning : service.warnings()) {
            if (!known.contains(warning)) {
                log.warn("{}: {}", service.key(), warning);
            }
        }
    }

    private void publishAdded(ServiceRuntime runtime) {
        events.publish(new DirectorEvent.ServiceAdded(Instant.now(), runtime.key()));
        for (RealServer server : runtime.service().realServers()) {
            events.publish(new DirectorEvent.ServerAdded(Instant.now(), runtime.key(), server.key(), server.weight()));
        }
    }

    /** Carries out a plan service by service; returns why, for each service on which the backend failed. */
    Map<ServiceKey, BackendException> apply(Plan plan, List<VirtualService> wanted) {
        Map<ServiceKey, BackendException> failures = new LinkedHashMap<>();
        for (Plan.Change change : plan.changes()) {
            if (change instanceof Plan.RemoveService gone) {
                try {
                    end(runtime(gone.service()));
                } catch (BackendException e) {
                    failures.put(gone.service(), e);
                }
            }
        }
        List<ServiceKey> stuck = List.copyOf(failures.keySet());
        for (VirtualService service : wanted) {
            try {
                ServiceRuntime runtime = services.get(service.key());
                if (runtime == null) {
                    requireFree(service, stuck);
                    begin(service);
                } else {
                    change(runtime, service);
                }
            } catch (BackendException e) {
                failures.put(service.key(), e);
            }
        }
        return failures;
    }

    /** Some backends would let two services share an address; the end of one would then be the end of both. */
    private static void requireFree(VirtualService service, List<ServiceKey> stuck) {
        for (ServiceKey other : stuck) {
            if (overlap(other, service.key())) {
                throw new BackendException(
                        "add",
                        service.key().toString(),
                        other + " still has an address of it, for it could not be removed",
                        null);
            }
        }
    }

    Plan change(ServiceRuntime runtime, VirtualService next) {
        Plan plan = Plan.between(runtime.service(), next);
        if (plan.isEmpty()) {
            return plan;
        }
        Map<Drain, Integer> ending = endingDrains(runtime, next);
        PoolPolicy policy = runtime.policy().reconfigured(next);
        List<String> warnings = runtime.service().warnings();
        changes.change(runtime, policy, () -> {
            ending.forEach((drain, remaining) -> endDrain(runtime, drain, remaining));
            warn(next, warnings);
            runtime.reconcileWatches(key -> startWatch(runtime, key));
            plan.changes().forEach(this::publish);
        });
        return plan;
    }

    /** Returns the drains of servers that are no longer described, with the connections that those servers have. */
    private Map<Drain, Integer> endingDrains(ServiceRuntime runtime, VirtualService next) {
        Map<Drain, Integer> ending = new LinkedHashMap<>();
        for (Drain drain : runtime.drains()) {
            if (next.realServer(drain.server()).isEmpty()) {
                ending.put(drain, counters(runtime, drain.server()).open());
            }
        }
        return ending;
    }

    private void publish(Plan.Change change) {
        Instant now = Instant.now();
        ServiceKey service = change.service();
        if (change instanceof Plan.UpdateService updated) {
            events.publish(new DirectorEvent.ServiceUpdated(now, service, updated.after()));
        } else if (change instanceof Plan.AddServer added) {
            RealServer server = added.server();
            events.publish(new DirectorEvent.ServerAdded(now, service, server.key(), server.weight()));
        } else if (change instanceof Plan.RemoveServer removed) {
            events.publish(new DirectorEvent.ServerRemoved(now, service, removed.server()));
        } else if (change instanceof Plan.UpdateServer updated
                && updated.before().weight() != updated.after().weight()) {
            RealServer after = updated.after();
            events.publish(new DirectorEvent.WeightChanged(
                    now,
                    service,
                    after.key(),
                    updated.before().weight(),
                    after.weight(),
                    DirectorEvent.Initiator.OPERATOR));
        }
    }

    void end(ServiceRuntime runtime) {
        Map<Drain, Integer> ending = endingDrains(runtime, runtime.service().withRealServers(List.of()));
        backend.remove(runtime.key());
        services.remove(runtime.key());
        runtime.closeWatches();
        ending.forEach((drain, remaining) -> endDrain(runtime, drain, remaining));
        changes.end(runtime);
        events.publish(new DirectorEvent.ServiceRemoved(Instant.now(), runtime.key()));
    }

    private HealthMonitor.Watch startWatch(ServiceRuntime runtime, ServiceRuntime.WatchKey key) {
        return requireMonitor(runtime.service())
                .watch(
                        key.server(),
                        key.check(),
                        key.greeting(),
                        (up, cause) -> verdicts.add(new WaitingVerdicts.Verdict(runtime, key, up, cause)));
    }

    /** Has the backend mend what somebody else has changed. */
    void repair() {
        try {
            for (Repair repair : backend.repair()) {
                log.warn("Somebody else had changed {}; mended: {}", repair.service(), repair.changes());
                events.publish(new DirectorEvent.DriftRepaired(Instant.now(), repair.service(), repair.changes()));
            }
        } catch (RuntimeException e) {
            log.warn("Could not look whether the {} backend is as it should be", backend.name(), e);
        }
    }

    /** Carries a change of policy out and tells of it; if the backend cannot, policy is as before. */
    void changePolicy(ServiceRuntime runtime, Consumer<PoolPolicy> change, DirectorEvent... told) {
        PoolPolicy next = runtime.policy().copy();
        change.accept(next);
        changes.change(runtime, next, () -> List.of(told).forEach(events::publish));
    }

    /** Gives a server all of its weight now, if it is in a slow start. */
    void endSlowStart(ServiceRuntime runtime, ServerKey server) {
        changePolicy(runtime, policy -> policy.endSlowStart(server));
    }

    void endDrain(ServiceRuntime runtime, Drain drain, int remaining) {
        runtime.removeDrain(drain);
        drain.end(runtime.key(), remaining, ticker.nanos(), events);
    }

    /** Ends all services and the checks. What cannot be removed is left to the backend's own end. */
    void close() {
        for (ServiceRuntime runtime : List.copyOf(services.values())) {
            try {
                end(runtime);
            } catch (RuntimeException e) {
                log.warn("{} could not be removed before the backend is closed", runtime.key(), e);
                services.remove(runtime.key());
                runtime.closeWatches();
            }
        }
        if (monitor != null) {
            monitor.close();
        }
    }
}
