package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What would be decided on a flow now, and why. Nothing is changed by asking: no turn is taken, no template is made, nothing is
 * counted. Its text is meant for people:
 *
 * <pre>
 * 10.7.0.1 port 40000 -> 10.8.0.1 port 80: 192.168.1.101:8080 by the scheduler wlc
 *   least (active * 256 + inactive) / weight (first in the list of equals): active 0, inactive 0, weight 2
 *   192.168.1.103:8080 weight 0 active 4 inactive 0: passed over, quiesced
 *   192.168.1.102:8080 weight 1 active 1 inactive 0: available
 *   192.168.1.101:8080 weight 2 active 0 inactive 0: available
 * </pre>
 *
 * @param flow the flow, as text
 * @param server the server that would get the connection; empty if none, or if the scheduler cannot tell beforehand
 * @param decidedBy who decides
 * @param scheduler the scheduler and its settings, as text
 * @param reason the rule that decides, with its inputs
 * @param candidates every server of the service, in IPVS's order, those that are out of the list last
 */
public record Explanation(
        String flow,
        Optional<ServerKey> server,
        Decider decidedBy,
        String scheduler,
        String reason,
        List<Candidate> candidates) {

    /** Who decides. */
    public enum Decider {
        /** The client's persistence template. */
        TEMPLATE,
        /** The scheduler. */
        SCHEDULER,
        /** Nobody: the service takes no connections any more. */
        NOBODY
    }

    /** Whether a server may get this flow's connection. */
    public enum Standing {
        /** It may. */
        AVAILABLE,
        /** Its weight is 0. */
        QUIESCED,
        /** It had its upper threshold of connections and has not come down since. */
        OVERLOADED,
        /** It is down or in maintenance. */
        OUT,
        /** This flow has tried it in vain. */
        TRIED
    }

    /**
     * A server as the decision sees it.
     *
     * @param server address and port
     * @param weight the weight in force
     * @param active connections that are established
     * @param inactive connections that are being opened or closed
     * @param standing whether it may get the connection
     */
    public record Candidate(ServerKey server, int weight, int active, int inactive, Standing standing) {
        @Override
        public String toString() {
            String verdict = standing == Standing.AVAILABLE
                    ? "available"
                    : "passed over, " + standing.name().toLowerCase(java.util.Locale.ROOT);
            return server + " weight " + weight + " active " + active + " inactive " + inactive + ": " + verdict;
        }
    }

    /** Copies the list. */
    public Explanation {
        candidates = List.copyOf(candidates);
    }

    /** Returns what it becomes if nobody is asked any more. */
    Explanation refused(String why) {
        return new Explanation(flow, Optional.empty(), Decider.NOBODY, scheduler, why, candidates);
    }

    @Override
    public String toString() {
        String who = switch (decidedBy) {
            case TEMPLATE -> " by the client's persistence template";
            case SCHEDULER -> " by the scheduler " + scheduler;
            case NOBODY -> "";
        };
        return flow + ": " + server.map(ServerKey::toString).orElse("no server") + who + "\n  " + reason
                + candidates.stream().map(candidate -> "\n  " + candidate).collect(Collectors.joining());
    }
}
