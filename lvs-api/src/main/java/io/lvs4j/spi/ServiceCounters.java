package io.lvs4j.spi;

import io.lvs4j.Refusal;
import io.lvs4j.ServerKey;
import java.util.Map;

/**
 * The counters of one service.
 *
 * @param servers by server, for every server of the pool and for removed ones that still have connections
 * @param connections connections for which a server was looked for, whether one was found or not; those that were turned away
 *     before that are among the refusals only
 * @param refusals clients turned away, by reason, for reasons that there were any for
 */
public record ServiceCounters(Map<ServerKey, ServerCounters> servers, long connections, Map<Refusal, Long> refusals) {
    /** Copies the maps. */
    public ServiceCounters {
        servers = Map.copyOf(servers);
        refusals = Map.copyOf(refusals);
    }

    /**
     * {@return a server's counters, or zeros if it is unknown}
     *
     * @param server address and port
     */
    public ServerCounters of(ServerKey server) {
        return servers.getOrDefault(server, ServerCounters.ZERO);
    }

    /** {@return clients turned away, for whatever reason} */
    public long refused() {
        return refusals.values().stream().mapToLong(Long::longValue).sum();
    }
}
