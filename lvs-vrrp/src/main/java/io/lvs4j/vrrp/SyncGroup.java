package io.lvs4j.vrrp;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Routers that are master or backup together.
 *
 * @param name its name
 * @param routers their names, at least one, each once
 * @param tracking what all of them look at
 * @param trackingWeight whether what they look at may have weights, so that their priorities may differ
 */
public record SyncGroup(String name, List<String> routers, Tracking tracking, boolean trackingWeight) {
    /** Checks and copies the names. */
    public SyncGroup {
        Tracked.requireName("sync group", name);
        routers = List.copyOf(routers);
        if (routers.isEmpty()) {
            throw new IllegalArgumentException("sync group " + name + ": no routers (expected: their names)");
        }
        if (Set.copyOf(routers).size() < routers.size()) {
            throw new IllegalArgumentException("sync group " + name + ": " + routers + " (expected: each once)");
        }
        Objects.requireNonNull(tracking, "tracking");
    }
}
