package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Destinations by weight, the heaviest first and of equals the first in the list, each with a bit that says whether it is open
 * for new connections. So {@code fo} and {@code ovf} find the heaviest open one without looking at the rest. A destination is
 * open while it is available and, if that is the rule, has no more active connections than its weight is.
 *
 * <p>Concurrency: ranks never change; a new list or a new weight makes a new ranking. The bits are kept by the threads that
 * carry connections, as {@link CountWatch}. Only a change that opens or closes a destination touches its bit. Whoever has set
 * a bit reads the counts again and sets it once more if they say otherwise by now, so of writers that overtake each other
 * the last one leaves what is true. A destination is watched first and its bit set second, so no change is lost between.
 */
final class Ranking {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

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
        open = new long[(destinations.length + Long.SIZE - 1) / Long.SIZE];
        for (int rank = 0; rank < destinations.length; rank++) {
            Rank watch = new Rank(rank);
            destinations[rank].watch(watch);
            watch.refresh();
        }
    }

    /** Returns the heaviest open destination that the flow can use, or null. */
    @Nullable
    Destination first(Flow flow) {
        for (int word = 0; word < open.length; word++) {
            long bits = (long) WORDS.getVolatile(open, word);
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
        return ((long) WORDS.getVolatile(open, rank / Long.SIZE) & (1L << rank)) != 0;
    }

    /** Keeps the bit of one destination. */
    private final class Rank implements CountWatch {
        private final int rank;
        private final int limit;

        Rank(int rank) {
            this.rank = rank;
            this.limit = limitedByWeight ? destinations[rank].weight() : Integer.MAX_VALUE;
        }

        @Override
        public void changed(long before, long after) {
            if (mayOpen(before) != mayOpen(after)) {
                refresh();
            }
        }

        private boolean mayOpen(long counts) {
            return Counts.available(counts) && Counts.active(counts) <= limit;
        }

        void refresh() {
            boolean wanted;
            do {
                wanted = mayOpen(destinations[rank].counts());
                if (wanted) {
                    WORDS.getAndBitwiseOr(open, rank / Long.SIZE, 1L << rank);
                } else {
                    WORDS.getAndBitwiseAnd(open, rank / Long.SIZE, ~(1L << rank));
                }
            } while (wanted != mayOpen(destinations[rank].counts()));
        }
    }
}
