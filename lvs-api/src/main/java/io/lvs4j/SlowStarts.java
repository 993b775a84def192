package io.lvs4j;

import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of slow starts when they are due, and tells of those that have begun and ended. Who starts slowly is for
 * {@link PoolPolicy} to say. Everything here runs under the director's lock.
 */
final class SlowStarts {
    private static final Logger log = LoggerFactory.getLogger(SlowStarts.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Backend backend;
    private final EventDispatcher events;
    private final Ticker ticker;
    private final BiFunction<Duration, Runnable, Timers.Cancellable> timers;

    /**
     * Makes the slow starts of a table.
     *
     * @param timers runs a task later, under the director's lock, unless the director is closed by then
     */
    SlowStarts(
            Backend backend,
            EventDispatcher events,
            Ticker ticker,
            BiFunction<Duration, Runnable, Timers.Cancellable> timers) {
        this.backend = backend;
        this.events = events;
        this.ticker = ticker;
        this.timers = timers;
    }

    /** Follows a policy that has changed: to be called when the backend has its pool. */
    void follow(ServiceRuntime runtime) {
        announce(runtime, runtime.policy().slowStarts());
        long now = ticker.nanos();
        runtime.slowStarts().values().stream()
                .mapToLong(start -> Math.max(0, start.nanosToNextStep(now)))
                .min()
                .ifPresentOrElse(
                        delay -> stepAfter(runtime, Duration.ofNanos(delay)), () -> runtime.nextStep(() -> {}));
    }

    private void announce(ServiceRuntime runtime, Map<ServerKey, SlowStart> current) {
        Map<ServerKey, SlowStart> announced = runtime.slowStarts();
        runtime.slowStarts(current);
        announced.keySet().stream()
                .filter(server -> !current.containsKey(server))
                .forEach(server -> events.publish(new DirectorEvent.SlowStartEnded(
                        Instant.now(), runtime.key(), server, weightInForce(runtime, server))));
        current.forEach((server, start) -> {
            if (!announced.containsKey(server)) {
                events.publish(new DirectorEvent.SlowStartStarted(Instant.now(), runtime.key(), server, start.time()));
            }
        });
    }

    private static int weightInForce(ServiceRuntime runtime, ServerKey server) {
        return runtime.service()
                .realServer(server)
                .filter(described -> runtime.policy().state(server) == ServerState.UP)
                .map(runtime.policy()::weight)
                .orElse(0);
    }

    private void stepAfter(ServiceRuntime runtime, Duration delay) {
        runtime.nextStep(timers.apply(delay, () -> {
            if (!runtime.slowStarts().isEmpty()) { // may have gone while this task waited for the lock
                step(runtime);
            }
        }));
    }

    /** If the backend fails, the weights stay as they are and this is tried again. */
    private void step(ServiceRuntime runtime) {
        PoolPolicy next = runtime.policy().copy();
        next.grow();
        try {
            if (!next.pool().equals(runtime.policy().pool())) {
                backend.update(next.pool());
            }
        } catch (RuntimeException e) {
            log.warn("{}: a slow start cannot go on; trying again", runtime.key(), e);
            stepAfter(runtime, RETRY);
            return;
        }
        runtime.policy(next);
        follow(runtime);
    }

    /** Ends those of a service that has gone. */
    void end(ServiceRuntime runtime) {
        runtime.nextStep(() -> {});
        runtime.slowStarts()
                .keySet()
                .forEach(server ->
                        events.publish(new DirectorEvent.SlowStartEnded(Instant.now(), runtime.key(), server, 0)));
        runtime.slowStarts(Map.of());
    }
}
