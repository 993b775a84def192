package io.lvs4j.examples;

import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ServerSnapshot;
import io.lvs4j.ServerState;
import io.lvs4j.check.CheckResult;

/** Whether real servers are up because a check said so, and not only because none has asked yet. */
final class FirstChecks {
    private FirstChecks() {}

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
