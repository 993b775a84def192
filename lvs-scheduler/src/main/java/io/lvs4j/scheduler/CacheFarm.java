package io.lvs4j.scheduler;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The servers of {@code lblc} and {@code lblcr}: who has too much to do, and who shall take over. Follows what
 * {@code ip_vs_lblc.c} and {@code ip_vs_lblcr.c} have in common.
 *
 * <p>Concurrency: as a {@link Scheduler}. Who has little to do is kept by the threads that carry connections, one bit per
 * destination: so a pick need not look at all of them. Whoever has set a bit reads the counts again and sets it once more if
 * they say otherwise by now.
 */
final class CacheFarm {
    private final WeightedLeastConnection leastConnection = new WeightedLeastConnection();
    private volatile AtomicLongArray belowHalf = new AtomicLongArray(0);

    void update(List<Destination> destinations) {
        leastConnection.update(destinations);
        AtomicLongArray bits = new AtomicLongArray((destinations.size() + Long.SIZE - 1) / Long.SIZE);
        for (int i = 0; i < destinations.size(); i++) {
            Share share = new Share(destinations.get(i), bits, i);
            destinations.get(i).watch(share); // which tells the one of wlc
            share.refresh();
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
        AtomicLongArray bits = belowHalf;
        for (int i = 0; i < bits.length(); i++) {
            if (bits.get(i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Keeps the bit of one destination: whether it has {@code active * 2 < weight}. */
    private static final class Share implements CountWatch {
        private final Destination destination;
        private final @Nullable CountWatch next;
        private final int weight;
        private final AtomicLongArray bits;
        private final int word;
        private final long bit;

        Share(Destination destination, AtomicLongArray bits, int place) {
            this.destination = destination;
            this.next = destination.watch();
            this.weight = destination.weight();
            this.bits = bits;
            this.word = place / Long.SIZE;
            this.bit = 1L << place;
        }

        @Override
        public void changed(long before, long after) {
            if (next != null) {
                next.changed(before, after);
            }
            if (isBelowHalf(before) != isBelowHalf(after)) {
                refresh();
            }
        }

        private boolean isBelowHalf(long counts) {
            return Counts.active(counts) * 2L < weight;
        }

        void refresh() {
            boolean wanted;
            do {
                wanted = isBelowHalf(destination.counts());
                set(wanted);
            } while (wanted != isBelowHalf(destination.counts()));
        }

        private void set(boolean wanted) {
            long before;
            do {
                before = bits.get(word);
            } while (!bits.compareAndSet(word, before, wanted ? before | bit : before & ~bit));
        }
    }
}
