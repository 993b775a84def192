package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.lvs4j.spi.ServiceCounters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts the clients that a service has turned away, by reason. Thread-safe. */
final class Refusals {
    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class); // complete, and never changed

    Refusals() {
        for (Refusal reason : Refusal.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(Refusal reason) {
        Objects.requireNonNull(counts.get(reason)).increment();
    }

    /** Returns the counters of a service's decisions with those of refusals before and after them. */
    ServiceCounters addedTo(ServiceCounters decided) {
        Map<Refusal, Long> all = new EnumMap<>(Refusal.class);
        all.putAll(decided.refusals());
        counts.forEach((reason, counted) -> {
            long count = counted.sum();
            if (count > 0) {
                all.merge(reason, count, Long::sum);
            }
        });
        return new ServiceCounters(decided.servers(), decided.connections(), all);
    }
}
