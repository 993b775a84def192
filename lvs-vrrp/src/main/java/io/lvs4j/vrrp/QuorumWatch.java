package io.lvs4j.vrrp;

import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import io.lvs4j.PoolRules;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells which virtual services have their quorum, by the text of their keys.
 *
 * <pre>
 * service-added    UP if it has its quorum by those servers that are taken to be up at its start, all but those with alpha checks; else DOWN
 * quorum-gained    UP
 * quorum-lost      DOWN
 * service-removed  DOWN
 * </pre>
 *
 * A service that waits for alpha checks is DOWN from the start: if they fail, its director has nothing to tell, as it has never had its quorum.
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

    /** The director's rule at a service's start, {@link io.lvs4j.PoolRulesBuilder#quorum(int, int)}, which it does not tell of. */
    private static boolean beginsWithQuorum(VirtualService service) {
        PoolRules rules = service.poolRules();
        long all = 0;
        long up = 0;
        boolean held = !rules.alpha();
        for (RealServer server : service.realServers()) {
            boolean waits = service.checksOf(server).stream()
                    .anyMatch(check -> rules.alpha() || check.timing().alpha());
            all += server.weight();
            up += waits ? 0 : server.weight();
            held &= !waits;
        }
        long required = Math.max(1, Math.min(rules.quorum(), all));
        long hysteresis = Math.min(rules.hysteresis(), required - 1);
        return held ? up > 0 && up >= required - hysteresis : up >= required + hysteresis;
    }

    private void tell(DirectorEvent event, boolean up) {
        results.result(TrackerKind.SERVICE, event.service().toString(), up ? TrackerResult.UP : TrackerResult.DOWN);
    }
}
