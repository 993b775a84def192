package io.lvs4j.vrrp;

import io.lvs4j.LvsException;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.HealthMonitorProvider;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link TrackScript}s, each as the {@link MiscCheck} of a server that does not exist: the health monitor that is found, such as module
 * {@code lvs-health}'s, starts, times and kills them, and {@link ScriptCount} judges.
 *
 * <p>Compared with keepalived 2.2.7, beside what {@link MiscCheck} says of how programs are run and of who may have written them:
 * <ul>
 *   <li>the environment is {@code PATH}, {@code LANG}, and {@code LVS_ADDRESS=127.0.0.1} and {@code LVS_PORT=1}, which mean nothing; keepalived
 *       hands on its own;
 *   <li>a script may be run by this process's user and group alone. One that names others is refused;
 *   <li>who takes longer than the interval is run again when it has ended; keepalived starts another one beside it;
 *   <li>at the timeout all of its process group are killed, 100 ms after SIGTERM; keepalived gives them two seconds. The longest timeout is 10 min;
 *   <li>a timeout that this process notices late counts neither way, but not twice in a row: it was this process that stood still;
 *   <li>a program that cannot be started any more counts neither way; with keepalived it fails. At the start it is an error.
 * </ul>
 *
 * <p>Threads: {@code lvs-vrrp-scripts} counts and tells; programs are run by the monitor's.
 */
final class ScriptRuns implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScriptRuns.class);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

    /** Stands where a check has its real server. */
    private static final ServerKey NOBODY = ServerKey.of("127.0.0.1", 1);

    private final Map<TrackScript, Watched> watches = new LinkedHashMap<>();
    private final TrackerResults results;
    private final Function<Timers, Optional<HealthMonitor>> monitors;
    private Map<TrackScript, MiscCheck> checks;
    private boolean started;
    private @Nullable DaemonTimers timers;
    private @Nullable HealthMonitor monitor;

    private record Watched(Runs runs, HealthMonitor.Watch watch) {
        void end() {
            watch.close();
            runs.end();
        }
    }

    /**
     * Takes scripts.
     *
     * @throws IllegalArgumentException if one cannot be run, naming it
     */
    ScriptRuns(Collection<TrackScript> scripts, TrackerResults results) {
        this(
                scripts,
                results,
                timers -> ServiceLoader.load(HealthMonitorProvider.class)
                        .findFirst()
                        .map(provider -> provider.create(Ticker.system(), timers)));
    }

    ScriptRuns(
            Collection<TrackScript> scripts,
            TrackerResults results,
            Function<Timers, Optional<HealthMonitor>> monitors) {
        this.results = results;
        this.monitors = monitors;
        checks = checks(scripts);
    }

    private static Map<TrackScript, MiscCheck> checks(Collection<TrackScript> scripts) {
        Map<TrackScript, MiscCheck> checks = new LinkedHashMap<>();
        for (TrackScript script : scripts) {
            naming(script, () -> checks.put(script, check(script)));
        }
        return checks;
    }

    private static void naming(TrackScript script, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("script " + script.name() + ": " + e.getMessage(), e);
        }
    }

    private static MiscCheck check(TrackScript script) {
        script.user().ifPresent(user -> require("user", user, System.getProperty("user.name")));
        script.group().ifPresent(group -> require("group", group, ownGroup()));
        Duration timeout = script.timeout();
        if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            log.warn("Script {}: timeout {} is taken as {}", script.name(), timeout, LONGEST_TIMEOUT);
            timeout = LONGEST_TIMEOUT;
        }
        String[] arguments = script.command().stream().skip(1).toArray(String[]::new);
        return MiscCheck.program(script.command().get(0), arguments)
                .delayLoop(script.interval())
                .connectTimeout(timeout)
                .warmup(Duration.ZERO)
                .build();
    }

    private static void require(String what, String wanted, String own) {
        if (!wanted.equals(own)) {
            throw new IllegalArgumentException(what + ": " + wanted + " (expected: none or " + own
                    + ", who this process is: it runs programs as nobody else)");
        }
    }

    /** Who owns what shows this process is who it is, as the kernel sees it. */
    private static String ownGroup() {
        try {
            return Files.readAttributes(Path.of("/proc/self"), PosixFileAttributes.class)
                    .group()
                    .getName();
        } catch (IOException e) {
            throw new IllegalArgumentException("group: not known whose this process is: " + e, e);
        }
    }

    /**
     * Runs them from now on.
     *
     * @throws IllegalArgumentException if one cannot be run here, naming it; then none is
     * @throws LvsException if nobody is there who runs programs
     */
    void start() {
        try {
            run(checks, () -> {});
            started = true;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Refuses scripts that cannot be run; before the start, as far as that is known.
     *
     * @throws IllegalArgumentException if one cannot be run, naming it
     * @throws LvsException if nobody is there who runs programs
     */
    void require(Collection<TrackScript> scripts) {
        Map<TrackScript, MiscCheck> wanted = checks(scripts);
        if (started) {
            require(wanted);
        }
    }

    private void require(Map<TrackScript, MiscCheck> wanted) {
        wanted.forEach((script, check) -> naming(script, () -> monitor(script).require(NOBODY, check)));
    }

    /**
     * Runs these from now on. Those that are described as before go on.
     *
     * @param between is done when the others have been told of for the last time, and before anything new is told of
     * @throws IllegalArgumentException if one cannot be run, naming it; then nothing has changed
     * @throws LvsException if nobody is there who runs programs; then nothing has changed
     */
    void change(Collection<TrackScript> scripts, Runnable between) {
        Map<TrackScript, MiscCheck> wanted = checks(scripts);
        if (started) {
            run(wanted, between);
        } else {
            between.run();
        }
        checks = wanted;
    }

    private void run(Map<TrackScript, MiscCheck> wanted, Runnable between) {
        require(wanted);
        watches.entrySet().removeIf(each -> ends(each, wanted.keySet()));
        between.run();
        wanted.forEach((script, check) ->
                naming(script, () -> watches.computeIfAbsent(script, added -> watch(monitor(added), added, check))));
    }

    private static boolean ends(Map.Entry<TrackScript, Watched> watch, Set<TrackScript> wanted) {
        boolean ends = !wanted.contains(watch.getKey());
        if (ends) {
            watch.getValue().end();
        }
        return ends;
    }

    private HealthMonitor monitor(TrackScript asks) {
        HealthMonitor there = monitor;
        if (there != null) {
            return there;
        }
        DaemonTimers own = new DaemonTimers("lvs-vrrp-scripts");
        Optional<HealthMonitor> found = monitors.apply(own);
        if (found.isEmpty()) {
            own.close();
            throw new LvsException("script " + asks.name()
                    + ": no health monitor found; add io.lvs4j:lvs-health to the class path or module path");
        }
        timers = own;
        monitor = found.get();
        return found.get();
    }

    private Watched watch(HealthMonitor by, TrackScript script, MiscCheck check) {
        Runs runs = new Runs(script);
        if (!started && script.beginsDown()) { // later it would make masters give way: they wait for the first run
            results.result(TrackerKind.SCRIPT, script.name(), TrackerResult.DOWN);
        }
        return new Watched(runs, by.watch(NOBODY, check, runs));
    }

    /** Hears of each run of one script, on the timers. */
    private final class Runs implements HealthMonitor.Listener {
        private final TrackScript script;
        private final ScriptCount count;
        private boolean notStarted;
        private boolean ended;
        /** It has been told of since it was run. */
        private boolean told;

        Runs(TrackScript script) {
            this.script = script;
            this.count = new ScriptCount(script);
        }

        @Override
        public void verdict(boolean up, CheckResult cause) {
            // counted here
        }

        /** After it nothing is told, whatever is under way. */
        synchronized void end() {
            ended = true;
        }

        @Override
        public synchronized void attempt(CheckResult result) {
            if (ended) {
                return;
            }
            boolean unclear = result instanceof CheckResult.Inconclusive;
            if (unclear && !notStarted) {
                log.warn("Script {} says nothing: {}", script.name(), result.detail());
            }
            notStarted = unclear;
            Optional<TrackerResult> changed = count.count(result);
            boolean asAssumed = result instanceof CheckResult.Failed && changed.isEmpty() && !told;
            if (changed.isPresent() || (asAssumed && script.beginsDown())) {
                told = true;
                TrackerResult known = count.known();
                log.info("Script {} is {}: {}", script.name(), known.fails() ? "down" : "up", result);
                results.result(TrackerKind.SCRIPT, script.name(), known);
            }
        }
    }

    /** Kills those that run, and frees every thread. Idempotent. */
    @Override
    public void close() {
        watches.clear();
        if (monitor != null) {
            monitor.close();
            monitor = null;
        }
        if (timers != null) {
            timers.close();
            timers = null;
        }
    }
}
