package io.lvs4j.testkit;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.spi.HealthMonitor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A health monitor that asks nobody: the test says which server is up. Thread-safe. */
public final class ScriptedHealthMonitor implements HealthMonitor {
    private final List<ScriptedWatch> watches = new CopyOnWriteArrayList<>();

    /** Makes a monitor that watches nobody. */
    public ScriptedHealthMonitor() {}

    @Override
    public Watch watch(
            ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting, Listener listener) {
        ScriptedWatch watch = new ScriptedWatch(server, check, listener);
        watches.add(watch);
        return watch;
    }

    /**
     * Gives every check of a server the verdict that it is down.
     *
     * @param server the server
     */
    public void fail(ServerKey server) {
        verdict(server, false, CheckResult.failed("script", "down"));
    }

    /**
     * Gives every check of a server the verdict that it is up.
     *
     * @param server the server
     */
    public void pass(ServerKey server) {
        verdict(server, true, CheckResult.passed("up"));
    }

    /**
     * Gives every check of a server the verdict that it is up, with advice.
     *
     * @param server the server
     * @param advice how much the server can carry
     */
    public void pass(ServerKey server, Advice advice) {
        verdict(server, true, CheckResult.passed("up", advice));
    }

    private void verdict(ServerKey server, boolean up, CheckResult cause) {
        for (ScriptedWatch watch : watches) {
            if (watch.server.equals(server)) {
                watch.latest = cause;
                watch.listener.verdict(up, cause);
            }
        }
    }

    /**
     * {@return the checks that a server is watched with, in the order in which the watches began}
     *
     * @param server the server
     */
    public List<HealthCheck> checksOf(ServerKey server) {
        return watches.stream()
                .filter(watch -> watch.server.equals(server))
                .map(watch -> watch.check)
                .toList();
    }

    @Override
    public void close() {
        watches.clear();
    }

    private final class ScriptedWatch implements Watch {
        private final ServerKey server;
        private final HealthCheck check;
        private final Listener listener;
        private volatile @Nullable CheckResult latest;

        ScriptedWatch(ServerKey server, HealthCheck check, Listener listener) {
            this.server = server;
            this.check = check;
            this.listener = listener;
        }

        @Override
        public Optional<CheckResult> latest() {
            return Optional.ofNullable(latest);
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
