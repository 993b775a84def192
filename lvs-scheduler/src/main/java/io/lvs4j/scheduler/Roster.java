package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the destinations of one service and gives them their cells for counts, {@value #BLOCK} in a block. A cell never
 * moves, so counting goes on while the list changes; the number of a destination that has been released is given out again.
 *
 * <p>A new destination gets the cell in front of all others of its block, as it gets the first place in the list. So while
 * servers are added and removed the cells are in the order of the list, which is what {@link DenseScan} wants. When there is no
 * cell in front any more, a new block is begun.
 *
 * <p>Changed by one thread at a time; {@link #get} may be called by any.
 */
final class Roster {
    /** Destinations per block of cells. */
    static final int BLOCK = 256;

    private final List<long[]> blocks = new ArrayList<>();
    private final BitSet taken = new BitSet();
    private int current; // the block that new destinations go to
    private volatile @Nullable Destination[] members = new @Nullable Destination[0];

    /** Makes a destination that has no connections and is not usable yet. */
    Destination create(ServerKey key) {
        int number = freeNumber();
        Destination destination = new Destination(key, number, blocks.get(number / BLOCK), number % BLOCK);
        taken.set(number);
        @Nullable Destination[] next = Arrays.copyOf(members, Math.max(members.length, number + 1));
        next[number] = destination;
        members = next;
        return destination;
    }

    private int freeNumber() {
        if (blocks.isEmpty() || taken.get(current * BLOCK)) {
            current = freeBlock();
        }
        int first = taken.nextSetBit(current * BLOCK);
        int end = (current + 1) * BLOCK;
        return (first < 0 || first > end ? end : first) - 1;
    }

    private int freeBlock() {
        for (int block = 0; block < blocks.size(); block++) {
            int used = taken.nextSetBit(block * BLOCK);
            if (used < 0 || used >= (block + 1) * BLOCK) {
                return block;
            }
        }
        long[] cells = new long[BLOCK];
        Arrays.fill(cells, Counts.UNUSABLE);
        blocks.add(cells);
        return blocks.size() - 1;
    }

    /** Gives the number of a destination back that has no connections and will not get any. */
    void release(Destination destination) {
        @Nullable Destination[] next = members.clone();
        next[destination.number()] = null;
        members = next;
        taken.clear(destination.number());
    }

    /** Returns the destination of a number, or null if it has been released. */
    @Nullable
    Destination get(int number) {
        @Nullable Destination[] now = members;
        return number < now.length ? now[number] : null;
    }
}
