package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
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
