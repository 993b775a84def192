package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code lc}: the destination with the least load, whatever its weight. Follows {@code ip_vs_lc.c}.
 *
 * <p>The rule: the smallest {@code active * 256 + inactive} wins, and of equals the first in the list. Destinations with
 * weight 0 and overloaded ones are passed over.
 *
 * <p>Concurrency: the list is an immutable snapshot; the counts are read as they are.
 */
final class LeastConnection implements Scheduler {
    private volatile Destination[] list = {};

    @Override
    public @Nullable Destination pick(Flow flow) {
        Destination least = null;
        long leastLoad = Long.MAX_VALUE;
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                long load = candidate.overhead();
                if (load < leastLoad) {
                    least = candidate;
                    leastLoad = load;
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
