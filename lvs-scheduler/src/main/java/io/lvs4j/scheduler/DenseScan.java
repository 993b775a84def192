package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the counts of all destinations, side by side in memory, one by one. For a few, nothing is faster: a change of
 * counts costs nothing more, and eight are in one cache line.
 *
 * <p>For lists whose cells are close together, as they are unless very many servers have come and gone. Between them may be
 * cells of others, which nobody may use. The cells are in the list's order until a server fails and comes back; from then on a
 * rank decides between equals, which costs a little more.
 *
 * <p>Immutable but for the counts, which are read as they are, with plain loads: an ordered load costs a third more here.
 */
final class DenseScan extends LoadIndex {
    private static final int SPARE = 8;

    private final long[] cells;
    private final int first;
    private final int end;
    private final boolean ordered;
    private final int[] weights; // by cell; 0 where there is no destination of the list
    private final int[] ranks; // by cell: the place in the list
    private final @Nullable Destination[] byCell;

    /** Makes the index of a list that {@link #suits}. */
    DenseScan(Load load, List<Destination> destinations) {
        super(load, destinations);
        cells = list.length == 0 ? new long[0] : list[0].cells();
        first = firstCell(destinations);
        end = endCell(destinations);
        weights = new int[end];
        ranks = new int[end];
        byCell = new @Nullable Destination[end];
        boolean inOrder = true;
        for (int i = 0; i < list.length; i++) {
            int cell = list[i].cell();
            weights[cell] = load.divisor(list[i]);
            ranks[cell] = i;
            byCell[cell] = list[i];
            inOrder &= i == 0 || cell > list[i - 1].cell();
        }
        ordered = inOrder;
    }

    /** Whether the cells are close enough together. */
    static boolean suits(List<Destination> destinations) {
        for (Destination destination : destinations) {
            if (destination.cells() != destinations.get(0).cells()) {
                return false;
            }
        }
        return endCell(destinations) - firstCell(destinations) <= 2 * destinations.size() + SPARE;
    }

    private static int firstCell(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::cell).min().orElse(0);
    }

    private static int endCell(List<Destination> destinations) {
        return 1 + destinations.stream().mapToInt(Destination::cell).max().orElse(-1);
    }

    @Override
    @Nullable
    Destination least() {
        int cell = !ordered
                ? leastRanked()
                : switch (load) {
                    case OVERHEAD_ALONE -> leastByOverheadAlone();
                    case OVERHEAD -> leastByOverhead();
                    case EXPECTED_DELAY, EXPECTED_DELAY_UNLESS_IDLE -> leastByDelay(load.whenNone);
                };
        return cell < 0 ? null : byCell[cell];
    }

    /** The rule for cells in any order. */
    private int leastRanked() {
        long leastLoad = 1;
        long leastWeight = 0; // an infinite load
        int least = -1;
        for (int i = first; i < end; i++) {
            long counts = cells[i];
            if (Counts.available(counts)) {
                long candidate = load.of(counts);
                long weight = weights[i];
                long mine = candidate * leastWeight;
                long toBeat = leastLoad * weight;
                if (mine < toBeat || (mine == toBeat && weight > 0 && ranks[i] < ranks[least])) {
                    leastLoad = candidate;
                    leastWeight = weight;
                    least = i;
                }
            }
        }
        return least;
    }

    // One loop for each load, because they are short and the difference shows.

    private int leastByOverhead() {
        long[] counted = cells;
        int[] divisors = weights;
        long leastLoad = 1;
        long leastWeight = 0; // an infinite load
        int least = -1;
        for (int i = first; i < end; i++) {
            long counts = counted[i];
            if (Counts.available(counts)) {
                long candidate = counts >>> Counts.OVERHEAD_SHIFT;
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

    private int leastByDelay(long whenIdle) {
        long[] counted = cells;
        int[] divisors = weights;
        long leastLoad = 1;
        long leastWeight = 0; // an infinite load
        int least = -1;
        for (int i = first; i < end; i++) {
            long counts = counted[i];
            if (Counts.available(counts)) {
                long active = counts & Counts.ACTIVE_MASK;
                long candidate = active == 0 ? whenIdle : active + 1;
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

    /** Here one with a flag has more than any without. */
    private int leastByOverheadAlone() {
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
