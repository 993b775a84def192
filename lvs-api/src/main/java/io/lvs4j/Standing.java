package io.lvs4j;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One server's facts, and what {@link PoolPolicy} makes of them. Those about the past outlast a change of the description;
 * results do not, they are made anew.
 */
final class Standing {
    final RealServer server;

    // What has been found and asked for.
    final Set<HealthCheck> failing = new HashSet<>();
    /** Alpha checks that have yet to pass for the first time. */
    final Set<HealthCheck> pending = new HashSet<>();

    final Map<HealthCheck, Advice> advice = new HashMap<>();

    @Nullable
    Finding lastPass;

    @Nullable
    Finding lastFailure;

    boolean maintenance;
    boolean draining;

    // What the rules remember.
    Flaps flaps;
    /** The number of the failure that it has not recovered from: those that failed first have small ones; 0 = none. */
    long failure;

    Ejection ejection = Ejection.NONE;
    boolean served = true; // nobody starts slowly when the service starts: who would carry the load?

    @Nullable
    SlowStart slowStart;

    // What comes of it.
    ServerState state = ServerState.UP;
    /** Whether it serves although it failed. */
    boolean open;
    /** Whether it serves in place of all others. */
    boolean sorry;

    /** What a check found. */
    record Finding(String check, CheckResult cause) {}

    Standing(RealServer server, long nowNanos) {
        this.server = server;
        this.flaps = Flaps.up(nowNanos);
    }

    /** Holds the server down until these checks have passed. */
    void await(Set<HealthCheck> alpha, long nowNanos) {
        pending.addAll(alpha);
        if (!alpha.isEmpty()) {
            flaps = Flaps.waiting(nowNanos);
        }
    }

    /** Returns one that knows the same. */
    Standing copy() {
        Standing copy = new Standing(server, 0);
        copy.failing.addAll(failing);
        copy.pending.addAll(pending);
        copy.advice.putAll(advice);
        copy.remember(this);
        copy.slowStart = slowStart;
        return copy;
    }

    /** Takes over what is known of the same server under another description. */
    void inherit(Standing before, List<HealthCheck> checks, Set<HealthCheck> alpha, Set<HealthCheck> known) {
        failing.addAll(before.failing);
        failing.retainAll(checks);
        pending.addAll(alpha);
        pending.removeIf(check -> known.contains(check) ? !before.pending.contains(check) : before.passing());
        before.advice.forEach((check, each) -> {
            if (checks.contains(check)) {
                advice.put(check, each);
            }
        });
        remember(before);
        slowStart =
                server.weight() == before.server.weight() ? before.slowStart : null; // a new weight is in force at once
    }

    private void remember(Standing before) {
        lastPass = before.lastPass;
        lastFailure = before.lastFailure;
        maintenance = before.maintenance;
        draining = before.draining;
        flaps = before.flaps;
        failure = before.failure;
        ejection = before.ejection;
        served = before.served;
    }

    void pass(HealthCheck check, CheckResult cause) {
        failing.remove(check);
        pending.remove(check);
        lastPass = new Finding(check.describe(), cause);
        advice.remove(check);
        adviceOf(cause).ifPresent(each -> advice.put(check, each));
    }

    /** Whether a pass changes nothing. */
    boolean hasPassed(HealthCheck check, CheckResult cause) {
        return !failing.contains(check)
                && !pending.contains(check)
                && adviceOf(cause).equals(Optional.ofNullable(advice.get(check)));
    }

    private static Optional<Advice> adviceOf(CheckResult cause) {
        return cause instanceof CheckResult.Passed passed ? passed.advice() : Optional.empty();
    }

    void fail(HealthCheck check, CheckResult cause) {
        failing.add(check);
        advice.remove(check);
        lastFailure = new Finding(check.describe(), cause);
    }

    // ---------------------------------------------------------------- what they say

    boolean passing() {
        return failing.isEmpty() && pending.isEmpty();
    }

    /** Whether no check of it failed, but not all alpha checks have passed yet. */
    boolean waiting() {
        return failure == 0 && !flaps.up();
    }

    /** Whether its checks, or connections to it, failed and it has not recovered. */
    boolean troubled() {
        return failure != 0 || ejection.out();
    }

    boolean inMaintenanceByAgent() {
        return advice.containsValue(Advice.Admin.MAINTENANCE);
    }

    boolean drains() {
        return draining || advice.containsValue(Advice.Admin.DRAIN);
    }

    /** Whether an operator or its agent has it out, however well it is, or its weight. */
    boolean takenOut() {
        return maintenance || inMaintenanceByAgent() || drains() || server.weight() == 0;
    }

    /** The weight that checks advise, whatever an operator does. */
    int advisedWeight() {
        return advice.containsValue(Advice.Admin.DRAIN) ? 0 : AdvisedWeight.of(server.weight(), advice.values());
    }

    /** The weight before a slow start. */
    int fullWeight() {
        return draining ? 0 : advisedWeight();
    }

    /** The weight that it adds to the quorum. */
    int weightUp() {
        return state == ServerState.UP ? fullWeight() : 0;
    }

    // ---------------------------------------------------------------- what comes of it

    /** Returns its state as far as it does not depend on others. */
    ServerState own() {
        if (maintenance) {
            return ServerState.MAINTENANCE;
        }
        if (!flaps.up()) {
            return flaps.phase() == Flaps.Phase.HELD ? ServerState.HELD : ServerState.DOWN;
        }
        if (ejection.out()) {
            return ServerState.EJECTED;
        }
        if (inMaintenanceByAgent()) {
            return ServerState.MAINTENANCE;
        }
        return drains() ? ServerState.DRAINING : ServerState.UP;
    }

    /** Whether it is in the pool with weight 0 because it failed. */
    private boolean inhibited(PoolRules rules) {
        boolean failed = state == ServerState.DOWN || state == ServerState.HELD || state == ServerState.EJECTED;
        return failed && !open && (rules.inhibitOnFailure() || server.inhibitOnFailure());
    }

    /** Whether it takes part in serving, be it with weight 0. */
    private boolean takesPart() {
        return sorry || open || state == ServerState.UP || state == ServerState.DRAINING;
    }

    boolean serving(PoolRules rules) {
        return takesPart() || inhibited(rules);
    }

    int weight(PoolRules rules) {
        if (sorry) {
            return rules.sorryServer().orElseThrow().weight();
        }
        if (inhibited(rules)) {
            return 0;
        }
        return slowStart == null ? fullWeight() : slowStart.weight(fullWeight());
    }

    /** Lets a slow start begin with the service of the server, go on, and end with it. */
    void startSlowly(PoolRules rules, long nowNanos) {
        if (state != ServerState.UP || sorry || fullWeight() == 0) {
            slowStart = null;
        } else if (!served) {
            slowStart = rules.slowStart()
                    .map(time -> SlowStart.begin(nowNanos, time))
                    .orElse(null);
        } else if (slowStart != null) {
            SlowStart grown = slowStart.at(nowNanos);
            slowStart = rules.slowStart().isEmpty() || grown.over() ? null : grown;
        }
        if (!waiting()) { // or the first pass after the service has started would be a start
            served = takesPart();
        }
    }
}
