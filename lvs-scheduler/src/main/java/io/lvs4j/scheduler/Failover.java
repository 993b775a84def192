package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code fo}: all to the heaviest server, and to the next one when that cannot be used. For a main server with stand-ins.
 * Follows {@code ip_vs_fo.c}.
 *
 * <p>The rule: of the destinations that are not overloaded and whose weight is not 0, the one with the greatest weight, and of
 * equals the first in the list. How many connections it has does not matter.
 *
 * <p>Concurrency: see {@link Ranking}, which holds the destinations.
 */
final class Failover implements Scheduler {
    private volatile Ranking ranking = new Ranking(List.of(), false);

    @Override
    public @Nullable Destination pick(Flow flow) {
        return ranking.first(flow);
    }

    @Override
    public void update(List<Destination> destinations) {
        ranking = new Ranking(destinations, false);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        Ranking current = ranking;
        Destination first = current.first(flow);
        return Optional.of(
                first == null
                        ? new Choice(null, "none of " + current.size() + " servers can be used")
                        : new Choice(
                                first,
                                "weight " + first.weight() + " is the greatest of the " + current.countOpen() + " of "
                                        + current.size() + " servers that can be used"));
    }
}
