package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code sed}: the destination where the new connection has the least company for its weight. Follows {@code ip_vs_sed.c}.
 *
 * <p>The rule: the smallest {@code (active + 1) / weight} wins, and of equals the first in the list; so of idle ones the
 * heaviest. Inactive connections do not count, hence neither does UDP: there the heaviest gets everything. Destinations with
 * weight 0 and overloaded ones are passed over.
 *
 * <p>How it is found fast: {@link LoadIndex}. Concurrency: the index is swapped when the list changes; counts are read as they
 * are.
 */
final class ShortestExpectedDelay implements Scheduler {
    private volatile LoadIndex index = LoadIndex.of(Load.EXPECTED_DELAY, List.of());

    @Override
    public @Nullable Destination pick(Flow flow) {
        return index.least(flow);
    }

    @Override
    public void update(List<Destination> destinations) {
        index = LoadIndex.of(Load.EXPECTED_DELAY, destinations);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        return Optional.of(index.explain(flow));
    }
}
