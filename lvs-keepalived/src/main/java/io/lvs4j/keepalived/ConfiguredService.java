package io.lvs4j.keepalived;

import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Position;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A service that a configuration describes.
 *
 * @param service it, as it would be built by hand
 * @param at where its {@code virtual_server} is
 * @param quorumUp what to run when the quorum is gained
 * @param quorumDown what to run when it is lost
 * @param notifyUp what to run when a server is up
 * @param notifyDown what to run when it is down
 */
public record ConfiguredService(
        VirtualService service,
        Position at,
        Optional<Script> quorumUp,
        Optional<Script> quorumDown,
        Map<ServerKey, Script> notifyUp,
        Map<ServerKey, Script> notifyDown) {
    /** Copies the maps. */
    public ConfiguredService {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(quorumUp, "quorumUp");
        Objects.requireNonNull(quorumDown, "quorumDown");
        notifyUp = Map.copyOf(notifyUp);
        notifyDown = Map.copyOf(notifyDown);
    }
}
