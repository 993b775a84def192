package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of {@code lblc} and {@code lblcr}: who has too much to do, and who shall take over. Follows what
 * {@code ip_vs_lblc.c} and {@code ip_vs_lblcr.c} have in common.
 *
 * <p>Concurrency: as a {@link Scheduler}.
 */
final class CacheFarm {
    private final WeightedLeastConnection leastConnection = new WeightedLeastConnection();
    private volatile Destination[] list = {};

    void update(List<Destination> destinations) {
        leastConnection.update(destinations);
        list = destinations.toArray(Destination[]::new);
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
        for (Destination other : list) {
            if (other.active() * 2L < other.weight()) {
                return true;
            }
        }
        return false;
    }
}
