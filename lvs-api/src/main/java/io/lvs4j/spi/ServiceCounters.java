package io.lvs4j.spi;

import io.lvs4j.ServerKey;
import java.util.Map;

/**
 * The counters of one service.
 *
 * @param servers by server, for every server of the pool and for removed ones that still have connections
 * @param connections connections accepted
 * @param refused connections that found no server and were reset
 */
public record ServiceCounters(Map<ServerKey, ServerCounters> servers, long connections, long refused) {
    /** Copies the map. */
    public ServiceCounters {
        servers = Map.copyOf(servers);
    }

    /**
     * {@return a server's counters, or zeros if it is unknown}
     *
     * @param server address and port
     */
    public ServerCounters of(ServerKey server) {
        return servers.getOrDefault(server, ServerCounters.ZERO);
    }
}
