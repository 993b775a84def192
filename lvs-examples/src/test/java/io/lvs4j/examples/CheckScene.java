package io.lvs4j.examples;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.health.NettyHealthMonitor;
import io.lvs4j.spi.HealthMonitor;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * Makes one attempt after the other, in a network namespace that a test has made, and writes what each has found. Its arguments are
 * {@code ping} or {@code tcp}, a mark or 0, and an address.
 */
final class CheckScene {
    private CheckScene() {}

    public static void main(String[] arguments) {
        try (HealthMonitor monitor = NettyHealthMonitor.create()) {
            for (int i = 0; i < arguments.length; i += 3) {
                HealthCheck check = check(arguments[i], Long.parseLong(arguments[i + 1]));
                System.out.println("= " + found(monitor, ServerKey.of(arguments[i + 2], 9), check));
            }
        }
    }

    private static HealthCheck check(String kind, long mark) {
        if (kind.equals("tcp")) {
            TcpCheck.Builder tcp = TcpCheck.builder().warmup(Duration.ZERO).connectTimeout(Duration.ofSeconds(1));
            return (mark == 0 ? tcp : tcp.firewallMark(mark)).build();
        }
        PingCheck.Builder ping = PingCheck.builder().warmup(Duration.ZERO).connectTimeout(Duration.ofSeconds(1));
        return (mark == 0 ? ping : ping.firewallMark(mark)).build();
    }

    private static String found(HealthMonitor monitor, ServerKey server, HealthCheck check) {
        try (HealthMonitor.Watch watch = monitor.watch(server, check, (up, cause) -> {})) {
            CheckResult result = Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(watch::latest, Optional::isPresent)
                    .orElseThrow();
            return result.toString();
        }
    }
}
