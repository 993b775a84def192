package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Makes a monitor ask once and waits for what it finds. */
final class Asking {
    private Asking() {}

    /**
     * Asks at once, by the real clock, and returns what was found, as an operator reads it; the check should have no warm-up.
     * Asks again, a few times, if the machine stood still meanwhile, which the monitor takes for no answer.
     */
    static String found(HealthMonitor monitor, ServerKey server, HealthCheck check) {
        return found(monitor, server, check, Optional.empty());
    }

    static String found(
            HealthMonitor monitor, ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {
        String found = ask(monitor, server, check, greeting);
        for (int i = 0; i < 9 && found.endsWith(" late"); i++) {
            found = ask(monitor, server, check, greeting);
        }
        return found;
    }

    private static String ask(
            HealthMonitor monitor, ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {
        try (HealthMonitor.Watch watch = monitor.watch(server, check, greeting, (up, cause) -> {})) {
            return Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofSeconds(30))
                    .until(watch::latest, Optional::isPresent)
                    .orElseThrow()
                    .toString();
        }
    }
}
