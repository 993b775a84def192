package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the destination with the least load at hand: a tournament. The leaves are the list in its order, padded to a power of
 * two; each node above holds the winner of the two below, the left one if they are equal.
 *
 * <pre>
 *             node 1              the answer: reading it costs the same for any number of destinations
 *           /        \
 *       node 2      node 3
 *       /    \      /    \
 *   leaf 0    1    2      3
 * </pre>
 *
 * <p>When the counts of a destination change, the matches between its leaf and the top are played again: log2(n) comparisons,
 * without a branch that depends on their outcome. What is compared are the bits of the quotient load/weight as a {@code double}:
 * they order as the fractions do, and equal fractions have equal ones, as long as loads stay below 2^36 and weights below 2^16,
 * for then unequal fractions differ by more than rounding can hide.
 *
 * <p>Concurrency: a change of counts takes the tree's lock for that time; picking takes none. What is entered is what the
 * counts are when the lock is held, so the last one to enter a destination's counts enters the latest.
 */
final class WinnerTree extends LoadIndex {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Worse than any load for any weight. */
    private static final long OUT = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private static final int TOP = 1;

    private final int width;

    /** Per node its winner: the bits of load/weight, then the place in the list. */
    private final long[] winners;

    WinnerTree(Load load, List<Destination> destinations) {
        super(load, destinations);
        width = Integer.highestOneBit(Math.max(list.length - 1, 0)) * 2 + (list.length <= 1 ? 1 : 0);
        winners = new long[4 * width];
        for (int leaf = 0; leaf < width; leaf++) {
            winners[2 * (width + leaf)] = OUT;
            winners[2 * (width + leaf) + 1] = leaf;
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
            for (int node = width - 1; node >= TOP; node--) {
                int left = 4 * node;
                int right = left + 2;
                int winner = winners[right] < winners[left] ? right : left;
                winners[2 * node] = winners[winner];
                WORDS.setRelease(winners, 2 * node + 1, winners[winner + 1]);
            }
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

    /** Takes over the counts of a destination. */
    private void enter(int leaf) {
        long counts = list[leaf].counts();
        double quotient = (double) load.of(counts) / load.divisor(list[leaf]);
        winners[2 * (width + leaf)] = Counts.available(counts) ? Double.doubleToRawLongBits(quotient) : OUT;
    }

    private synchronized void replay(int leaf) {
        enter(leaf);
        long[] nodes = winners;
        int node = width + leaf;
        long bestKey = nodes[2 * node];
        long best = nodes[2 * node + 1];
        while (node > TOP) {
            int sibling = 2 * (node ^ 1);
            long toBeat = nodes[sibling] - (node & 1);
            long siblingBest = nodes[sibling + 1];
            long siblingWins = (toBeat - bestKey) >> 63; // an odd node's sibling is to the left and wins if equal
            bestKey ^= (bestKey ^ nodes[sibling]) & siblingWins;
            best ^= (best ^ siblingBest) & siblingWins;
            node >>= 1;
            nodes[2 * node] = bestKey;
            WORDS.setRelease(nodes, 2 * node + 1, best);
        }
    }

    /** Returns who has won, available or not; there must be a destination. */
    Destination winner() {
        return list[(int) (long) WORDS.getAcquire(winners, 2 * TOP + 1)];
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
