package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A virtual router as it is.
 *
 * @param router its description
 * @param state what it is on this host
 * @param priority its priority in force, 1..255
 * @param master whom it takes for the master: a backup, the one that it heard last; empty = nobody, or itself
 * @param source where its adverts come from; empty = it has no address to send from
 * @param faults what it needs and fails, such as {@code interface eth0}
 * @param sent adverts that were sent since it has been described like this, as all counts
 * @param accepted adverts that were accepted
 * @param rejected what was not looked at further, by reason; reasons without any are left out
 */
public record RouterSnapshot(
        VirtualRouter router,
        RouterState state,
        int priority,
        Optional<InetAddress> master,
        Optional<InetAddress> source,
        List<String> faults,
        long sent,
        long accepted,
        Map<Rejection, Long> rejected) {
    /** Copies what can change. */
    public RouterSnapshot {
        Objects.requireNonNull(router, "router");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(master, "master");
        Objects.requireNonNull(source, "source");
        faults = List.copyOf(faults);
        rejected = Map.copyOf(rejected);
    }
}
