package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Makes a monitor ask once and waits for what it finds. */
final class Asking {
    /** What was found, and how long that took. */
    record Answer(CheckResult result, Duration took) {}

    private Asking() {}

    /**
     * Asks at once, by the real clock; the check should have no warm-up. Asks again, a few times, if the machine stood still
     * meanwhile, which the monitor takes for no answer.
     */
    static Answer ask(HealthMonitor monitor, ServerKey server, HealthCheck check) {
        Answer answer = askOnce(monitor, server, check);
        for (int i = 0; i < 4 && answer.result().toString().endsWith("ms late"); i++) {
            answer = askOnce(monitor, server, check);
        }
        return answer;
    }

    private static Answer askOnce(HealthMonitor monitor, ServerKey server, HealthCheck check) {
        long started = System.nanoTime();
        try (HealthMonitor.Watch watch = monitor.watch(server, check, (up, cause) -> {})) {
            Optional<CheckResult> found = Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(30))
                    .until(watch::latest, Optional::isPresent);
            return new Answer(found.orElseThrow(), Duration.ofNanos(System.nanoTime() - started));
        }
    }

    /** Asks and returns what was found, as an operator reads it. */
    static String found(HealthMonitor monitor, ServerKey server, HealthCheck check) {
        return ask(monitor, server, check).result().toString();
    }
}
