package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of {@code lblc} and {@code lblcr}: who has too much to do, and who shall take over. Follows what
 * {@code ip_vs_lblc.c} and {@code ip_vs_lblcr.c} have in common.
 *
 * <p>Concurrency: as a {@link Scheduler}. Who has little to do say {@link CountBit}s, so that a pick need not look at everybody.
 */
final class CacheFarm {
    private final WeightedLeastConnection leastConnection = new WeightedLeastConnection();
    private volatile long[] belowHalf = {};

    void update(List<Destination> destinations) {
        leastConnection.update(destinations);
        long[] bits = CountBit.words(destinations.size());
        for (int i = 0; i < destinations.size(); i++) {
            new Share(destinations.get(i), bits, i).watch(); // in place of the watch of wlc, which it tells
        }
        belowHalf = bits;
    }

    /** Returns the choice of {@code wlc}. */
    @Nullable
    Destination leastLoaded(Flow flow) {
        return leastConnection.pick(flow);
    }

    /**
     * Whether a server has too much to do while another has little: {@code active > weight}, and some destination has
     * {@code active * 2 < weight}.
     */
    boolean overburdened(Destination destination) {
        return destination.active() > destination.weight() && someoneIsBelowHalf();
    }

    private boolean someoneIsBelowHalf() {
        long[] bits = belowHalf;
        for (int i = 0; i < bits.length; i++) {
            if (CountBit.word(bits, i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one destination has {@code active * 2 < weight}. */
    private static final class Share extends CountBit {
        private final @Nullable CountWatch next;
        private final int weight;

        Share(Destination destination, long[] bits, int place) {
            super(destination, bits, place);
            this.next = destination.watch();
            this.weight = destination.weight();
        }

        @Override
        public void changed(long before, long after) {
            if (next != null) {
                next.changed(before, after);
            }
            super.changed(before, after);
        }

        @Override
        boolean holds(long counts) {
            return Counts.active(counts) * 2L < weight;
        }
    }
}
