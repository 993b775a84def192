package io.lvs4j.scheduler;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Destinations by weight, the heaviest first and of equals the first in the list, each with a bit that says whether it is open
 * for new connections. So {@code fo} and {@code ovf} find the heaviest open one without looking at the rest. A destination is
 * open while it is available and, if that is the rule, has no more active connections than its weight is.
 *
 * <p>Concurrency: ranks never change; a new list or a new weight makes a new ranking. The bits are {@link CountBit}s.
 */
final class Ranking {
    private final Destination[] destinations;
    private final boolean limitedByWeight;
    private final long[] open;

    /**
     * Ranks the destinations and begins to watch them.
     *
     * @param limitedByWeight whether a destination closes when it has more active connections than its weight is
     */
    Ranking(List<Destination> list, boolean limitedByWeight) {
        this.limitedByWeight = limitedByWeight;
        destinations = list.toArray(Destination[]::new);
        Arrays.sort(destinations, Comparator.comparingInt(Destination::weight).reversed());
        open = CountBit.words(destinations.length);
        for (int rank = 0; rank < destinations.length; rank++) {
            new Rank(rank).watch();
        }
    }

    /** Returns the heaviest open destination that the flow can use, or null. */
    @Nullable
    Destination first(Flow flow) {
        for (int word = 0; word < open.length; word++) {
            long bits = CountBit.word(open, word);
            while (bits != 0) {
                Destination candidate = destinations[word * Long.SIZE + Long.numberOfTrailingZeros(bits)];
                if (flow.canUse(candidate)) {
                    return candidate;
                }
                bits &= bits - 1;
            }
        }
        return null;
    }

    /** Returns how many destinations are open, out of {@link #size()}. */
    int countOpen() {
        int count = 0;
        for (int rank = 0; rank < destinations.length; rank++) {
            if (isOpen(rank)) {
                count++;
            }
        }
        return count;
    }

    int size() {
        return destinations.length;
    }

    Destination destination(int rank) {
        return destinations[rank];
    }

    boolean isOpen(int rank) {
        return (CountBit.word(open, rank / Long.SIZE) & (1L << rank)) != 0;
    }

    /** Whether one destination is open. */
    private final class Rank extends CountBit {
        private final int limit;

        Rank(int rank) {
            super(destinations[rank], open, rank);
            this.limit = limitedByWeight ? destinations[rank].weight() : Integer.MAX_VALUE;
        }

        @Override
        boolean holds(long counts) {
            return Counts.available(counts) && Counts.active(counts) <= limit;
        }
    }
}
