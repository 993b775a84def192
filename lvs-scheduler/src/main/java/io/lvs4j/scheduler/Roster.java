package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the destinations of one service and gives them their cells for counts: {@value #BLOCK} side by side, so that a
 * scheduler can look at many with few cache misses. A cell never moves, so counting goes on while the list changes; the number
 * of a destination that has been released is given out again.
 *
 * <p>Changed by one thread at a time; {@link #get} may be called by any.
 */
final class Roster {
    /** Destinations per block of cells. */
    static final int BLOCK = 256;

    private final List<long[]> blocks = new ArrayList<>();
    private final BitSet taken = new BitSet();
    private volatile @Nullable Destination[] members = new @Nullable Destination[0];

    /** Makes a destination that has no connections and is not usable yet. */
    Destination create(ServerKey key) {
        int number = taken.nextClearBit(0);
        if (number / BLOCK == blocks.size()) {
            long[] block = new long[BLOCK];
            Arrays.fill(block, Counts.UNUSABLE);
            blocks.add(block);
        }
        Destination destination = new Destination(key, number, blocks.get(number / BLOCK), number % BLOCK);
        taken.set(number);
        @Nullable Destination[] next = Arrays.copyOf(members, Math.max(members.length, number + 1));
        next[number] = destination;
        members = next;
        return destination;
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
        @Nullable Destination[] current = members;
        return number < current.length ? current[number] : null;
    }
}
