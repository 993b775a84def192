package io.lvs4j;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.HealthMonitorProvider;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs virtual services on a backend, keeps them healthy, and changes them while connections flow.
 *
 * <pre>{@code
 * try (Director director = Director.builder().backend(NettyBackend.create()).build()) {
 *     ServiceHandle web = director.add(VirtualService.builder()
 *             .listen("127.0.0.1", 8080)
 *             .scheduler("rr")
 *             .realServer("127.0.0.1", 9001)
 *             .realServer("127.0.0.1", 9002)
 *             .build());
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe: calls are carried out one at a time and return when the backend has taken the change over. They may wait
 * for it, so do not call them on an event loop that the backend uses. Health verdicts and drains are worked off on the daemon
 * thread {@code lvs-director}, listeners and futures on {@code lvs-events}.
 */
public final class Director implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Director.class);
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);
    private static final Duration DRAIN_RETRY = Duration.ofSeconds(1);
    private static final Duration MAX_DRAIN = Duration.ofDays(31);

    /** Guards everything below; held while the backend changes, so that its calls come one at a time. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<ServiceKey, ServiceRuntime> services = new LinkedHashMap<>();
    private final EventDispatcher events = new EventDispatcher();
    private final Backend backend;
    private final Ticker ticker;
    private final Timers timers;
    private final @Nullable SystemTimers ownTimers;
    private final Supplier<Optional<HealthMonitor>> monitorFactory;
    private @Nullable HealthMonitor monitor;
    private @Nullable CompletableFuture<CloseReport> closing;
    private boolean closed;

    private Director(Builder builder) {
        backend = builder.backend == null ? defaultBackend() : builder.backend;
        ticker = builder.ticker;
        ownTimers = builder.timers == null ? new SystemTimers() : null;
        timers = builder.timers == null ? Objects.requireNonNull(ownTimers) : builder.timers;
        monitorFactory = builder.monitorFactory != null
                ? builder.monitorFactory
                : () -> ServiceLoader.load(HealthMonitorProvider.class)
                        .findFirst()
                        .map(p -> p.create(ticker, timers));
        builder.listeners.forEach(events::add);
        try {
            backend.start(ticker);
        } catch (RuntimeException e) {
            closeOwned();
            throw e;
        }
    }

    /** {@return a builder; without further settings it takes the {@code netty} backend} */
    public static Builder builder() {
        return new Builder();
    }

    // ---------------------------------------------------------------- services

    /**
     * Begins to serve.
     *
     * @param service the description
     * @return the handle to it
     * @throws IllegalArgumentException if the service is there already or shares a listen address with another
     * @throws UnsupportedSettingException if the backend cannot honour the description
     * @throws BackendException if the backend fails, for example because a listen address is in use; nothing has changed
     */
    public ServiceHandle add(VirtualService service) {
        Objects.requireNonNull(service, "service");
        return changing(() -> {
            requireNew(service, services.keySet());
            requirePossible(service);
            begin(service);
            return new ServiceHandle(this, service.key());
        });
    }

    /**
     * Changes a service: settings, servers or both. Connections go on, except those of servers that are no longer
     * described: drain such servers first if their connections matter. Servers in maintenance stay there, drains go on.
     *
     * @param service the new description; its key names the service
     * @return what was done; empty if nothing differs
     * @throws IllegalArgumentException if there is no service with this key
     * @throws BackendException if the backend cannot; nothing has changed
     */
    public Plan update(VirtualService service) {
        Objects.requireNonNull(service, "service");
        return changing(() -> {
            ServiceRuntime runtime = runtime(service.key());
            requirePossible(service);
            return change(runtime, service);
        });
    }

    /**
     * Ends a service and resets its connections.
     *
     * @param service its key
     * @throws IllegalArgumentException if there is no such service
     */
    public void remove(ServiceKey service) {
        changing(() -> {
            end(runtime(service));
            return null;
        });
    }

    /**
     * {@return what {@link #apply} would do}
     *
     * @param desired the whole table
     * @throws IllegalArgumentException if two of the services collide
     * @throws UnsupportedSettingException if the backend cannot honour one of them
     */
    public Plan plan(Collection<VirtualService> desired) {
        return reading(() -> {
            requireTable(desired);
            return Plan.between(descriptions(), desired);
        });
    }

    /**
     * Makes the director serve exactly the desired services: others end, equal ones are not touched. Each service is all
     * or nothing, and all are checked before the first one changes.
     *
     * @param desired the whole table
     * @return what was done
     * @throws IllegalArgumentException if two of the services collide; nothing has changed
     * @throws UnsupportedSettingException if the backend cannot honour one of them; nothing has changed
     * @throws ApplyException if the backend failed on some of them; the others are as desired
     */
    public Plan apply(Collection<VirtualService> desired) {
        List<VirtualService> table = List.copyOf(desired);
        return changing(() -> {
            requireTable(table);
            Plan plan = Plan.between(descriptions(), table);
            Map<ServiceKey, BackendException> failures = new LinkedHashMap<>();
            for (Plan.Change change : plan.changes()) {
                if (change instanceof Plan.RemoveService gone) {
                    end(runtime(gone.service()));
                }
            }
            for (VirtualService service : table) {
                try {
                    ServiceRuntime runtime = services.get(service.key());
                    if (runtime == null) {
                        begin(service);
                    } else {
                        change(runtime, service);
                    }
                } catch (BackendException e) {
                    failures.put(service.key(), e);
                }
            }
            if (!failures.isEmpty()) {
                throw new ApplyException(plan, failures);
            }
            return plan;
        });
    }

    /**
     * {@return the handle of a service}
     *
     * @param service its key
     * @throws IllegalArgumentException if there is no such service
     */
    public ServiceHandle service(ServiceKey service) {
        return reading(() -> new ServiceHandle(this, runtime(service).key()));
    }

    /** {@return the handles of all services, in the order in which they were added} */
    public List<ServiceHandle> services() {
        return reading(() -> services.keySet().stream()
                .map(key -> new ServiceHandle(this, key))
                .toList());
    }

    /** {@return the backend's name} */
    public String backendName() {
        return backend.name();
    }

    /** {@return all services with their servers, states and counters} */
    public DirectorSnapshot snapshot() {
        return reading(() -> new DirectorSnapshot(
                backend.name(), services.values().stream().map(this::snapshot).toList()));
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of every event from now on
     */
    public void addListener(DirectorListener listener) {
        events.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener; an event that is under way may still reach it.
     *
     * @param listener one that was added
     */
    public void removeListener(DirectorListener listener) {
        events.remove(listener);
    }

    // ---------------------------------------------------------------- what the handles do

    VirtualService description(ServiceKey service) {
        return reading(() -> runtime(service).service());
    }

    ServiceSnapshot snapshot(ServiceKey service) {
        return reading(() -> snapshot(runtime(service)));
    }

    /** Changes a service from its current description; {@code edit} runs under the lock. */
    Plan edit(ServiceKey service, UnaryOperator<VirtualService> edit) {
        return changing(() -> {
            ServiceRuntime runtime = runtime(service);
            VirtualService next = edit.apply(runtime.service());
            requirePossible(next);
            return change(runtime, next);
        });
    }

    void requireServer(ServiceKey service, ServerKey server) {
        reading(() -> runtime(service).policy().state(server));
    }

    void weight(ServiceKey service, ServerKey server, int weight) {
        RealServer.checkWeight(weight);
        changing(() -> {
            ServiceRuntime runtime = runtime(service);
            runtime.policy().state(server); // throws if unknown
            Drain drain = runtime.drain(server);
            RealServer before = runtime.service().realServer(server).orElseThrow();
            VirtualService next = runtime.service().withRealServer(before.withWeight(weight));
            runtime.policy().draining(server, false);
            undoingOnFailure(() -> runtime.policy().draining(server, drain != null), () -> {
                if (change(runtime, next).isEmpty()) {
                    backend.update(runtime.policy().pool()); // the end of a drain alone changes the weight in force
                }
            });
            if (drain != null) {
                drain.outcome = DrainReport.Outcome.CANCELLED;
                endDrain(runtime, drain, openConnections(runtime, server));
            }
            return null;
        });
    }

    void maintenance(ServiceKey service, ServerKey server, boolean on) {
        changing(() -> {
            ServiceRuntime runtime = runtime(service);
            boolean was = runtime.policy().state(server) == ServerState.MAINTENANCE;
            if (was != on) {
                runtime.policy().maintenance(server, on);
                undoingOnFailure(
                        () -> runtime.policy().maintenance(server, was),
                        () -> backend.update(runtime.policy().pool()));
                events.publish(
                        on
                                ? new DirectorEvent.MaintenanceStarted(Instant.now(), service, server)
                                : new DirectorEvent.MaintenanceEnded(Instant.now(), service, server));
            }
            return null;
        });
    }

    CompletableFuture<DrainReport> drain(ServiceKey service, ServerKey server, Duration deadline) {
        if (deadline.isNegative() || deadline.compareTo(MAX_DRAIN) > 0) {
            throw new IllegalArgumentException("drain deadline: " + deadline + " (expected: PT0S..PT744H)");
        }
        return changing(() -> {
            ServiceRuntime runtime = runtime(service);
            runtime.policy().state(server); // throws if unknown
            long now = ticker.nanos();
            Drain running = runtime.drain(server);
            if (running != null) {
                running.deadlineNanos = now + deadline.toNanos();
                pollDrain(runtime, running, Duration.ZERO);
                return running.future;
            }
            Drain drain = new Drain(server, now, now + deadline.toNanos());
            runtime.policy().draining(server, true);
            undoingOnFailure(
                    () -> runtime.policy().draining(server, false),
                    () -> backend.update(runtime.policy().pool()));
            runtime.drain(server, drain);
            events.publish(new DirectorEvent.DrainStarted(Instant.now(), service, server, deadline));
            pollDrain(runtime, drain, Duration.ZERO);
            return drain.future;
        });
    }

    /** Carries a change of policy out; if the backend cannot, policy is as before. */
    private static void undoingOnFailure(Runnable undo, Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            undo.run();
            throw e;
        }
    }

    private void pollDrain(ServiceRuntime runtime, Drain drain, Duration delay) {
        timers.schedule(delay, () -> {
            lock.lock();
            try {
                if (runtime.drain(drain.server) == drain && !closed) {
                    checkDrain(runtime, drain);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private void checkDrain(ServiceRuntime runtime, Drain drain) {
        ServerCounters counters = backend.counters(runtime.key()).of(drain.server);
        long left = drain.deadlineNanos - ticker.nanos();
        if (counters.open() == 0 && counters.persistent() == 0) {
            finishDrain(runtime, drain, DrainReport.Outcome.DRAINED);
        } else if (left <= 0) {
            finishDrain(runtime, drain, DrainReport.Outcome.DEADLINE);
        } else {
            Duration wait = Duration.ofNanos(Math.min(left, DRAIN_POLL.toNanos()));
            pollDrain(runtime, drain, wait);
        }
    }

    /** Removes the server; that ends the drain. If the backend cannot, the drain goes on and this is tried again. */
    private void finishDrain(ServiceRuntime runtime, Drain drain, DrainReport.Outcome outcome) {
        drain.outcome = outcome;
        try {
            change(runtime, runtime.service().withoutRealServer(drain.server));
        } catch (BackendException e) {
            log.warn("A drained server could not be removed; trying again", e);
            drain.outcome = DrainReport.Outcome.REMOVED;
            pollDrain(runtime, drain, DRAIN_RETRY);
        }
    }

    private void endDrain(ServiceRuntime runtime, Drain drain, int remaining) {
        runtime.removeDrain(drain.server);
        Duration took = Duration.ofNanos(ticker.nanos() - drain.startedNanos);
        DrainReport report = new DrainReport(drain.server, drain.outcome, remaining, took);
        events.publish(new DirectorEvent.DrainEnded(Instant.now(), runtime.key(), report));
        events.execute(() -> drain.future.complete(report));
    }

    // ---------------------------------------------------------------- carrying out, under the lock

    private void begin(VirtualService service) {
        ServiceRuntime runtime = new ServiceRuntime(new PoolPolicy(service));
        backend.add(runtime.policy().pool());
        services.put(service.key(), runtime);
        publishAdded(runtime);
        try {
            runtime.reconcileWatches(key -> startWatch(runtime, key));
        } catch (RuntimeException e) {
            end(runtime);
            throw e;
        }
    }

    private void publishAdded(ServiceRuntime runtime) {
        events.publish(new DirectorEvent.ServiceAdded(Instant.now(), runtime.key()));
        for (RealServer server : runtime.service().realServers()) {
            events.publish(new DirectorEvent.ServerAdded(Instant.now(), runtime.key(), server.key(), server.weight()));
        }
    }

    private Plan change(ServiceRuntime runtime, VirtualService next) {
        Plan plan = Plan.between(runtime.service(), next);
        if (plan.isEmpty()) {
            return plan;
        }
        Map<Drain, Integer> ending = endingDrains(runtime, next);
        PoolPolicy policy = runtime.policy().reconfigured(next);
        backend.update(policy.pool());
        ending.forEach((drain, remaining) -> endDrain(runtime, drain, remaining));
        runtime.policy(policy);
        runtime.reconcileWatches(key -> startWatch(runtime, key));
        plan.changes().forEach(this::publish);
        return plan;
    }

    /** Returns the drains of servers that are no longer described, with the connections that those servers have. */
    private Map<Drain, Integer> endingDrains(ServiceRuntime runtime, VirtualService next) {
        Map<Drain, Integer> ending = new LinkedHashMap<>();
        for (Drain drain : runtime.drains()) {
            if (next.realServer(drain.server).isEmpty()) {
                ending.put(drain, openConnections(runtime, drain.server));
            }
        }
        return ending;
    }

    private int openConnections(ServiceRuntime runtime, ServerKey server) {
        return backend.counters(runtime.key()).of(server).open();
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
                    now, service, after.key(), updated.before().weight(), after.weight()));
        }
    }

    private void end(ServiceRuntime runtime) {
        runtime.closeWatches();
        for (Drain drain : runtime.drains()) {
            endDrain(runtime, drain, openConnections(runtime, drain.server));
        }
        backend.remove(runtime.key());
        services.remove(runtime.key());
        events.publish(new DirectorEvent.ServiceRemoved(Instant.now(), runtime.key()));
    }

    private HealthMonitor.Watch startWatch(ServiceRuntime runtime, ServiceRuntime.WatchKey key) {
        return requireMonitor(runtime.service())
                .watch(
                        key.server(),
                        key.check(),
                        (up, cause) -> timers.schedule(Duration.ZERO, () -> verdict(runtime, key, up, cause)));
    }

    private void verdict(ServiceRuntime runtime, ServiceRuntime.WatchKey key, boolean up, CheckResult cause) {
        lock.lock();
        try {
            if (closed || !runtime.watching(key)) {
                return; // about a server or a check that has gone meanwhile
            }
            PoolPolicy policy = runtime.policy();
            boolean before = policy.healthy(key.server());
            policy.verdict(key.server(), key.check(), up);
            boolean after = policy.healthy(key.server());
            if (before != after) {
                updateAfterVerdict(runtime.policy().pool());
                events.publish(healthEvent(runtime.key(), key, after, cause));
            }
        } finally {
            lock.unlock();
        }
    }

    private void updateAfterVerdict(Pool pool) {
        try {
            backend.update(pool);
        } catch (BackendException e) {
            log.error("A health verdict could not be carried out", e);
        }
    }

    private static DirectorEvent healthEvent(
            ServiceKey service, ServiceRuntime.WatchKey key, boolean up, CheckResult cause) {
        String check = key.check().describe();
        return up
                ? new DirectorEvent.ServerUp(Instant.now(), service, key.server(), check, cause)
                : new DirectorEvent.ServerDown(Instant.now(), service, key.server(), check, cause);
    }

    private ServiceSnapshot snapshot(ServiceRuntime runtime) {
        ServiceCounters counters = backend.counters(runtime.key());
        List<ServerSnapshot> servers = runtime.service().realServers().stream()
                .map(server -> new ServerSnapshot(
                        server,
                        runtime.policy().state(server.key()),
                        runtime.policy().weight(server),
                        counters.of(server.key()),
                        runtime.latestChecks(server)))
                .toList();
        return new ServiceSnapshot(runtime.service(), servers, counters.connections(), counters.refused());
    }

    // ---------------------------------------------------------------- refusals, before anything changes

    private void requireTable(Collection<VirtualService> desired) {
        List<ServiceKey> seen = new ArrayList<>();
        for (VirtualService service : desired) {
            requireNew(service, seen);
            requirePossible(service);
            seen.add(service.key());
        }
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

    private void requirePossible(VirtualService service) {
        backend.capabilities().require(backend.name(), service);
        List<HealthCheck> checks = service.realServers().stream()
                .flatMap(server -> service.checksOf(server).stream())
                .toList();
        if (!checks.isEmpty()) {
            requireMonitor(service);
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

    private ServiceRuntime runtime(ServiceKey service) {
        ServiceRuntime runtime = services.get(service);
        if (runtime == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + services.keySet() + ")");
        }
        return runtime;
    }

    private List<VirtualService> descriptions() {
        return services.values().stream().map(ServiceRuntime::service).toList();
    }

    /** Carries out a change. */
    private <T extends @Nullable Object> T changing(Supplier<T> action) {
        return reading(() -> {
            if (closing != null) {
                throw new IllegalStateException("director: closing (expected: open)");
            }
            return action.get();
        });
    }

    /** Looks at something, which is possible until the director is closed. */
    private <T extends @Nullable Object> T reading(Supplier<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("director: closed (expected: open)");
            }
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    // ---------------------------------------------------------------- closing

    /**
     * Stops taking new connections, waits for those that are open, then closes.
     *
     * @param deadline how long to wait before the rest is reset, 0..31 d
     * @return completes when everything is closed, with the number of connections that were reset
     */
    public CompletableFuture<CloseReport> closeGracefully(Duration deadline) {
        if (deadline.isNegative() || deadline.compareTo(MAX_DRAIN) > 0) {
            throw new IllegalArgumentException("close deadline: " + deadline + " (expected: PT0S..PT744H)");
        }
        lock.lock();
        try {
            if (closing != null) {
                return closing;
            }
            CompletableFuture<CloseReport> future = new CompletableFuture<>();
            closing = future;
            if (closed) {
                future.complete(new CloseReport(0, Duration.ZERO));
                return future;
            }
            services.keySet().forEach(backend::quiesce);
            long started = ticker.nanos();
            pollClose(future, started, started + deadline.toNanos(), Duration.ZERO);
            return future;
        } finally {
            lock.unlock();
        }
    }

    private void pollClose(CompletableFuture<CloseReport> future, long started, long deadlineNanos, Duration delay) {
        timers.schedule(delay, () -> {
            int remaining = openConnections();
            long left = deadlineNanos - ticker.nanos();
            if (remaining > 0 && left > 0) {
                pollClose(future, started, deadlineNanos, Duration.ofNanos(Math.min(left, DRAIN_POLL.toNanos())));
            } else {
                close();
                future.complete(new CloseReport(remaining, Duration.ofNanos(ticker.nanos() - started)));
            }
        });
    }

    private int openConnections() {
        lock.lock();
        try {
            int open = 0;
            if (!closed) {
                for (ServiceKey service : services.keySet()) {
                    for (ServerCounters server :
                            backend.counters(service).servers().values()) {
                        open += server.open();
                    }
                }
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all services, resets their connections and frees every thread, descriptor and buffer, the backend's included.
     * Idempotent. Events that wait are still delivered.
     */
    @Override
    public void close() {
        CompletableFuture<CloseReport> waiting;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            for (ServiceRuntime runtime : List.copyOf(services.values())) {
                end(runtime);
            }
            closed = true;
            waiting = closing;
        } finally {
            lock.unlock();
        }
        closeOwned();
        if (waiting != null) {
            waiting.complete(new CloseReport(0, Duration.ZERO));
        }
    }

    private void closeOwned() {
        if (monitor != null) {
            monitor.close();
        }
        backend.close();
        if (ownTimers != null) {
            ownTimers.close();
        }
        events.close();
    }

    private static Backend defaultBackend() {
        List<String> found = new ArrayList<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            found.add(provider.id());
            if (provider.id().equals(Builder.DEFAULT_BACKEND)) {
                return provider.create();
            }
        }
        throw new IllegalStateException("backend: none (expected: backend(...), or io.lvs4j:lvs-netty on the class path"
                + " or module path; found " + found + ")");
    }

    /** Collects a director's parts. Not thread-safe. */
    public static final class Builder {
        private static final String DEFAULT_BACKEND = "netty";

        private @Nullable Backend backend;
        private Ticker ticker = Ticker.system();
        private @Nullable Timers timers;
        private @Nullable Supplier<Optional<HealthMonitor>> monitorFactory;
        private final List<DirectorListener> listeners = new ArrayList<>();

        private Builder() {}

        /**
         * Sets what carries the packets. Default: a new {@code netty} backend, if module {@code lvs-netty} is there.
         *
         * @param backend a backend that has not been started; the director closes it
         * @return this
         */
        public Builder backend(Backend backend) {
            this.backend = Objects.requireNonNull(backend, "backend");
            return this;
        }

        /**
         * Sets who carries out health checks. Default: the one that {@link ServiceLoader} finds, such as module
         * {@code lvs-health}'s.
         *
         * @param monitor a monitor; the director closes it
         * @return this
         */
        public Builder healthMonitor(HealthMonitor monitor) {
            Objects.requireNonNull(monitor, "healthMonitor");
            this.monitorFactory = () -> Optional.of(monitor);
            return this;
        }

        /**
         * Adds a listener that hears of every event from the start.
         *
         * @param listener the listener
         * @return this
         */
        public Builder listener(DirectorListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets the clock for timeouts and deadlines. Default: the JVM's monotonic clock.
         *
         * @param ticker the clock
         * @return this
         */
        public Builder ticker(Ticker ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /**
         * Sets who runs tasks later. Default: the director's own daemon thread.
         *
         * @param timers the timers; the director does not close them
         * @return this
         */
        public Builder timers(Timers timers) {
            this.timers = Objects.requireNonNull(timers, "timers");
            return this;
        }

        /**
         * {@return a director that is ready to serve}
         *
         * @throws IllegalStateException if no backend is given and none is found
         * @throws BackendException if the backend cannot run here
         */
        public Director build() {
            return new Director(this);
        }
    }
}
