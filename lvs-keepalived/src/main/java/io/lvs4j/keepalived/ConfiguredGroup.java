package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.SyncGroup;
import java.util.Objects;

/**
 * A group of virtual routers that a configuration describes.
 *
 * @param group it, as it would be built by hand
 * @param at where its {@code vrrp_sync_group} is
 * @param scripts what is run when its state changes
 */
public record ConfiguredGroup(SyncGroup group, Position at, RouterScripts scripts) {
    /** Requires all parts. */
    public ConfiguredGroup {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(scripts, "scripts");
    }

    /**
     * {@return a group without scripts, which no file has}
     *
     * @param group it
     */
    public static ConfiguredGroup of(SyncGroup group) {
        return new ConfiguredGroup(group, new Position("", 1, 1), RouterScripts.none());
    }
}
