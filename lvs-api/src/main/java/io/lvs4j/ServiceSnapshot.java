package io.lvs4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A service at one moment.
 *
 * @param service its description, with the weights in force
 * @param servers its servers in the order of the description
 * @param quorum whether the servers that are up weigh enough
 * @param panic whether so few are up that those which failed serve, too
 * @param sorryServer the sorry server, if it is none of the servers: {@link ServerState#UP} while it serves, else {@link
 *     ServerState#STANDBY}
 * @param connections connections since it was added for which a server was looked for, whether one was found or not; those
 *     that were turned away before that are among the refusals only
 * @param refusals clients turned away since it was added, by reason, for reasons that there were any for
 * @param rates how much there is a second; empty on backends that are not asked for it, such as {@code ipvs}: there {@code
 *     ipvsadm -Ln --rate} tells
 */
public record ServiceSnapshot(
        VirtualService service,
        List<ServerSnapshot> servers,
        Quorum quorum,
        boolean panic,
        Optional<ServerSnapshot> sorryServer,
        long connections,
        Map<Refusal, Long> refusals,
        Optional<Rates> rates) {
    /** Copies the collections. */
    public ServiceSnapshot {
        Objects.requireNonNull(service, "service");
        servers = List.copyOf(servers);
        Objects.requireNonNull(quorum, "quorum");
        Objects.requireNonNull(sorryServer, "sorryServer");
        refusals = Map.copyOf(refusals);
        Objects.requireNonNull(rates, "rates");
    }

    /** {@return clients turned away since it was added, for whatever reason} */
    public long refused() {
        return refusals.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * {@return the server with this key}
     *
     * @param key address and port
     * @throws IllegalArgumentException if there is none
     */
    public ServerSnapshot server(ServerKey key) {
        return servers.stream()
                .filter(s -> s.server().key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("server: " + key + " (expected: one of "
                        + servers.stream().map(s -> s.server().key()).toList() + ")"));
    }
}
