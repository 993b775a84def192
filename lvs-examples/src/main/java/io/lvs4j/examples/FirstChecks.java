package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ServerSnapshot;
import io.lvs4j.ServerState;
import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Whether real servers are up because a check said so, and not only because none has asked yet. */
final class FirstChecks {
    private FirstChecks() {}

    /** Waits until every server has been checked, however that went; returns false if that takes too long. */
    static boolean await(Director director, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!done(director.snapshot())) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return true;
    }

    private static boolean done(DirectorSnapshot snapshot) {
        return snapshot.services().stream()
                .allMatch(service -> service.servers().stream()
                        .allMatch(server -> server.latestChecks().size()
                                >= service.service().checksOf(server.server()).stream()
                                        .map(Object::toString)
                                        .distinct()
                                        .count()));
    }

    static boolean passed(DirectorSnapshot snapshot) {
        return snapshot.services().stream()
                .flatMap(service -> service.servers().stream())
                .allMatch(FirstChecks::passed);
    }

    private static boolean passed(ServerSnapshot server) {
        return server.state() == ServerState.UP
                && !server.latestChecks().isEmpty()
                && server.latestChecks().values().stream().allMatch(CheckResult.Passed.class::isInstance);
    }
}
