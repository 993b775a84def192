package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code wrr}: destinations take turns, and a heavier one gets more of them. Follows {@code ip_vs_wrr.c}: not smooth, the
 * heavy ones are served first and together.
 *
 * <p>The rule: the list is walked in passes. A pass has a level, and in it every destination whose weight reaches the level is
 * chosen once, in list order. With {@code step} = greatest common divisor of the weights, the level falls by {@code step}
 * from pass to pass and starts again at {@code top}:
 * <pre>
 *   top = greatest weight - (step - 1)        levels: top, top - step, ..., 1
 *
 *   list C=3 B=2 A=1:   level 3: C     level 2: C B     level 1: C B A     and again: C, C B, C B A
 * </pre>
 *
 * <p>Every change of the list, even of a weight to itself, starts the current pass anew. The level is kept if it still
 * exists: it becomes {@code top} if it is above that (or if there was none), and is rounded to the new step otherwise. So a
 * service that is filled server by server begins in its last pass ({@code C B A} above), and one that finds its servers there
 * begins at the top.
 *
 * <p>Weight 0 is never chosen. An overloaded destination is passed over, and so is every pass that has nobody else to offer.
 * When nobody can be used, the turn goes back to the start of the top pass, except from within the last pass, which stays
 * where it is.
 *
 * <p>How it is fast: the {@link WeightedTurns} write down whose turns make a whole cycle; a {@link Ticket} goes round. Who
 * draws the turn of a destination that cannot be used walks the list by the rule, and moves the ticket if nobody else has
 * drawn since.
 *
 * <p>Concurrency: the turns are an immutable snapshot but for the ticket.
 */
final class WeightedRoundRobin implements Scheduler {
    private volatile WeightedTurns turns = WeightedTurns.of(List.of(), 0);
    private int level; // while changes are under way: the level after the last of them
    private boolean changing;

    @Override
    public @Nullable Destination pick(Flow flow) {
        return turns.take(flow);
    }

    @Override
    public void changed(List<Destination> destinations) {
        level = WeightedTurns.keptLevel(destinations, changing ? level : turns.level());
        changing = true;
    }

    @Override
    public void update(List<Destination> destinations) {
        if (!changing) {
            changed(destinations);
        }
        turns = WeightedTurns.of(destinations, level);
        changing = false;
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        return Optional.of(turns.explain(flow));
    }
}
