package io.lvs4j;

import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import java.util.HashMap;
import java.util.Map;

/**
 * The rates of a service and its servers, from two looks at the counters in a row: an exponentially weighted average with a
 * weight of a quarter, as in the kernel's {@code ip_vs_est.c}. Confined to the director's lock.
 */
final class RateEstimator {
    private static final double WEIGHT = 0.25;
    private static final double NANOS = 1e9;

    private ServiceCounters last = new ServiceCounters(Map.of(), 0, Map.of());
    private long lastNanos;
    private Rates service = Rates.ZERO;
    private Map<ServerKey, Rates> servers = Map.of();

    /** Begins at counters of zero. */
    RateEstimator(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** Takes a sample; does nothing if no time has passed. */
    void sample(ServiceCounters counters, long nowNanos) {
        double seconds = (nowNanos - lastNanos) / NANOS;
        if (seconds <= 0) {
            return;
        }
        Map<ServerKey, Rates> next = new HashMap<>();
        double bytesIn = 0;
        double bytesOut = 0;
        for (Map.Entry<ServerKey, ServerCounters> entry : counters.servers().entrySet()) {
            ServerCounters now = entry.getValue();
            ServerCounters before = last.of(entry.getKey());
            double in = rate(before.bytesIn(), now.bytesIn(), seconds);
            double out = rate(before.bytesOut(), now.bytesOut(), seconds);
            double connections = rate(before.connections(), now.connections(), seconds);
            next.put(entry.getKey(), moved(of(entry.getKey()), connections, in, out));
            bytesIn += in;
            bytesOut += out;
        }
        service = moved(service, rate(last.connections(), counters.connections(), seconds), bytesIn, bytesOut);
        servers = next;
        last = counters;
        lastNanos = nowNanos;
    }

    /** Counters that have begun anew have counted what they show. */
    private static double rate(long before, long now, double seconds) {
        return (now >= before ? now - before : now) / seconds;
    }

    private static Rates moved(Rates from, double connections, double bytesIn, double bytesOut) {
        return new Rates(
                from.connections() + WEIGHT * (connections - from.connections()),
                from.bytesIn() + WEIGHT * (bytesIn - from.bytesIn()),
                from.bytesOut() + WEIGHT * (bytesOut - from.bytesOut()));
    }

    /** Returns the rates of the service: what its servers carry, and what has come, even if no server was found. */
    Rates service() {
        return service;
    }

    Rates of(ServerKey server) {
        return servers.getOrDefault(server, Rates.ZERO);
    }
}
