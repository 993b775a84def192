package io.lvs4j;

import io.lvs4j.spi.Backend;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once an interval what became of the connections of services that want {@link OutlierDetection}. Everything here runs
 * under the director's lock.
 */
final class OutlierWatch {
    private static final Logger log = LoggerFactory.getLogger(OutlierWatch.class);

    private final Backend backend;
    private final BiFunction<Duration, Runnable, Timers.Cancellable> timers;
    private final BiConsumer<ServiceRuntime, Map<ServerKey, ConnectionOutcomes>> observer;

    OutlierWatch(
            Backend backend,
            BiFunction<Duration, Runnable, Timers.Cancellable> timers,
            BiConsumer<ServiceRuntime, Map<ServerKey, ConnectionOutcomes>> observer) {
        this.backend = backend;
        this.timers = timers;
        this.observer = observer;
    }

    /** Begins or ends to look, as the service's description says now. */
    void follow(ServiceRuntime runtime) {
        Optional<OutlierDetection> detection = runtime.service().poolRules().outlierDetection();
        if (detection.isEmpty()) {
            runtime.endSampling();
        } else if (!runtime.sampling()) {
            lookAfter(runtime, detection.get().interval(), count(runtime));
        }
    }

    private void lookAfter(ServiceRuntime runtime, Duration interval, Map<ServerKey, ServerCounters> counters) {
        runtime.sampled(counters, timers.apply(interval, () -> look(runtime)));
    }

    private void look(ServiceRuntime runtime) {
        Optional<OutlierDetection> detection = runtime.service().poolRules().outlierDetection();
        if (!runtime.sampling() || detection.isEmpty()) {
            return; // has ended while this waited for the lock
        }
        Map<ServerKey, ServerCounters> before = runtime.sampled();
        Map<ServerKey, ServerCounters> now = count(runtime);
        lookAfter(runtime, detection.get().interval(), now);
        boolean flows = runtime.key() instanceof ServiceKey.Listening on && on.protocol() == Protocol.UDP;
        Map<ServerKey, ConnectionOutcomes> outcomes = new HashMap<>();
        now.forEach((server, counters) -> {
            ServerCounters then = before.get(server);
            if (then != null) {
                ConnectionOutcomes of = ConnectionOutcomes.between(then, counters, flows);
                if (of.failures() > 0) {
                    outcomes.put(server, of);
                }
            }
        });
        if (!outcomes.isEmpty()) {
            observer.accept(runtime, outcomes);
        }
    }

    private Map<ServerKey, ServerCounters> count(ServiceRuntime runtime) {
        try {
            return backend.counters(runtime.key()).servers();
        } catch (RuntimeException e) {
            log.warn("{}: could not look for outliers: {}", runtime.key(), e.toString());
            return Map.of(); // then the next look compares with nothing, and the one after that with it
        }
    }
}
