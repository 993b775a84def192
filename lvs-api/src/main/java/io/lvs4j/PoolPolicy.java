package io.lvs4j;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a description, health verdicts, what operators ask for and time into the server set that a backend shall carry.
 *
 * <p>Facts go into {@link Standing}s, and {@link #settle} asks the rules in the order of {@link PoolRules}, each in a file of its
 * own: {@link Flaps}, {@link Ejection}, {@link AdvisedWeight}, {@link Quorum}, {@link FailOpen}, {@link Tiers}, {@link
 * SlowStart}. A failed check outdoes everything but an operator's maintenance. Pure, by an injected clock, and confined to the
 * director's lock.
 */
final class PoolPolicy {
    private final VirtualService service;
    private final PoolRules rules;
    private final Ticker ticker;
    private final Map<ServerKey, Standing> standings = new LinkedHashMap<>();
    private long failures;
    private Quorum quorum;
    private boolean panic;
    private boolean sorryServes;
    private @Nullable Pool pool;

    PoolPolicy(VirtualService service, Ticker ticker) {
        this(service, ticker, Quorum.beginning(true));
        long now = ticker.nanos();
        for (RealServer server : service.realServers()) {
            Standing standing = new Standing(server, now);
            standing.await(alphaChecks(server), now);
            standings.put(server.key(), standing);
        }
        quorum = Quorum.beginning(!rules.alpha() && standings.values().stream().noneMatch(Standing::waiting));
        settle();
    }

    private PoolPolicy(VirtualService service, Ticker ticker, Quorum quorum) {
        this.service = service;
        this.rules = service.poolRules();
        this.ticker = ticker;
        this.quorum = quorum;
    }

    private Set<HealthCheck> alphaChecks(RealServer server) {
        Set<HealthCheck> alpha = new HashSet<>(service.checksOf(server));
        alpha.removeIf(check -> !rules.alpha() && !check.timing().alpha());
        return alpha;
    }

    /** Returns the policy of a new description: equal servers and equal checks keep what is known of them. */
    PoolPolicy reconfigured(VirtualService next) {
        PoolPolicy policy = new PoolPolicy(next, ticker, quorum);
        policy.failures = failures;
        long now = ticker.nanos();
        for (RealServer server : next.realServers()) {
            Standing before = standings.get(server.key());
            Standing after = new Standing(server, now);
            if (before == null) {
                after.await(policy.alphaChecks(server), now);
                after.served = false;
            } else {
                after.inherit(
                        before,
                        next.checksOf(server),
                        policy.alphaChecks(server),
                        Set.copyOf(service.checksOf(before.server)));
            }
            policy.standings.put(server.key(), after);
        }
        policy.settle();
        return policy;
    }

    /** Returns a policy that knows the same, to be changed and thrown away if the backend cannot carry it out. */
    PoolPolicy copy() {
        PoolPolicy policy = new PoolPolicy(service, ticker, quorum);
        policy.failures = failures;
        standings.forEach((server, standing) -> policy.standings.put(server, standing.copy()));
        policy.settle();
        return policy;
    }

    VirtualService service() {
        return service;
    }

    /** Throws unless the description names the server. */
    void requireServer(ServerKey server) {
        standing(server);
    }

    // ---------------------------------------------------------------- facts

    void verdict(ServerKey server, HealthCheck check, boolean up, CheckResult cause) {
        settle(); // what was due before comes before
        if (up) {
            standing(server).pass(check, cause);
        } else {
            standing(server).fail(check, cause);
        }
        settle();
    }

    /** Whether a verdict says nothing new: so do the first ones of a service with many servers. */
    boolean isOldNews(ServerKey server, HealthCheck check, boolean up, CheckResult cause) {
        return up && standing(server).hasPassed(check, cause);
    }

    /** Takes over what became of connections within an interval. */
    void observed(Map<ServerKey, ConnectionOutcomes> outcomes) {
        settle();
        rules.outlierDetection().ifPresent(detection -> {
            int room = Math.max(1, standings.size() * detection.maxEjected() / 100)
                    - (int) all().stream().filter(each -> each.ejection.out()).count();
            for (Standing standing : all()) {
                ConnectionOutcomes of = outcomes.get(standing.server.key());
                if (room > 0 && of != null && of.exceed(detection) && canBeSpared(standing)) {
                    standing.ejection =
                            standing.ejection.eject(ticker.nanos(), detection, of + " within " + detection.interval());
                    room--;
                    settle();
                }
            }
        });
    }

    private boolean canBeSpared(Standing standing) {
        return standing.weightUp() > 0 && all().stream().anyMatch(other -> other != standing && other.weightUp() > 0);
    }

    void maintenance(ServerKey server, boolean on) {
        settle();
        standing(server).maintenance = on;
        settle();
    }

    void draining(ServerKey server, boolean on) {
        settle();
        standing(server).draining = on;
        settle();
    }

    /** Gives a server its full weight now. */
    void endSlowStart(ServerKey server) {
        standing(server).slowStart = null;
        settle();
    }

    /** Does what is due. */
    void advance() {
        settle();
    }

    /** Returns how long until time alone changes something, at least 0; empty = never. */
    OptionalLong nanosToNextStep() {
        long now = ticker.nanos();
        List<Long> steps = new ArrayList<>();
        for (Standing standing : all()) {
            if (standing.slowStart != null) {
                steps.add(standing.slowStart.nanosToNextStep(now));
            }
            if (standing.flaps.phase() == Flaps.Phase.HELD) {
                steps.add(standing.flaps.nanosHeld(now, rules.flapDamping()));
            }
            if (standing.ejection.out()) {
                steps.add(standing.ejection.nanosLeft(now));
            }
        }
        return steps.stream().mapToLong(step -> Math.max(0, step)).min();
    }

    // ---------------------------------------------------------------- the rules

    private void settle() {
        long now = ticker.nanos();
        pool = null;
        for (Standing standing : all()) {
            standing.flaps =
                    standing.flaps.at(now, rules.flapDamping()).checked(standing.passing(), now, rules.flapDamping());
            standing.ejection = standing.ejection.at(now, rules.outlierDetection());
            if (standing.flaps.up()) {
                standing.failure = 0;
            } else if (standing.failure == 0 && !standing.failing.isEmpty()) {
                standing.failure = ++failures;
            }
            standing.state = standing.own();
        }
        quorum = quorum.next(rules, sum(all()), weightOfAll(service));
        openAndStandBy();
        all().forEach(standing -> standing.startSlowly(rules, now));
    }

    private void openAndStandBy() {
        FailOpen failOpen = FailOpen.of(all(), rules);
        panic = failOpen.panic();
        for (Standing standing : all()) {
            standing.open = failOpen.open().contains(standing.server.key());
        }
        sorryServes = !quorum.held() && sorryCanServe();
        int last = sorryServes ? -1 : Tiers.serving(all());
        for (Standing standing : all()) {
            standing.sorry = sorryServes && isSorryServer(standing.server);
            if (standing.server.priority() > last) {
                standing.open = false;
                if (standing.state == ServerState.UP && !standing.sorry) {
                    standing.state = ServerState.STANDBY;
                }
            }
        }
    }

    private boolean sorryCanServe() {
        return rules.sorryServer()
                .filter(sorry -> {
                    Standing standing = standings.get(sorry.key());
                    return standing == null || !(standing.maintenance || standing.draining);
                })
                .isPresent();
    }

    private boolean isSorryServer(RealServer server) {
        return rules.sorryServer()
                .filter(sorry -> sorry.key().equals(server.key()))
                .isPresent();
    }

    private static long sum(Collection<Standing> standings) {
        return standings.stream().mapToLong(Standing::weightUp).sum();
    }

    static long weightOfAll(VirtualService service) {
        return service.realServers().stream().mapToLong(RealServer::weight).sum();
    }

    // ---------------------------------------------------------------- what comes of it

    ServerState state(ServerKey server) {
        return standing(server).state;
    }

    int weight(ServerKey server) {
        return standing(server).weight(rules);
    }

    boolean inMaintenance(ServerKey server) {
        return standing(server).maintenance;
    }

    Quorum quorum() {
        return quorum;
    }

    boolean panic() {
        return panic;
    }

    boolean sorryServes() {
        return sorryServes;
    }

    /** The servers of the description, in its order. */
    Collection<Standing> all() {
        return standings.values();
    }

    @Nullable
    Standing find(ServerKey server) {
        return standings.get(server);
    }

    /** Returns the members in the order of the description, and the sorry server last unless it is one of them. */
    Pool pool() {
        Pool current = pool;
        if (current == null) {
            List<Pool.Member> members = new ArrayList<>();
            all().forEach(each -> members.add(new Pool.Member(each.server, each.weight(rules), each.serving(rules))));
            rules.sorryServer()
                    .filter(sorry -> !standings.containsKey(sorry.key()))
                    .ifPresent(sorry -> members.add(new Pool.Member(sorry, sorry.weight(), sorryServes)));
            current = new Pool(service, members);
            pool = current;
        }
        return current;
    }

    private Standing standing(ServerKey server) {
        Standing standing = standings.get(server);
        if (standing == null) {
            throw new IllegalArgumentException("server: " + server + " (expected: one of " + standings.keySet() + ")");
        }
        return standing;
    }
}
