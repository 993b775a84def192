package io.lvs4j;

import io.lvs4j.check.CheckResult;
import io.lvs4j.spi.ServerCounters;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A real server at one moment.
 *
 * @param server its description
 * @param state what it is doing
 * @param serving whether it gets new connections: a server that failed may in a panic, and one that is up does not with weight 0
 * @param weight the weight in force; 0 while it drains or is inhibited, a part of the described one in a slow start, another
 *     one if checks advise it
 * @param counters connections and bytes
 * @param rates how much there is a second; empty where {@link ServiceSnapshot#rates} is
 * @param latestChecks what the latest attempt of each check found, by the check's description; without checks empty
 */
public record ServerSnapshot(
        RealServer server,
        ServerState state,
        boolean serving,
        int weight,
        ServerCounters counters,
        Optional<Rates> rates,
        Map<String, CheckResult> latestChecks) {
    /** Copies the map. */
    public ServerSnapshot {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(counters, "counters");
        Objects.requireNonNull(rates, "rates");
        latestChecks = Map.copyOf(latestChecks);
    }
}
