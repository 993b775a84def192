package io.lvs4j.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm that chooses the real server of a new connection. One instance serves one virtual service.
 *
 * <p>{@code pick} is called by many threads at once, {@code update} by one at a time and at the same time as {@code pick}.
 * An implementation keeps what it derives from the list in one immutable snapshot, which {@code update} builds and publishes
 * by one volatile write and {@code pick} reads once.
 */
public interface Scheduler {

    /**
     * Chooses a destination that {@link Flow#canUse the flow can use}. Allocates nothing, takes no lock and logs nothing.
     *
     * @param flow who connects and where to
     * @return the destination, or null if this algorithm has none for the flow
     */
    @Nullable
    Destination pick(Flow flow);

    /**
     * Takes over the list after one change of it: a destination was added or removed, or its weight or a threshold was
     * changed. A new scheduler is given the list as it stands, perhaps empty, before it is first asked.
     *
     * @param destinations the destinations in IPVS's order, which is the last added first; weights are those in force, 0 for
     *     a quiesced one. A view: copy what is needed
     */
    void update(List<Destination> destinations);
}
