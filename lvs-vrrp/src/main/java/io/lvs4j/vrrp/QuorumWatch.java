package io.lvs4j.vrrp;

import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells which virtual services have their quorum, by the text of their keys.
 *
 * <pre>
 * service-added    UP if its servers are taken to be up at its start: it has some with a weight, and no check with alpha; else DOWN
 * quorum-gained    UP
 * quorum-lost      DOWN
 * service-removed  DOWN
 * </pre>
 *
 * With alpha nothing is told of a service whose first checks fail, as it has never had its quorum: DOWN from the start, it does not go unnoticed.
 * Of a service that has not been there yet nothing is known.
 *
 * <p>The description matters as it was when the service was added, which may have been some time before its event is heard. It is not in the
 * event: a change meanwhile does not make a quorum, so only the description of then says what there was. If the service has gone meanwhile, or
 * has come again, there are more events to come.
 *
 * <p>Thread-safe as {@link TrackerResults} is; events come in their order.
 */
final class QuorumWatch implements DirectorListener {
    private final TrackerResults results;
    private final Function<ServiceKey, Optional<VirtualService>> added;

    /**
     * Nothing is told yet.
     *
     * @param results who is told
     * @param added gives the description with which a service was added, such as {@link GatedBackend#added}
     */
    QuorumWatch(TrackerResults results, Function<ServiceKey, Optional<VirtualService>> added) {
        this.results = results;
        this.added = added;
    }

    @Override
    public void onEvent(DirectorEvent event) {
        if (event instanceof DirectorEvent.ServiceAdded) {
            tell(
                    event,
                    added.apply(event.service())
                            .filter(QuorumWatch::beginsWithQuorum)
                            .isPresent());
        } else if (event instanceof DirectorEvent.QuorumGained) {
            tell(event, true);
        } else if (event instanceof DirectorEvent.QuorumLost || event instanceof DirectorEvent.ServiceRemoved) {
            tell(event, false);
        }
    }

    private static boolean beginsWithQuorum(VirtualService service) {
        boolean alpha = service.poolRules().alpha()
                || service.realServers().stream()
                        .flatMap(server -> service.checksOf(server).stream())
                        .anyMatch(check -> check.timing().alpha());
        return !alpha && service.realServers().stream().anyMatch(QuorumWatch::hasWeight);
    }

    private static boolean hasWeight(RealServer server) {
        return server.weight() > 0;
    }

    private void tell(DirectorEvent event, boolean up) {
        results.result(TrackerKind.SERVICE, event.service().toString(), up ? TrackerResult.UP : TrackerResult.DOWN);
    }
}
