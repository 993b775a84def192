package io.lvs4j;

import io.lvs4j.spi.Backend;
import io.lvs4j.spi.BackendProvider;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.HealthMonitorProvider;
import io.lvs4j.spi.NameResolver;
import io.lvs4j.spi.NameResolverProvider;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
 * for it, so do not call them on an event loop that the backend uses. Health verdicts, drains and what time brings are worked off
 * on the daemon thread {@code lvs-director}, listeners and futures on {@code lvs-events}.
 */
public final class Director implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Director.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration MAX_DEADLINE = Duration.ofDays(31);

    /** Guards everything below; held while the backend changes, so that its calls come one at a time. */
    private final ReentrantLock lock = new ReentrantLock();

    private final ServiceTable table;
    private final Drains drains;
    private final NameLookups names;
    private final EventDispatcher events = new EventDispatcher();
    private final Backend backend;
    private final Ticker ticker;
    private final Timers timers;
    private final @Nullable SystemTimers ownTimers;
    private @Nullable Closing closing;
    private boolean closed;

    private Director(Builder builder) {
        backend = builder.backend == null ? defaultBackend() : builder.backend;
        ticker = builder.ticker;
        ownTimers = builder.timers == null ? new SystemTimers() : null;
        timers = builder.timers == null ? Objects.requireNonNull(ownTimers) : builder.timers;
        table = new ServiceTable(
                backend,
                events,
                ticker,
                task -> later(Duration.ZERO, task),
                new PoolChanges(backend, events, this::later),
                builder.monitors(ticker, timers));
        drains = new Drains(table, ticker, this::later);
        names = new NameLookups(table, drains, events, this::later, builder.resolver, Builder::foundResolver);
        builder.listeners.forEach(events::add);
        try {
            backend.start(ticker);
        } catch (RuntimeException e) {
            closeOwned();
            throw e;
        }
        every(backend.repairInterval(), table::repair);
        every(backend.rateInterval(), table::sampleRates);
    }

    /** Does something again and again, unless the interval is zero. */
    private void every(Duration interval, Runnable task) {
        if (!interval.isZero()) {
            later(interval, () -> {
                try {
                    task.run();
                } finally {
                    every(interval, task); // whatever has been thrown: the next time may do better
                }
            });
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
            table.requireNew(service);
            names.requirePossible(service);
            table.requirePossible(service);
            table.begin(service);
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
            ServiceRuntime runtime = table.runtime(service.key());
            VirtualService next = completed(service);
            table.requirePossible(next);
            return table.change(runtime, next);
        });
    }

    /**
     * Ends a service and resets its connections.
     *
     * @param service its key
     * @throws IllegalArgumentException if there is no such service
     * @throws BackendException if the backend cannot; the service is still there and can be removed again
     */
    public void remove(ServiceKey service) {
        changing(() -> {
            table.end(table.runtime(service));
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
            List<VirtualService> wanted = desired.stream().map(this::completed).toList();
            table.requireTable(wanted);
            return Plan.between(table.descriptions(), wanted);
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
     * @throws ApplyException if the backend failed to add, change or remove some of them; the others are as desired
     */
    public Plan apply(Collection<VirtualService> desired) {
        List<VirtualService> described = List.copyOf(desired);
        return changing(() -> {
            List<VirtualService> wanted =
                    described.stream().map(this::completed).toList();
            table.requireTable(wanted);
            Plan plan = Plan.between(table.descriptions(), wanted);
            Map<ServiceKey, BackendException> failures = table.apply(plan, wanted);
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
        return reading(() -> new ServiceHandle(this, table.runtime(service).key()));
    }

    /** {@return the handles of all services, in the order in which they were added} */
    public List<ServiceHandle> services() {
        return reading(() ->
                table.keys().stream().map(key -> new ServiceHandle(this, key)).toList());
    }

    /** {@return the backend's name} */
    public String backendName() {
        return backend.name();
    }

    /** {@return all services with their servers, states and counters} */
    public DirectorSnapshot snapshot() {
        return reading(table::snapshot);
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
        return reading(() -> table.runtime(service).service());
    }

    ServiceSnapshot snapshot(ServiceKey service) {
        return reading(() -> table.snapshot(table.runtime(service)));
    }

    Optional<PersistenceTemplates> persistence(ServiceKey service) {
        return reading(() -> backend.persistence(table.runtime(service).key()));
    }

    /** Not under the lock: a large table takes its time, and neither verdicts nor changes wait for it. */
    ConnectionEntries connections(ServiceKey service, int most) {
        ConnectionEntries.requireMost(most);
        ServiceKey known = reading(() -> table.runtime(service).key());
        return backend.connections(known, most);
    }

    /** Changes a service from its current description; {@code edit} runs under the lock. */
    Plan edit(ServiceKey service, UnaryOperator<VirtualService> edit) {
        return changing(() -> {
            ServiceRuntime runtime = table.runtime(service);
            VirtualService next = edit.apply(runtime.service());
            table.requirePossible(next);
            return table.change(runtime, next);
        });
    }

    void requireServer(ServiceKey service, ServerKey server) {
        reading(() -> {
            table.runtime(service).requireServer(server);
            return null;
        });
    }

    void weight(ServiceKey service, ServerKey server, int weight) {
        RealServer.checkWeight(weight);
        changing(() -> {
            ServiceRuntime runtime = table.runtime(service);
            runtime.requireServer(server);
            drains.cancel(runtime, server, weight);
            table.endSlowStart(runtime, server);
            return null;
        });
    }

    void maintenance(ServiceKey service, ServerKey server, boolean on) {
        changing(() -> {
            ServiceRuntime runtime = table.runtime(service);
            if (runtime.policy().inMaintenance(server) != on) {
                table.changePolicy(
                        runtime,
                        policy -> policy.maintenance(server, on),
                        on
                                ? new DirectorEvent.MaintenanceStarted(
                                        Instant.now(), service, server, DirectorEvent.Initiator.OPERATOR)
                                : new DirectorEvent.MaintenanceEnded(
                                        Instant.now(), service, server, DirectorEvent.Initiator.OPERATOR));
            }
            return null;
        });
    }

    CompletableFuture<DrainReport> drain(ServiceKey service, ServerKey server, Duration deadline) {
        requireDeadline("drain deadline", deadline);
        return changing(() -> {
            ServiceRuntime runtime = table.runtime(service);
            runtime.requireServer(server);
            return drains.drain(runtime, server, deadline);
        });
    }

    private static void requireDeadline(String name, Duration deadline) {
        if (deadline.isNegative() || deadline.compareTo(MAX_DEADLINE) > 0) {
            throw new IllegalArgumentException(name + ": " + deadline + " (expected: PT0S..PT744H)");
        }
    }

    // ---------------------------------------------------------------- the lock

    /** Carries out a change. */
    private <T extends @Nullable Object> T changing(Supplier<T> action) {
        return reading(() -> {
            if (closing != null) {
                throw new IllegalStateException("director: closing (expected: open)");
            }
            try {
                return action.get();
            } finally {
                names.follow();
            }
        });
    }

    /** Adds what the names of a description are known to stand for; refuses names that nobody can look up. */
    private VirtualService completed(VirtualService service) {
        names.requirePossible(service);
        return names.completed(service);
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

    /** Runs a task later, under the lock, unless the director is closed by then. */
    private Timers.Cancellable later(Duration delay, Runnable task) {
        return timers.schedule(delay, () -> {
            lock.lock();
            try {
                if (!closed) {
                    task.run();
                }
            } finally {
                lock.unlock();
            }
        });
    }

    // ---------------------------------------------------------------- closing

    /**
     * Stops taking new connections, waits for those that are open, then closes.
     *
     * @param deadline how long to wait before the rest is reset, 0..31 d
     * @return completes when everything is closed, with the number of connections that were reset, or with what the backend
     *     failed at
     */
    public CompletableFuture<CloseReport> closeGracefully(Duration deadline) {
        requireDeadline("close deadline", deadline);
        lock.lock();
        try {
            if (closing == null) {
                long now = ticker.nanos();
                closing = new Closing(new CompletableFuture<>(), now, now + deadline.toNanos());
                if (closed) {
                    closing.future.complete(new CloseReport(0, Duration.ZERO));
                } else {
                    table.keys().forEach(backend::quiesce);
                    lookWhetherIdle(closing, Duration.ZERO);
                }
            }
            return closing.future;
        } finally {
            lock.unlock();
        }
    }

    /** A graceful close under way. */
    private record Closing(CompletableFuture<CloseReport> future, long startedNanos, long deadlineNanos) {
        void complete(int remaining, @Nullable BackendException failure, long nowNanos) {
            if (failure == null) {
                future.complete(new CloseReport(remaining, Duration.ofNanos(nowNanos - startedNanos)));
            } else {
                future.completeExceptionally(failure);
            }
        }
    }

    private void lookWhetherIdle(Closing current, Duration delay) {
        timers.schedule(delay, () -> {
            long left = current.deadlineNanos - ticker.nanos();
            Duration next = left > 0 ? nextLook() : Duration.ZERO;
            if (next.isZero()) {
                close();
            } else {
                lookWhetherIdle(current, Duration.ofNanos(Math.min(left, next.toNanos())));
            }
        });
    }

    /** Returns when to look again whether connections are left; zero = there are none. */
    private Duration nextLook() {
        lock.lock();
        try {
            return closed || table.openConnections() == 0 ? Duration.ZERO : LOOK;
        } catch (BackendException e) {
            log.warn("Could not look whether connections are left, trying again: {}", e.getMessage());
            return RETRY;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all services, resets their connections and frees every thread, descriptor and buffer, the backend's included.
     * Idempotent. Events that wait are still delivered.
     *
     * @throws BackendException if the backend fails to end or to count what is left; everything else is freed all the same
     */
    @Override
    public void close() {
        Closing graceful;
        int remaining = 0;
        @Nullable BackendException failure = null;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            graceful = closing;
            try {
                remaining = graceful == null ? 0 : table.openConnections();
            } catch (BackendException e) {
                failure = e;
            }
            names.close();
            table.close();
        } finally {
            lock.unlock();
        }
        try {
            closeOwned();
        } catch (BackendException e) {
            failure = e;
        }
        if (graceful != null) {
            graceful.complete(remaining, failure, ticker.nanos());
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeOwned() {
        try {
            backend.close();
        } finally {
            if (ownTimers != null) {
                ownTimers.close();
            }
            events.close();
        }
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
        private @Nullable NameResolver resolver;
        private final List<DirectorListener> listeners = new ArrayList<>();

        private Builder() {}

        private Supplier<Optional<HealthMonitor>> monitors(Ticker ticker, Timers timers) {
            return monitorFactory != null
                    ? monitorFactory
                    : () -> ServiceLoader.load(HealthMonitorProvider.class)
                            .findFirst()
                            .map(provider -> provider.create(ticker, timers));
        }

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

        private static Optional<NameResolver> foundResolver() {
            return ServiceLoader.load(NameResolverProvider.class).findFirst().map(NameResolverProvider::create);
        }

        /**
         * Sets who looks names of real servers up. Default: the one that {@link ServiceLoader} finds, such as module
         * {@code lvs-health}'s, which asks the name servers of this host.
         *
         * @param resolver a resolver; the director closes it
         * @return this
         */
        public Builder nameResolver(NameResolver resolver) {
            this.resolver = Objects.requireNonNull(resolver, "nameResolver");
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
