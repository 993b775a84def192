package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm that chooses the real server of a new connection. One instance serves one virtual service.
 *
 * <p>{@code pick} is called by many threads at once, the other methods by one at a time and at the same time as {@code pick}.
 * An implementation keeps what it derives from the list in one immutable snapshot, which {@code update} builds and publishes
 * by one volatile write and {@code pick} reads once.
 *
 * <p>To bring one of your own, see {@link SchedulerFactory}.
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
     * Takes over the list after changes of it: destinations were added or removed, or their weights or thresholds were
     * changed. A new scheduler is given the list as it stands, perhaps empty, before it is first asked.
     *
     * @param destinations the destinations in IPVS's order, which is the last added first; weights are those in force, 0 for
     *     a quiesced one. A view: copy what is needed
     */
    void update(List<Destination> destinations);

    /**
     * Hears of every single change of the list, before {@link #update} is called for one or more of them. For an algorithm
     * whose next choice depends on how the list came about, as that of {@code wrr} does.
     *
     * @param destinations the list after the change
     */
    default void changed(List<Destination> destinations) {}

    /** {@return whether {@code pick} asks for {@link Flow#time()}} Always the same. */
    default boolean usesTime() {
        return false;
    }

    /**
     * Says what {@code pick} would answer now and why, and changes nothing: no turn is taken and nothing is remembered. Off the
     * hot path.
     *
     * @param flow who connects and where to
     * @return the choice; empty if the algorithm cannot tell
     */
    default Optional<Choice> explain(Flow flow) {
        return Optional.empty();
    }

    /**
     * What a scheduler would choose.
     *
     * @param destination the destination, or null if there is none for the flow
     * @param reason the rule with its inputs, such as {@code bucket 192 of 256 belongs to it}
     */
    record Choice(@Nullable Destination destination, String reason) {}
}
