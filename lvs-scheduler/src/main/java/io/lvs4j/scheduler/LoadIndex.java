package io.lvs4j.scheduler;

import io.lvs4j.scheduler.Scheduler.Choice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the destination with the least load for its weight, and of equals the first in the list: what {@code lc}, {@code wlc},
 * {@code sed} and {@code nq} have in common. One index serves one list with its weights.
 *
 * <p>Loads are compared exactly, as fractions. A few destinations are looked at one by one ({@link DenseScan}), by
 * cross-multiplication, which fits a {@code long}: 2^38 times 2^16. Many are kept in order ({@link WinnerTree}). The answer is
 * the same.
 */
abstract class LoadIndex {
    /** The greatest numbers of destinations that are scanned; measured with the benchmarks, beyond them the tree is faster. */
    private static final int MOST_SCANNED_WEIGHTED = 64;

    private static final int MOST_SCANNED_UNWEIGHTED = 160;

    final Load load;
    final Destination[] list;

    LoadIndex(Load load, List<Destination> destinations) {
        this.load = load;
        this.list = destinations.toArray(Destination[]::new);
    }

    /** Makes the index of a list, and lets the destinations tell it of their changes if it needs that. */
    static LoadIndex of(Load load, List<Destination> destinations) {
        int most = load.weighted() ? MOST_SCANNED_WEIGHTED : MOST_SCANNED_UNWEIGHTED;
        if (destinations.size() <= most && DenseScan.suits(destinations)) {
            destinations.forEach(destination -> destination.watch(null));
            return new DenseScan(load, destinations);
        }
        WinnerTree tree = new WinnerTree(load, destinations);
        tree.build();
        return tree;
    }

    /** Returns the destination for a flow, or null if there is none that it can use. */
    final @Nullable Destination least(Flow flow) {
        return flow.retrying() ? leastByList(flow) : least();
    }

    /** Returns the destination for a flow that has not tried any, or null if none is available. */
    abstract @Nullable Destination least();

    /** The rule as such: slow, and right whatever happens meanwhile. */
    final @Nullable Destination leastByList(@Nullable Flow flow) {
        Destination least = null;
        long leastLoad = 0;
        long leastWeight = 0;
        for (Destination candidate : list) {
            if (flow == null ? candidate.available() : flow.canUse(candidate)) {
                long candidateLoad = load.of(candidate.counts());
                long weight = load.divisor(candidate);
                if (least == null || candidateLoad * leastWeight < leastLoad * weight) {
                    least = candidate;
                    leastLoad = candidateLoad;
                    leastWeight = weight;
                }
            }
        }
        return least;
    }

    final Choice explain(Flow flow) {
        Destination least = leastByList(flow);
        return new Choice(
                least,
                least == null
                        ? "nobody is available for least " + load
                        : "least " + load + " (first in the list of equals): active " + least.active() + ", inactive "
                                + least.inactive() + ", weight " + least.weight());
    }
}
