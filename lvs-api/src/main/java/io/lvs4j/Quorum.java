package io.lvs4j;

/**
 * Whether a service has the weight it wants: keepalived's rule. It is lost below {@code required - hysteresis} and at 0, and
 * gained from {@code required + hysteresis} on.
 *
 * @param held whether it has
 * @param weight what the servers that are up weigh together
 * @param required the quorum in force: the described one, or what all servers weigh if that is less; at least 1
 * @param hysteresis the hysteresis in force: the described one, at most {@code required - 1}
 */
public record Quorum(boolean held, long weight, long required, long hysteresis) {

    /** Returns what a service begins with, before its servers are looked at. */
    static Quorum beginning(boolean held) {
        return new Quorum(held, 0, 1, 0);
    }

    /**
     * Returns what it is next.
     *
     * @param weightUp of the servers that are up
     * @param weightOfAll as described, of all servers
     */
    Quorum next(PoolRules rules, long weightUp, long weightOfAll) {
        long wanted = required(rules, weightOfAll);
        long slack = hysteresis(rules, weightOfAll);
        boolean next = held ? weightUp > 0 && weightUp >= wanted - slack : weightUp >= wanted + slack;
        return new Quorum(next, weightUp, wanted, slack);
    }

    static long required(PoolRules rules, long weightOfAll) {
        return Math.max(1, Math.min(rules.quorum(), weightOfAll));
    }

    static long hysteresis(PoolRules rules, long weightOfAll) {
        return Math.min(rules.hysteresis(), required(rules, weightOfAll) - 1);
    }
}
