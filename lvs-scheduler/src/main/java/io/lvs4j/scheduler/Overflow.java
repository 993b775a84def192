package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code ovf}: fill the heaviest server first, then the next one. For farms in which servers that are not needed shall stay
 * idle. Follows {@code ip_vs_ovf.c}.
 *
 * <p>The rule: of the destinations that are not overloaded, whose weight is not 0 and that have no more active connections
 * than their weight is, the one with the greatest weight, and of equals the first in the list. So a server takes one
 * connection more than its weight, and when all are full there is none. Connections that are being opened or closed do not
 * count, so neither do flows that are never established, such as UDP.
 *
 * <p>Concurrency: see {@link Ranking}, which holds the destinations.
 */
final class Overflow implements Scheduler {
    private volatile Ranking ranking = new Ranking(List.of(), true);

    @Override
    public @Nullable Destination pick(Flow flow) {
        return ranking.first(flow);
    }

    @Override
    public void update(List<Destination> destinations) {
        ranking = new Ranking(destinations, true);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        Ranking current = ranking;
        Destination first = current.first(flow);
        return Optional.of(
                first == null
                        ? new Choice(
                                null,
                                "none of " + current.size()
                                        + " servers can be used and has no more active connections than its weight")
                        : new Choice(
                                first,
                                "weight " + first.weight() + " is the greatest of the " + current.countOpen() + " of "
                                        + current.size()
                                        + " servers with no more active connections than their weight, and it has "
                                        + first.active()));
    }
}
