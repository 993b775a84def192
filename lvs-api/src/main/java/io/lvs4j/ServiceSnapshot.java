package io.lvs4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A service at one moment.
 *
 * @param service its description, with the weights in force
 * @param servers its servers in the order of the description
 * @param connections connections accepted since it was added
 * @param refused connections that found no server and were reset
 * @param proxyRefusals connections that were reset for want of a good PROXY header, by reason, where there were any; neither
 *     accepted nor refused connections
 */
public record ServiceSnapshot(
        VirtualService service,
        List<ServerSnapshot> servers,
        long connections,
        long refused,
        Map<ProxyRefusal, Long> proxyRefusals) {
    /** Copies the collections. */
    public ServiceSnapshot {
        Objects.requireNonNull(service, "service");
        servers = List.copyOf(servers);
        proxyRefusals = Map.copyOf(proxyRefusals);
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
