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
        Rates carried = Rates.ZERO;
        for (Map.Entry<ServerKey, ServerCounters> entry : counters.servers().entrySet()) {
            Rates seen = seen(last.of(entry.getKey()), entry.getValue(), seconds);
            next.put(entry.getKey(), moved(of(entry.getKey()), seen));
            carried = new Rates(
                    0,
                    carried.packetsIn() + seen.packetsIn(),
                    carried.packetsOut() + seen.packetsOut(),
                    carried.bytesIn() + seen.bytesIn(),
                    carried.bytesOut() + seen.bytesOut());
        }
        double connections = rate(last.connections(), counters.connections(), seconds);
        service = moved(
                service,
                new Rates(
                        connections, carried.packetsIn(), carried.packetsOut(), carried.bytesIn(), carried.bytesOut()));
        servers = next;
        last = counters;
        lastNanos = nowNanos;
    }

    private static Rates seen(ServerCounters before, ServerCounters now, double seconds) {
        return new Rates(
                rate(before.connections(), now.connections(), seconds),
                rate(before.packetsIn(), now.packetsIn(), seconds),
                rate(before.packetsOut(), now.packetsOut(), seconds),
                rate(before.bytesIn(), now.bytesIn(), seconds),
                rate(before.bytesOut(), now.bytesOut(), seconds));
    }

    /** Counters that have begun anew have counted what they show. */
    private static double rate(long before, long now, double seconds) {
        return (now >= before ? now - before : now) / seconds;
    }

    private static Rates moved(Rates from, Rates seen) {
        return new Rates(
                moved(from.connections(), seen.connections()),
                moved(from.packetsIn(), seen.packetsIn()),
                moved(from.packetsOut(), seen.packetsOut()),
                moved(from.bytesIn(), seen.bytesIn()),
                moved(from.bytesOut(), seen.bytesOut()));
    }

    private static double moved(double from, double seen) {
        return from + WEIGHT * (seen - from);
    }

    /** Returns the rates of the service: what its servers carry, and what has come, even if no server was found. */
    Rates service() {
        return service;
    }

    Rates of(ServerKey server) {
        return servers.getOrDefault(server, Rates.ZERO);
    }
}
