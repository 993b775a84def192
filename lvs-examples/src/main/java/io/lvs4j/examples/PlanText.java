package io.lvs4j.examples;

import io.lvs4j.Plan;
import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import java.util.List;

/** Plans as lines for an operator, without the checks of what is new, which would fill the screen. */
final class PlanText {
    private PlanText() {}

    static String of(Plan.Change change) {
        if (change instanceof Plan.AddService add) {
            return new Plan.AddService(withoutChecks(add.description())).toString();
        }
        if (change instanceof Plan.AddServer add) {
            return new Plan.AddServer(add.service(), withoutChecks(add.server())).toString();
        }
        return change.toString();
    }

    static VirtualService withoutChecks(VirtualService service) {
        return service.withRealServers(
                service.realServers().stream().map(PlanText::withoutChecks).toList());
    }

    private static RealServer withoutChecks(RealServer server) {
        return new RealServer(
                server.key(),
                server.weight(),
                server.upperThreshold(),
                server.lowerThreshold(),
                server.priority(),
                server.inhibitOnFailure(),
                server.forwarding(),
                List.of());
    }
}
