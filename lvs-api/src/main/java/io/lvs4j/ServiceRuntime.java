package io.lvs4j;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.Timers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service that is being served: its policy, its watches, its drains and its rates. Confined to the director's lock. */
final class ServiceRuntime {
    private final Map<WatchKey, HealthMonitor.Watch> watches = new LinkedHashMap<>();
    private final Map<ServerKey, Drain> drains = new HashMap<>();
    private Timers.Cancellable nextStep = () -> {};
    private Timers.Cancellable nextSample = () -> {};
    private Pool carried;
    private final RateEstimator rates;
    private PoolPolicy policy;
    private Map<ServerKey, ServerCounters> sampled = Map.of();
    private boolean sampling;

    /** Who is asked, what, and with which PROXY header before it. */
    record WatchKey(ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting) {}

    /** Begins one watch. */
    @FunctionalInterface
    interface WatchStarter {
        HealthMonitor.Watch start(WatchKey key);
    }

    ServiceRuntime(PoolPolicy policy, long nowNanos) {
        this.policy = policy;
        this.carried = policy.pool();
        this.rates = new RateEstimator(nowNanos);
    }

    RateEstimator rates() {
        return rates;
    }

    PoolPolicy policy() {
        return policy;
    }

    void policy(PoolPolicy next) {
        policy = next;
    }

    ServiceKey key() {
        return policy.service().key();
    }

    VirtualService service() {
        return policy.service();
    }

    /** Ends watches that the description no longer asks for and begins those that are new; equal ones go on. */
    void reconcileWatches(WatchStarter starter) {
        Map<WatchKey, HealthMonitor.Watch> before = new LinkedHashMap<>(watches);
        watches.clear();
        for (RealServer server : service().realServers()) {
            for (HealthCheck check : service().checksOf(server)) {
                WatchKey key = watchKey(server, check);
                HealthMonitor.Watch watch = before.remove(key);
                if (!watches.containsKey(key)) {
                    watches.put(key, watch != null ? watch : starter.start(key));
                }
            }
        }
        before.values().forEach(HealthMonitor.Watch::close);
    }

    private WatchKey watchKey(RealServer server, HealthCheck check) {
        return new WatchKey(server.key(), check, service().proxyProtocol().send());
    }

    void closeWatches() {
        watches.values().forEach(HealthMonitor.Watch::close);
        watches.clear();
    }

    void requireServer(ServerKey server) {
        policy.requireServer(server);
    }

    /** Whether a server is under this check already, so that nobody need ask whether that is possible. */
    boolean watching(ServerKey server, HealthCheck check) {
        return watches.containsKey(
                new WatchKey(server, check, service().proxyProtocol().send()));
    }

    boolean watching(WatchKey key) {
        return watches.containsKey(key);
    }

    Map<String, CheckResult> latestChecks(RealServer server) {
        Map<String, CheckResult> latest = new LinkedHashMap<>();
        for (HealthCheck check : service().checksOf(server)) {
            HealthMonitor.Watch watch = watches.get(watchKey(server, check));
            if (watch != null) {
                watch.latest().ifPresent(result -> latest.put(check.describe(), result));
            }
        }
        return latest;
    }

    @Nullable
    Drain drain(ServerKey server) {
        return drains.get(server);
    }

    void addDrain(Drain drain) {
        drains.put(drain.server(), drain);
    }

    List<Drain> drains() {
        return List.copyOf(drains.values());
    }

    /** Returns the pool that the backend has, which is not the policy's while the backend fails. */
    Pool carried() {
        return carried;
    }

    void carried(Pool pool) {
        carried = pool;
    }

    void nextStep(Timers.Cancellable step) {
        nextStep.cancel();
        nextStep = step;
    }

    /** Whether counters are sampled for outlier detection. */
    boolean sampling() {
        return sampling;
    }

    /** Begins to sample, or goes on. */
    void sampled(Map<ServerKey, ServerCounters> counters, Timers.Cancellable next) {
        sampling = true;
        sampled = counters;
        nextSample.cancel();
        nextSample = next;
    }

    /** Returns the counters as they were. */
    Map<ServerKey, ServerCounters> sampled() {
        return sampled;
    }

    void endSampling() {
        sampling = false;
        nextSample.cancel();
    }

    void removeDrain(Drain drain) {
        drains.remove(drain.server());
    }
}
