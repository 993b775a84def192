package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the counts of all destinations, side by side in memory, one by one. For a few, nothing is faster: a change of
 * counts costs nothing more, and eight are in one cache line.
 *
 * <p>The cells are in the order of the destinations' numbers, not in that of the list; a rank decides between equals. Immutable
 * but for the counts, which are read as they are.
 */
final class DenseScan extends LoadIndex {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SPARE = 8;

    private final long[] cells;
    private final int first;
    private final int[] weights; // by cell from the first; 0 where there is no destination of the list
    private final int[] ranks; // place in the list

    DenseScan(Load load, List<Destination> destinations) {
        super(load, destinations);
        cells = list.length == 0 ? new long[0] : list[0].cells();
        first = firstCell(destinations);
        weights = new int[list.length == 0 ? 0 : lastCell(destinations) + 1 - first];
        ranks = new int[weights.length];
        for (int i = 0; i < list.length; i++) {
            weights[list[i].cell() - first] = load.divisor(list[i]);
            ranks[list[i].cell() - first] = i;
        }
    }

    /** Whether the cells are close enough together. */
    static boolean suits(List<Destination> destinations) {
        return destinations.stream()
                        .allMatch(d -> d.cells() == destinations.get(0).cells())
                && lastCell(destinations) - firstCell(destinations) < 2 * destinations.size() + SPARE;
    }

    private static int firstCell(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::cell).min().orElse(0);
    }

    private static int lastCell(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::cell).max().orElse(0);
    }

    @Override
    @Nullable
    Destination least() {
        int rank = load.weighted() ? leastWeighted() : leastUnweighted();
        return rank < 0 ? null : list[rank];
    }

    /** Returns the place in the list, or -1. A weight of 0 is nobody's and never wins. */
    private int leastWeighted() {
        int shift = load.shift;
        long mask = load.mask;
        long whenNone = load.whenNone;
        long added = load.otherwiseAdded;
        long leastLoad = 1;
        long leastWeight = 0; // an infinite load
        int leastRank = -1;
        for (int i = 0; i < weights.length; i++) {
            long counts = (long) CELLS.getOpaque(cells, first + i);
            if ((counts & Counts.FLAGS) == 0) {
                long number = (counts >>> shift) & mask;
                long candidate = number == 0 ? whenNone : number + added;
                long weight = weights[i];
                long mine = candidate * leastWeight;
                long toBeat = leastLoad * weight;
                if (mine < toBeat || (mine == toBeat && weight > 0 && ranks[i] < leastRank)) {
                    leastLoad = candidate;
                    leastWeight = weight;
                    leastRank = ranks[i];
                }
            }
        }
        return leastRank;
    }

    /** As above; a destination with a flag has a greater number than any without. */
    private int leastUnweighted() {
        long least = Counts.OVERLOADED >>> Counts.OVERHEAD_SHIFT;
        int leastRank = -1;
        for (int i = 0; i < weights.length; i++) {
            long candidate = (long) CELLS.getOpaque(cells, first + i) >>> Counts.OVERHEAD_SHIFT;
            if (candidate <= least && (candidate < least || ranks[i] < leastRank) && weights[i] > 0) {
                least = candidate;
                leastRank = ranks[i];
            }
        }
        return leastRank;
    }
}
