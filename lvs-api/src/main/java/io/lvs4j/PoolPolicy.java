package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Pool;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a description, health verdicts and what operators ask for into the server set that a backend shall carry.
 *
 * <p>The rules: a server is serving while all of its checks pass (one that has not been judged counts as passing, as with
 * keepalived) and nobody put it into maintenance; a draining server serves with weight 0. Pure and confined to the
 * director's lock.
 */
final class PoolPolicy {
    private final VirtualService service;
    private final Map<ServerKey, Standing> standings = new LinkedHashMap<>();

    /** What is known of one server beside its description. */
    private static final class Standing {
        final Set<HealthCheck> failing = new HashSet<>();
        boolean maintenance;
        boolean draining;
    }

    PoolPolicy(VirtualService service) {
        this.service = service;
        for (RealServer server : service.realServers()) {
            standings.put(server.key(), new Standing());
        }
    }

    /** Returns the policy of a new description: equal servers and equal checks keep what is known of them. */
    PoolPolicy reconfigured(VirtualService next) {
        PoolPolicy policy = new PoolPolicy(next);
        for (RealServer server : next.realServers()) {
            Standing before = standings.get(server.key());
            if (before != null) {
                Standing after = policy.standing(server.key());
                after.failing.addAll(before.failing);
                after.failing.retainAll(next.checksOf(server));
                after.maintenance = before.maintenance;
                after.draining = before.draining;
            }
        }
        return policy;
    }

    VirtualService service() {
        return service;
    }

    /** Throws unless the description names the server. */
    void requireServer(ServerKey server) {
        standing(server);
    }

    void verdict(ServerKey server, HealthCheck check, boolean up) {
        if (up) {
            standing(server).failing.remove(check);
        } else {
            standing(server).failing.add(check);
        }
    }

    void maintenance(ServerKey server, boolean on) {
        standing(server).maintenance = on;
    }

    void draining(ServerKey server, boolean on) {
        standing(server).draining = on;
    }

    ServerState state(ServerKey server) {
        Standing standing = standing(server);
        if (standing.maintenance) {
            return ServerState.MAINTENANCE;
        }
        if (!standing.failing.isEmpty()) {
            return ServerState.DOWN;
        }
        return standing.draining ? ServerState.DRAINING : ServerState.UP;
    }

    int weight(RealServer server) {
        return standing(server.key()).draining ? 0 : server.weight();
    }

    boolean healthy(ServerKey server) {
        return standing(server).failing.isEmpty();
    }

    Pool pool() {
        List<Pool.Member> members = service.realServers().stream()
                .map(server -> new Pool.Member(server, weight(server), serving(server.key())))
                .toList();
        return new Pool(service, members);
    }

    private boolean serving(ServerKey server) {
        ServerState state = state(server);
        return state == ServerState.UP || state == ServerState.DRAINING;
    }

    private Standing standing(ServerKey server) {
        Standing standing = standings.get(server);
        if (standing == null) {
            throw new IllegalArgumentException("server: " + server + " (expected: one of " + standings.keySet() + ")");
        }
        return standing;
    }
}
