package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code wlc}: the destination with the least load for its weight. Follows {@code ip_vs_wlc.c}.
 *
 * <p>The rule: the smallest {@code (active * 256 + inactive) / weight} wins, and of equals the first in the list. Destinations
 * with weight 0 and overloaded ones are passed over.
 *
 * <p>How it is found fast: {@link LoadIndex}. Concurrency: the index is swapped when the list changes; counts are read as they
 * are.
 */
final class WeightedLeastConnection implements Scheduler {
    private volatile LoadIndex index = LoadIndex.of(Load.OVERHEAD, List.of());

    @Override
    public @Nullable Destination pick(Flow flow) {
        return index.least(flow);
    }

    @Override
    public void update(List<Destination> destinations) {
        index = LoadIndex.of(Load.OVERHEAD, destinations);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        return Optional.of(index.explain(flow));
    }
}
