package io.lvs4j;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How health, weights and time make a service's servers the set that serves; {@link PoolRulesBuilder} says what each setting
 * does. The rules are asked in this order: checks (with {@code alpha}), flap damping, outlier detection, maintenance and
 * drains, advised weights, quorum, panic and max-depool, priorities, the sorry server, slow start.
 *
 * @param quorum the weight that a service wants, 1..2147483647; more than all of its servers weigh counts as what they weigh
 * @param hysteresis how much more it takes to gain the quorum, and less to lose it, 0..2147483647; from the quorum on it
 *     counts as one less than the quorum
 * @param sorryServer who serves while the quorum is lost; empty = those that can
 * @param alpha whether servers are down until all of their checks have passed once
 * @param omega whether the end of a service is told as the end of its servers and of its quorum
 * @param inhibitOnFailure whether servers that failed stay in the pool with weight 0
 * @param slowStart how long a server that begins to serve takes to get all of its weight, 1 s..1 h; empty = it has it at once
 * @param panicThreshold the percentage of servers that are up below which those that failed serve, too, 0..100; 0 = never
 * @param maxDepool the percentage of servers that failed checks may take out at a time, 0..100; 100 = all
 * @param flapDamping whether servers that fail again and again are kept out; empty = they are not
 * @param outlierDetection whether servers that connections fail to are taken out; empty = they are not
 */
public record PoolRules(
        int quorum,
        int hysteresis,
        Optional<RealServer> sorryServer,
        boolean alpha,
        boolean omega,
        boolean inhibitOnFailure,
        Optional<Duration> slowStart,
        int panicThreshold,
        int maxDepool,
        Optional<FlapDamping> flapDamping,
        Optional<OutlierDetection> outlierDetection) {

    private static final PoolRules DEFAULTS = builder().build();

    /** Checks the ranges; a sorry server has a weight, and no checks of its own, because it is not checked. */
    public PoolRules {
        checkQuorum(quorum, hysteresis);
        sorryServer.ifPresent(PoolRules::checkSorryServer);
        slowStart.ifPresent(SlowStart::checkTime);
        checkPercent("panicThreshold", panicThreshold);
        checkPercent("maxDepool", maxDepool);
        Objects.requireNonNull(flapDamping, "flapDamping");
        Objects.requireNonNull(outlierDetection, "outlierDetection");
    }

    static void checkQuorum(int quorum, int hysteresis) {
        if (quorum < 1) {
            throw new IllegalArgumentException("quorum: " + quorum + " (expected: 1..2147483647)");
        }
        if (hysteresis < 0) {
            throw new IllegalArgumentException("hysteresis: " + hysteresis + " (expected: 0..2147483647)");
        }
    }

    static RealServer checkSorryServer(RealServer server) {
        if (server.weight() == 0) {
            throw new IllegalArgumentException("sorryServer weight: 0 (expected: 1.." + RealServer.MAX_WEIGHT + ")");
        }
        if (!server.healthChecks().isEmpty()) {
            throw new IllegalArgumentException("sorryServer checks: " + server.healthChecks()
                    + " (expected: none, it serves when nobody else does and is not checked)");
        }
        return server;
    }

    static int checkPercent(String name, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException(name + ": " + percent + " (expected: 0..100)");
        }
        return percent;
    }

    /** {@return keepalived's: quorum 1, and everything else off} */
    public static PoolRules defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the settings that are not the defaults, each after a space. */
    @Override
    public String toString() {
        return (quorum == 1 ? "" : " quorum " + quorum)
                + (hysteresis == 0 ? "" : " hysteresis " + hysteresis)
                + sorryServer.map(server -> " sorry " + server).orElse("")
                + (alpha ? " alpha" : "")
                + (omega ? " omega" : "")
                + (inhibitOnFailure ? " inhibit" : "")
                + slowStart.map(time -> " slow start " + time).orElse("")
                + (panicThreshold == 0 ? "" : " panic below " + panicThreshold + "%")
                + (maxDepool == 100 ? "" : " max-depool " + maxDepool + "%")
                + flapDamping.map(damping -> " " + damping).orElse("")
                + outlierDetection.map(detection -> " " + detection).orElse("");
    }

    /** Collects rules that several services may share. Not thread-safe. */
    public static final class Builder extends PoolRulesBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** {@return the rules} */
        public PoolRules build() {
            return rules();
        }
    }
}
