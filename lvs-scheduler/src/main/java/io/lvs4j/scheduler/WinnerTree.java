package io.lvs4j.scheduler;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the destination with the least load at hand: a tournament. The leaves are the list in its order, padded to a power of
 * two; each node above holds the winner of the two below, the left one if they are equal.
 *
 * <pre>
 *          winners[1]               the answer: reading it costs the same for any number of destinations
 *         /          \
 *    winners[2]    winners[3]
 *     /     \       /     \
 *   leaf 0  1     2        3
 * </pre>
 *
 * <p>When the counts of a destination change, the matches between its leaf and the top are played again: log2(n) comparisons,
 * without a branch that depends on their outcome.
 *
 * <p>Concurrency: a change of counts takes the tree's lock for that time; picking takes none. What is entered is what the
 * counts are when the lock is held, so the last one to enter a destination's counts enters the latest.
 */
final class WinnerTree extends LoadIndex {
    /** Worse than any load for any weight. */
    private static final long OUT = 1L << 40;

    private final int width;
    private final int[] winners;
    private final long[] loads;
    private final long[] weights;
    private volatile int winner;

    WinnerTree(Load load, List<Destination> destinations) {
        super(load, destinations);
        width = Integer.highestOneBit(Math.max(list.length - 1, 0)) * 2 + (list.length <= 1 ? 1 : 0);
        winners = new int[2 * width];
        loads = new long[width];
        weights = new long[width];
        Arrays.fill(loads, OUT);
        Arrays.fill(weights, 1);
        for (int i = 0; i < width; i++) {
            winners[width + i] = i;
        }
    }

    /**
     * Hears of changes from now on and takes over the counts then, so that no change is missed: one that comes before its
     * destination's counts are read is among them, and one that comes later is told.
     */
    void build() {
        for (int i = 0; i < list.length; i++) {
            list[i].watch(new Leaf(i));
        }
        synchronized (this) {
            for (int i = 0; i < list.length; i++) {
                enter(i);
            }
            for (int node = width - 1; node > 0; node--) {
                int left = winners[2 * node];
                int right = winners[2 * node + 1];
                winners[node] = loads[right] * weights[left] < loads[left] * weights[right] ? right : left;
            }
            winner = winners[1];
        }
    }

    private final class Leaf implements CountWatch {
        private final int index;

        Leaf(int index) {
            this.index = index;
        }

        @Override
        public void changed(long before, long after) {
            if (load.of(before) != load.of(after) || Counts.available(before) != Counts.available(after)) {
                replay(index);
            }
        }
    }

    private void enter(int leaf) {
        long counts = list[leaf].counts();
        boolean available = Counts.available(counts);
        loads[leaf] = available ? load.of(counts) : OUT;
        weights[leaf] = available ? Math.max(load.divisor(list[leaf]), 1) : 1;
    }

    private synchronized void replay(int leaf) {
        enter(leaf);
        int best = leaf;
        long bestLoad = loads[leaf];
        long bestWeight = weights[leaf];
        for (int node = width + leaf; node > 1; ) {
            int sibling = winners[node ^ 1];
            long siblingLoad = loads[sibling];
            long siblingWeight = weights[sibling];
            long ahead = siblingLoad * bestWeight - bestLoad * siblingWeight; // negative: the sibling wins
            long siblingWins = (ahead - (node & 1)) >> 63; // an odd node's sibling is to the left and wins if equal
            best ^= (best ^ sibling) & (int) siblingWins;
            bestLoad ^= (bestLoad ^ siblingLoad) & siblingWins;
            bestWeight ^= (bestWeight ^ siblingWeight) & siblingWins;
            node >>= 1;
            winners[node] = best;
        }
        winner = best;
    }

    /** Returns who has won, available or not; there must be a destination. */
    Destination winner() {
        return list[winner];
    }

    @Override
    @Nullable
    Destination least() {
        if (list.length == 0) {
            return null;
        }
        Destination first = winner();
        return first.available() ? first : leastByList(null); // nobody, or a change that has not been entered yet
    }
}
