package io.lvs4j;

import io.lvs4j.DirectorEvent.Initiator;
import io.lvs4j.check.CheckResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to tell when a service's policy has changed: the difference, first of its servers, then of the whole, then of
 * what that means for servers.
 */
final class PoolEvents {
    private static final CheckResult OMEGA = CheckResult.inconclusive("the service ends");

    private final PoolPolicy before;
    private final PoolPolicy after;
    private final ServiceKey service;
    private final Instant now = Instant.now();
    private final List<DirectorEvent> found = new ArrayList<>();

    private PoolEvents(PoolPolicy before, PoolPolicy after) {
        this.before = before;
        this.after = after;
        this.service = after.service().key();
    }

    static List<DirectorEvent> between(PoolPolicy before, PoolPolicy after) {
        PoolEvents events = new PoolEvents(before, after);
        events.eachServer();
        events.quorumAndPanic();
        events.standbyAndSlowStarts();
        return events.found;
    }

    /** Returns what there is to tell of a service that begins: one that is assumed to have its quorum may not. */
    static List<DirectorEvent> beginning(PoolPolicy policy) {
        boolean waiting = policy.all().stream().anyMatch(Standing::waiting);
        return policy.quorum().held() || waiting ? List.of() : List.of(lost(policy));
    }

    /** Returns what there is to tell of a service that ends. */
    static List<DirectorEvent> end(PoolPolicy policy) {
        List<DirectorEvent> events = new ArrayList<>();
        ServiceKey service = policy.service().key();
        for (Standing standing : policy.all()) {
            if (standing.slowStart != null) {
                events.add(new DirectorEvent.SlowStartEnded(Instant.now(), service, standing.server.key(), 0));
            }
        }
        if (policy.service().poolRules().omega()) {
            for (Standing standing : policy.all()) {
                if (standing.flaps.up()) {
                    events.add(new DirectorEvent.ServerDown(
                            Instant.now(), service, standing.server.key(), "omega", OMEGA));
                }
            }
            if (policy.quorum().held()) {
                events.add(lost(policy));
            }
        }
        return events;
    }

    private static DirectorEvent lost(PoolPolicy policy) {
        return new DirectorEvent.QuorumLost(
                Instant.now(),
                policy.service().key(),
                policy.quorum().weight(),
                policy.quorum().required());
    }

    private void eachServer() {
        for (Standing next : after.all()) {
            Standing last = before.find(next.server.key());
            if (last != null) {
                health(last, next);
                advice(last, next);
                ejection(last, next);
            }
        }
    }

    private void health(Standing last, Standing next) {
        ServerKey server = next.server.key();
        Standing.@Nullable Finding failure = next.lastFailure;
        Standing.@Nullable Finding pass = next.lastPass;
        if (last.flaps.up() && !next.flaps.up() && failure != null) {
            found.add(new DirectorEvent.ServerDown(now, service, server, failure.check(), failure.cause()));
        } else if (!last.flaps.up() && next.flaps.up() && pass != null) {
            found.add(new DirectorEvent.ServerUp(now, service, server, pass.check(), pass.cause()));
        }
        if (next.flaps.phase() == Flaps.Phase.HELD && last.flaps.phase() != Flaps.Phase.HELD) {
            after.service()
                    .poolRules()
                    .flapDamping()
                    .ifPresent(damping -> found.add(
                            new DirectorEvent.ServerHeld(now, service, server, next.flaps.holdDown(damping))));
        }
    }

    private void advice(Standing last, Standing next) {
        ServerKey server = next.server.key();
        if (last.inMaintenanceByAgent() != next.inMaintenanceByAgent()) {
            found.add(
                    next.inMaintenanceByAgent()
                            ? new DirectorEvent.MaintenanceStarted(now, service, server, Initiator.CHECK)
                            : new DirectorEvent.MaintenanceEnded(now, service, server, Initiator.CHECK));
        }
        boolean describedAlike = last.server.weight() == next.server.weight();
        if (describedAlike && last.advisedWeight() != next.advisedWeight()) {
            found.add(new DirectorEvent.WeightChanged(
                    now, service, server, last.advisedWeight(), next.advisedWeight(), Initiator.CHECK));
        }
    }

    private void ejection(Standing last, Standing next) {
        ServerKey server = next.server.key();
        if (!last.ejection.out() && next.ejection.out()) {
            found.add(new DirectorEvent.ServerEjected(
                    now, service, server, next.ejection.cause(), next.ejection.inhibit()));
        } else if (last.ejection.out() && !next.ejection.out()) {
            found.add(new DirectorEvent.ServerReturned(now, service, server, last.ejection.cause()));
        }
    }

    private void quorumAndPanic() {
        if (!before.quorum().held() && after.quorum().held()) {
            found.add(new DirectorEvent.QuorumGained(
                    now, service, after.quorum().weight(), after.quorum().required()));
        } else if (before.quorum().held() && !after.quorum().held()) {
            found.add(lost(after));
        }
        if (!before.panic() && after.panic()) {
            found.add(new DirectorEvent.PanicStarted(now, service));
        } else if (before.panic() && !after.panic()) {
            found.add(new DirectorEvent.PanicEnded(now, service));
        }
    }

    private void standbyAndSlowStarts() {
        for (Standing next : after.all()) {
            Standing last = before.find(next.server.key());
            boolean stoodBy = last != null && last.state == ServerState.STANDBY;
            boolean standsBy = next.state == ServerState.STANDBY;
            if (!stoodBy && standsBy) {
                found.add(new DirectorEvent.StandbyStarted(now, service, next.server.key()));
            } else if (stoodBy && !standsBy) {
                found.add(new DirectorEvent.StandbyEnded(now, service, next.server.key()));
            }
        }
        for (Standing last : before.all()) {
            Standing next = after.find(last.server.key());
            if (last.slowStart != null && (next == null || next.slowStart == null)) {
                int weight = next != null && next.state == ServerState.UP ? after.weight(last.server.key()) : 0;
                found.add(new DirectorEvent.SlowStartEnded(now, service, last.server.key(), weight));
            }
        }
        for (Standing next : after.all()) {
            Standing last = before.find(next.server.key());
            if (next.slowStart != null && (last == null || last.slowStart == null)) {
                found.add(new DirectorEvent.SlowStartStarted(now, service, next.server.key(), next.slowStart.time()));
            }
        }
    }
}
