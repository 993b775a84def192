package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
import io.lvs4j.vrrp.VrrpEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Events as one line in words. */
final class EventText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private EventText() {}

    static String of(DirectorEvent event) {
        String subject = event instanceof DirectorEvent.ServerEvent about
                ? about.service() + " -> " + about.server()
                : event.service().toString();
        return TIME.format(event.time()) + " " + event.type() + " " + subject + details(event);
    }

    static String of(VrrpEvent event) {
        return TIME.format(event.time()) + " " + event.type() + " " + event.name() + ": " + details(event);
    }

    private static String details(VrrpEvent event) {
        if (event instanceof VrrpEvent.RouterEntered entered) {
            return entered.state() + ", priority " + entered.priority();
        }
        if (event instanceof VrrpEvent.GroupEntered entered) {
            return entered.state().toString();
        }
        if (event instanceof VrrpEvent.PriorityChanged changed) {
            return "priority " + changed.priority();
        }
        if (event instanceof VrrpEvent.FaultsChanged changed) {
            return changed.faults().isEmpty() ? "none" : String.join(", ", changed.faults());
        }
        if (event instanceof VrrpEvent.LowerMasterHeard heard) {
            return heard.source().getHostAddress() + ", priority " + heard.priority();
        }
        if (event instanceof VrrpEvent.OwnerConflict conflict) {
            return conflict.source().getHostAddress();
        }
        if (event instanceof VrrpEvent.Failed failed) {
            return failed.what();
        }
        throw new IllegalStateException("event: " + event + " (expected: one that is known here)");
    }

    private static String details(DirectorEvent event) {
        if (event instanceof DirectorEvent.ServerDown down) {
            return " (" + down.check() + ", " + down.cause() + ")";
        }
        if (event instanceof DirectorEvent.ServerUp up) {
            return " (" + up.check() + ", " + up.cause() + ")";
        }
        if (event instanceof DirectorEvent.ServerAdded added) {
            return " weight " + added.weight();
        }
        if (event instanceof DirectorEvent.WeightChanged changed) {
            return " weight " + changed.before() + " -> " + changed.after() + " by " + changed.by();
        }
        if (event instanceof DirectorEvent.MaintenanceStarted started) {
            return " by " + started.by();
        }
        if (event instanceof DirectorEvent.MaintenanceEnded ended) {
            return " by " + ended.by();
        }
        if (event instanceof DirectorEvent.ServerHeld held) {
            return " for " + Durations.format(held.holdDown());
        }
        if (event instanceof DirectorEvent.ServerEjected ejected) {
            return " for " + Durations.format(ejected.inhibit()) + " (" + ejected.cause() + ")";
        }
        if (event instanceof DirectorEvent.QuorumGained gained) {
            return " weight " + gained.weight() + ", quorum " + gained.quorum();
        }
        if (event instanceof DirectorEvent.QuorumLost lost) {
            return " weight " + lost.weight() + ", quorum " + lost.quorum();
        }
        if (event instanceof DirectorEvent.LookupFailed failed) {
            return " " + failed.host() + ": " + failed.cause();
        }
        if (event instanceof DirectorEvent.SlowStartStarted started) {
            return " for " + Durations.format(started.duration());
        }
        if (event instanceof DirectorEvent.SlowStartEnded ended) {
            return " weight " + ended.weight();
        }
        if (event instanceof DirectorEvent.ServiceUpdated updated) {
            return " now " + updated.after();
        }
        if (event instanceof DirectorEvent.DrainEnded drain) {
            return " " + drain.report().outcome() + ", " + drain.report().remaining() + " connections left";
        }
        if (event instanceof DirectorEvent.DriftRepaired repaired) {
            return " " + String.join("; ", repaired.changes());
        }
        return "";
    }
}
