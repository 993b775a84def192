package io.lvs4j;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link PoolRules}, which {@link VirtualService.Builder} has, too. Every setter checks its own value. Not
 * thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class PoolRulesBuilder<B extends PoolRulesBuilder<B>>
        permits PoolRules.Builder, VirtualService.Builder {
    private int quorum = 1;
    private int hysteresis;
    private @Nullable RealServer sorryServer;
    private boolean alpha;
    private boolean omega;
    private boolean inhibitOnFailure;
    private @Nullable Duration slowStart;
    private int panicThreshold;
    private int maxDepool = 100;
    private @Nullable FlapDamping flapDamping;
    private @Nullable OutlierDetection outlierDetection;

    PoolRulesBuilder() {}

    abstract B self();

    final PoolRules rules() {
        return new PoolRules(
                quorum,
                hysteresis,
                Optional.ofNullable(sorryServer),
                alpha,
                omega,
                inhibitOnFailure,
                Optional.ofNullable(slowStart),
                panicThreshold,
                maxDepool,
                Optional.ofNullable(flapDamping),
                Optional.ofNullable(outlierDetection));
    }

    /**
     * Sets all rules at once.
     *
     * @param rules the rules
     * @return this
     */
    public B poolRules(PoolRules rules) {
        quorum = rules.quorum();
        hysteresis = rules.hysteresis();
        sorryServer = rules.sorryServer().orElse(null);
        alpha = rules.alpha();
        omega = rules.omega();
        inhibitOnFailure = rules.inhibitOnFailure();
        slowStart = rules.slowStart().orElse(null);
        panicThreshold = rules.panicThreshold();
        maxDepool = rules.maxDepool();
        flapDamping = rules.flapDamping().orElse(null);
        outlierDetection = rules.outlierDetection().orElse(null);
        return self();
    }

    /**
     * Sets how much weight the service wants without hysteresis, see {@link #quorum(int, int)}. Default 1.
     *
     * @param weight 1..2147483647
     * @return this
     */
    public B quorum(int weight) {
        return quorum(weight, 0);
    }

    /**
     * Sets how much weight the service wants, as keepalived does. The weights of servers that are up are added up, of whatever
     * priority, before any slow start; who failed, is held, ejected, in maintenance or drains adds nothing. The quorum is lost
     * below {@code weight - hysteresis} and at 0, and gained again from {@code weight + hysteresis} on; a service begins with
     * it, but with {@link #alpha} without it. Events tell of it ({@link DirectorEvent.QuorumLost}), and the {@linkplain
     * #sorryServer(RealServer) sorry server}, if there is one, serves while it is lost. Default 1, without hysteresis.
     *
     * @param weight 1..2147483647; more than all servers weigh counts as what they weigh, with a warning
     * @param hysteresis 0..2147483647; from the quorum on it counts as one less than the quorum, with a warning
     * @return this
     */
    public B quorum(int weight, int hysteresis) {
        PoolRules.checkQuorum(weight, hysteresis);
        this.quorum = weight;
        this.hysteresis = hysteresis;
        return self();
    }

    /**
     * Sets who serves while the quorum is lost, see {@link #sorryServer(RealServer)}.
     *
     * @param address such as {@code 192.168.1.9:80} or {@code [fd00::9]:80}
     * @return this
     * @throws IllegalArgumentException if the text is malformed
     */
    public B sorryServer(String address) {
        return sorryServer(RealServer.builder(ServerKey.parse(address)).build());
    }

    /**
     * Sets who serves while the quorum is lost. Then nobody else does, also not servers that are up; connections go on, but UDP
     * flows that the netty backend carries move over. Going over to it and back is one change of the pool, so that there is
     * always somebody to serve. It is not checked. It may be one of the real servers, and then is only left out if an operator
     * drains it or has it in maintenance.
     *
     * @param server a server of weight 1..65535 without checks
     * @return this
     */
    public B sorryServer(RealServer server) {
        this.sorryServer = PoolRules.checkSorryServer(Objects.requireNonNull(server, "sorryServer"));
        return self();
    }

    /** Lets who can serve while the quorum is lost, the default. Returns this. */
    public B noSorryServer() {
        this.sorryServer = null;
        return self();
    }

    /**
     * Holds new servers down until each of their checks has passed once, as keepalived's {@code alpha}; {@link
     * io.lvs4j.check.CheckBuilder#alpha} does so for one check. A check that is new to a server that is up does not take it
     * down. Default: servers are up until a check fails.
     *
     * @return this
     */
    public B alpha() {
        this.alpha = true;
        return self();
    }

    /** Takes servers to be up until a check fails, the default. Returns this. */
    public B noAlpha() {
        this.alpha = false;
        return self();
    }

    /**
     * Tells the end of the service as {@link DirectorEvent.ServerDown} of servers that were up and as {@link
     * DirectorEvent.QuorumLost}, as keepalived's {@code omega}. Default: only as {@link DirectorEvent.ServiceRemoved}.
     *
     * @return this
     */
    public B omega() {
        this.omega = true;
        return self();
    }

    /** Tells the end of the service only as such, the default. Returns this. */
    public B noOmega() {
        this.omega = false;
        return self();
    }

    /**
     * Keeps servers that failed in the pool with weight 0, as keepalived's {@code inhibit_on_failure}: they keep their place,
     * clients that persist to them if {@link Persistence.Quiescent#KEEP} says so, and UDP flows. Default: they leave it.
     *
     * @return this
     */
    public B inhibitOnFailure() {
        this.inhibitOnFailure = true;
        return self();
    }

    /** Takes servers that failed out of the pool, the default, unless they say otherwise. Returns this. */
    public B noInhibitOnFailure() {
        this.inhibitOnFailure = false;
        return self();
    }

    /**
     * Lets servers start slowly: one that begins to serve gets a small share of its weight at first, and all of it, in up
     * to ten equal steps, after this time. That is a server that returns after a failure or from maintenance, as with
     * HAProxy's {@code slowstart} and nginx's {@code slow_start}, one that is added to a running service, and one that has
     * stood by; not those that are there when the service starts. On every backend. Default: none.
     *
     * <p>Weights are whole numbers and at least 1, so give servers weights of 10 or more. Servers that start slowly together
     * share what there is to do by their small weights: nothing is refused. A failure, maintenance, a drain or another
     * weight ends a slow start at once; other changes of the description leave it alone. What a check advises is the weight
     * that it leads to.
     *
     * @param time 1 s..1 h
     * @return this
     */
    public B slowStart(Duration time) {
        this.slowStart = SlowStart.checkTime(time);
        return self();
    }

    /** Gives servers all of their weight at once, the default. Returns this. */
    public B noSlowStart() {
        this.slowStart = null;
        return self();
    }

    /**
     * Distrusts the checks when they take too many servers out: while less than this share of the servers is up, those that
     * failed (or are held or ejected) serve as well. Servers in maintenance, that drain or of weight 0 are not counted. With a
     * sorry server the quorum counts more. Default 0, never: who failed is out, even if nobody is left.
     *
     * @param percent 0..100
     * @return this
     */
    public B panicThreshold(int percent) {
        this.panicThreshold = PoolRules.checkPercent("panicThreshold", percent);
        return self();
    }

    /**
     * Limits how many servers failed checks take out at a time: those that failed first are out, and who failed later stays
     * until there is room. Servers in maintenance, that drain or of weight 0 are not counted. Default 100, all.
     *
     * @param percent of the servers, rounded down, 0..100
     * @return this
     */
    public B maxDepool(int percent) {
        this.maxDepool = PoolRules.checkPercent("maxDepool", percent);
        return self();
    }

    /**
     * Keeps servers out that fail again and again. Default: a server whose checks pass is back at once.
     *
     * @param damping the times
     * @return this
     */
    public B flapDamping(FlapDamping damping) {
        this.flapDamping = Objects.requireNonNull(damping, "flapDamping");
        return self();
    }

    /** Takes servers back as soon as their checks pass, the default. Returns this. */
    public B noFlapDamping() {
        this.flapDamping = null;
        return self();
    }

    /**
     * Takes servers out that connections fail to. On backends that count them: {@code netty} and {@code headless}. Not for
     * UDP services that are not answered. Default: only checks take servers out.
     *
     * @param detection the thresholds and times
     * @return this
     */
    public B outlierDetection(OutlierDetection detection) {
        this.outlierDetection = Objects.requireNonNull(detection, "outlierDetection");
        return self();
    }

    /** Lets only checks take servers out, the default. Returns this. */
    public B noOutlierDetection() {
        this.outlierDetection = null;
        return self();
    }
}
