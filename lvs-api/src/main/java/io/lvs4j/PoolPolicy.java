package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a description, health verdicts and what operators ask for into the server set that a backend shall carry.
 *
 * <p>The rules: a server is serving while all of its checks pass (one that has not been judged counts as passing, as with
 * keepalived) and nobody put it into maintenance; a draining server serves with weight 0. With {@link
 * VirtualService#slowStart}, a server that begins to serve has a part of its weight at first: see {@link SlowStart}. Pure, by
 * an injected clock, and confined to the director's lock.
 */
final class PoolPolicy {
    private final VirtualService service;
    private final Ticker ticker;
    private final Map<ServerKey, Standing> standings = new LinkedHashMap<>();

    /** What is known of one server beside its description. */
    private static final class Standing {
        final Set<HealthCheck> failing = new HashSet<>();
        boolean maintenance;
        boolean draining;
        boolean served = true; // nobody starts slowly when the service starts: who would carry the load?

        @Nullable
        SlowStart slowStart;
    }

    PoolPolicy(VirtualService service, Ticker ticker) {
        this.service = service;
        this.ticker = ticker;
        for (RealServer server : service.realServers()) {
            standings.put(server.key(), new Standing());
        }
    }

    /** Returns the policy of a new description: equal servers and equal checks keep what is known of them. */
    PoolPolicy reconfigured(VirtualService next) {
        PoolPolicy policy = new PoolPolicy(next, ticker);
        for (RealServer server : next.realServers()) {
            Standing before = standings.get(server.key());
            Standing after = policy.standing(server.key());
            after.served = before != null && before.served;
            if (before != null) {
                after.failing.addAll(before.failing);
                after.failing.retainAll(next.checksOf(server));
                after.maintenance = before.maintenance;
                after.draining = before.draining;
                after.slowStart = keeps(server, next) ? before.slowStart : null;
            }
            policy.settle(server.key());
        }
        return policy;
    }

    /** A new weight is in force at once. */
    private boolean keeps(RealServer server, VirtualService next) {
        return next.slowStart().isPresent()
                && service.realServer(server.key()).orElseThrow().weight() == server.weight();
    }

    /** Returns a policy that knows the same, to be changed and thrown away if the backend cannot carry it out. */
    PoolPolicy copy() {
        return reconfigured(service);
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
        settle(server);
    }

    void maintenance(ServerKey server, boolean on) {
        standing(server).maintenance = on;
        settle(server);
    }

    void draining(ServerKey server, boolean on) {
        standing(server).draining = on;
        settle(server);
    }

    // ---------------------------------------------------------------- slow start

    /** Lets a slow start begin with the service of a server, and end with it. */
    private void settle(ServerKey server) {
        Standing standing = standing(server);
        ServerState state = state(server);
        int weight = service.realServer(server).orElseThrow().weight();
        if (state != ServerState.UP || weight == 0) {
            standing.slowStart = null;
        } else if (!standing.served) {
            standing.slowStart = service.slowStart()
                    .map(time -> SlowStart.begin(ticker.nanos(), time))
                    .orElse(null);
        }
        standing.served = serving(state);
    }

    /** Takes the steps that are due. */
    void grow() {
        long now = ticker.nanos();
        for (Standing standing : standings.values()) {
            if (standing.slowStart != null) {
                SlowStart grown = standing.slowStart.at(now);
                standing.slowStart = grown.over() ? null : grown;
            }
        }
    }

    /** Gives a server its full weight now. */
    void endSlowStart(ServerKey server) {
        standing(server).slowStart = null;
    }

    /** Returns the servers that have not got all of their weight yet, with how far they have come. */
    Map<ServerKey, SlowStart> slowStarts() {
        Map<ServerKey, SlowStart> under = new LinkedHashMap<>();
        standings.forEach((server, standing) -> {
            if (standing.slowStart != null) {
                under.put(server, standing.slowStart);
            }
        });
        return under;
    }

    // ---------------------------------------------------------------- what comes of it

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
        Standing standing = standing(server.key());
        if (standing.draining) {
            return 0;
        }
        return standing.slowStart == null ? server.weight() : standing.slowStart.weight(server.weight());
    }

    boolean healthy(ServerKey server) {
        return standing(server).failing.isEmpty();
    }

    Pool pool() {
        List<Pool.Member> members = service.realServers().stream()
                .map(server -> new Pool.Member(server, weight(server), serving(state(server.key()))))
                .toList();
        return new Pool(service, members);
    }

    private static boolean serving(ServerState state) {
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
