package io.lvs4j;

import io.lvs4j.check.CheckResult;
import io.lvs4j.spi.ServerCounters;
import java.util.Map;
import java.util.Objects;

/**
 * A real server at one moment.
 *
 * @param server its description
 * @param state what it is doing
 * @param weight the weight in force; 0 while it drains
 * @param counters connections and bytes
 * @param latestChecks what the latest attempt of each check found, by the check's description; without checks empty
 */
public record ServerSnapshot(
        RealServer server,
        ServerState state,
        int weight,
        ServerCounters counters,
        Map<String, CheckResult> latestChecks) {
    /** Copies the map. */
    public ServerSnapshot {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(counters, "counters");
        latestChecks = Map.copyOf(latestChecks);
    }
}
