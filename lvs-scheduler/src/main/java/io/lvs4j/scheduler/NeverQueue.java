package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code nq}: an idle destination if there is one, else as {@link ShortestExpectedDelay sed}. Follows {@code ip_vs_nq.c}.
 *
 * <p>The rule: the first in the list without active connections wins, whatever its weight; if there is none, the smallest
 * {@code (active + 1) / weight}, and of equals the first in the list. Inactive connections do not count, hence neither does
 * UDP: there the first in the list gets everything. Destinations with weight 0 and overloaded ones are passed over.
 *
 * <p>How it is found fast: {@link LoadIndex}, with a load of 0 for an idle one. Concurrency: the index is swapped when the list
 * changes; counts are read as they are.
 */
final class NeverQueue implements Scheduler {
    private volatile LoadIndex index = LoadIndex.of(Load.EXPECTED_DELAY_UNLESS_IDLE, List.of());

    @Override
    public @Nullable Destination pick(Flow flow) {
        return index.least(flow);
    }

    @Override
    public void update(List<Destination> destinations) {
        index = LoadIndex.of(Load.EXPECTED_DELAY_UNLESS_IDLE, destinations);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        return Optional.of(index.explain(flow));
    }
}
