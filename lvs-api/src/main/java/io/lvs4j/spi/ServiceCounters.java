package io.lvs4j.spi;

import io.lvs4j.ProxyRefusal;
import io.lvs4j.ServerKey;
import java.util.Map;

/**
 * The counters of one service.
 *
 * @param servers by server, for every server of the pool and for removed ones that still have connections
 * @param connections connections accepted
 * @param refused connections that found no server and were reset
 * @param proxyRefusals connections that were reset for want of a good PROXY header, by reason, where there were any; neither
 *     accepted nor refused connections
 */
public record ServiceCounters(
        Map<ServerKey, ServerCounters> servers, long connections, long refused, Map<ProxyRefusal, Long> proxyRefusals) {
    /** Copies the maps. */
    public ServiceCounters {
        servers = Map.copyOf(servers);
        proxyRefusals = Map.copyOf(proxyRefusals);
    }

    /**
     * Makes the counters of a service without the PROXY protocol.
     *
     * @param servers by server
     * @param connections connections accepted
     * @param refused connections that found no server and were reset
     */
    public ServiceCounters(Map<ServerKey, ServerCounters> servers, long connections, long refused) {
        this(servers, connections, refused, Map.of());
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
