package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the counts of all destinations, side by side in memory, one by one. For a few, nothing is faster: a change of
 * counts costs nothing more, and eight are in one cache line.
 *
 * <p>For lists whose cells are in the list's order and close together, as they are unless a server has come back with
 * connections or very many have come and gone. Between them may be cells of others, which nobody may use.
 *
 * <p>Immutable but for the counts, which are read as they are, with plain loads: an ordered load costs a third more here.
 */
final class DenseScan extends LoadIndex {
    private static final int SPARE = 8;

    private final long[] cells;
    private final int first;
    private final int end;
    private final int[] weights; // by cell; 0 where there is no destination of the list
    private final @Nullable Destination[] destinations; // by cell

    /** Makes the index of a list that {@link #suits}. */
    DenseScan(Load load, List<Destination> list) {
        super(load, list);
        boolean empty = list.isEmpty();
        cells = empty ? new long[0] : list.get(0).cells();
        first = empty ? 0 : list.get(0).cell();
        end = empty ? 0 : list.get(list.size() - 1).cell() + 1;
        weights = new int[end];
        destinations = new @Nullable Destination[end];
        for (Destination destination : list) {
            weights[destination.cell()] = load.divisor(destination);
            destinations[destination.cell()] = destination;
        }
    }

    /** Whether the cells are in order and close enough together. */
    static boolean suits(List<Destination> list) {
        for (int i = 1; i < list.size(); i++) {
            Destination before = list.get(i - 1);
            Destination destination = list.get(i);
            if (destination.cells() != before.cells() || destination.cell() <= before.cell()) {
                return false;
            }
        }
        return list.isEmpty() || list.get(list.size() - 1).cell() - list.get(0).cell() < 2 * list.size() + SPARE;
    }

    @Override
    @Nullable
    Destination least() {
        int cell = load.weighted() ? leastWeighted() : leastUnweighted();
        return cell < 0 ? null : destinations[cell];
    }

    private int leastWeighted() {
        long[] counted = cells;
        int[] divisors = weights;
        int shift = load.shift;
        long mask = load.mask;
        long whenNone = load.whenNone;
        long added = load.otherwiseAdded;
        long leastLoad = 1;
        long leastWeight = 0; // an infinite load
        int least = -1;
        for (int i = first; i < end; i++) {
            long counts = counted[i];
            if (Counts.available(counts)) {
                long number = (counts >>> shift) & mask;
                long candidate = number == 0 ? whenNone : number + added;
                long weight = divisors[i];
                if (candidate * leastWeight < leastLoad * weight) {
                    leastLoad = candidate;
                    leastWeight = weight;
                    least = i;
                }
            }
        }
        return least;
    }

    /** As above, for overhead alone: one with a flag has more than any without. */
    private int leastUnweighted() {
        long[] counted = cells;
        long leastOverhead = Counts.OVERLOADED >>> Counts.OVERHEAD_SHIFT;
        int least = -1;
        for (int i = first; i < end; i++) {
            long overhead = counted[i] >>> Counts.OVERHEAD_SHIFT;
            if (overhead < leastOverhead) {
                leastOverhead = overhead;
                least = i;
            }
        }
        return least;
    }
}
