package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code wlc}: the destination with the least load for its weight. Follows {@code ip_vs_wlc.c}.
 *
 * <p>The rule: the smallest {@code (active * 256 + inactive) / weight} wins, and of equals the first in the list. Destinations
 * with weight 0 and overloaded ones are passed over. Quotients are compared by cross-multiplication, which fits a
 * {@code long}: 2^40 times 2^16.
 *
 * <p>Concurrency: the list is an immutable snapshot; weights and counts are read as they are.
 */
final class WeightedLeastConnection implements Scheduler {
    private volatile Destination[] list = {};

    @Override
    public @Nullable Destination pick(Flow flow) {
        return leastLoaded(list, flow);
    }

    static @Nullable Destination leastLoaded(Destination[] list, Flow flow) {
        Destination least = null;
        long leastLoad = 0;
        long leastWeight = 0;
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                long load = candidate.overhead();
                long weight = candidate.weight();
                if (least == null || load * leastWeight < leastLoad * weight) {
                    least = candidate;
                    leastLoad = load;
                    leastWeight = weight;
                }
            }
        }
        return least;
    }

    @Override
    public void update(List<Destination> destinations) {
        list = destinations.toArray(Destination[]::new);
    }
}
