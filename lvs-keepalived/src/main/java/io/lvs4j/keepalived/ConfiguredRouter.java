package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.VirtualRouter;
import java.util.Objects;

/**
 * A virtual router that a configuration describes.
 *
 * @param router it, as it would be built by hand
 * @param at where its {@code vrrp_instance} is
 * @param scripts what is run when its state changes
 */
public record ConfiguredRouter(VirtualRouter router, Position at, RouterScripts scripts) {
    /** Requires all parts. */
    public ConfiguredRouter {
        Objects.requireNonNull(router, "router");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(scripts, "scripts");
    }

    /**
     * {@return a router without scripts, which no file has}
     *
     * @param router it
     */
    public static ConfiguredRouter of(VirtualRouter router) {
        return new ConfiguredRouter(router, new Position("", 1, 1), RouterScripts.none());
    }
}
