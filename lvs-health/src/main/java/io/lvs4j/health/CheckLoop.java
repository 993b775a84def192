package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.spi.HealthMonitor;
import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server under one check: when to ask, for how long to wait, and whom to tell.
 *
 * <pre>
 *   watch      attempt                attempt fails          extra attempt              attempt
 *     |--random--|------delayLoop-------|--|-delayBeforeRetry--|--------delayLoop---------|
 *       0..warmup         start to start     end to start               start to start
 * </pre>
 *
 * Extra attempts come only while the server is up, or after a pass if it recovers fast. An attempt that takes longer than {@code delayLoop} is followed by the
 * next at once; attempts never overlap. What results mean is left to {@link Verdicts}.
 *
 * <p>A deadline that is noticed late shows that this process was held up (a long collection, a frozen virtual machine), and
 * so perhaps the answer as well. Such an attempt is inconclusive, or one pause would take every server down at once; but not
 * twice in a row, or a director that is always late would never notice a dead server.
 *
 * <p>Threads: attempts begin, end and are judged in tasks of {@link Timers}, which run one at a time, so that the verdicts
 * and the listener need no lock. What {@link #close()} touches too, on whatever thread, is guarded by this object's monitor,
 * which is never held while foreign code runs.
 */
final class CheckLoop implements HealthMonitor.Watch {
    private static final Logger log = LoggerFactory.getLogger(CheckLoop.class);
    private static final Duration LATE = Duration.ofMillis(100);

    private final ServerKey server;
    private final CheckTiming timing;
    private final Probe probe;
    private final HealthMonitor.Listener listener;
    private final Ticker ticker;
    private final Timers timers;

    // Confined to the timers.
    private final Verdicts verdicts;
    private long startedNanos;
    private @Nullable Object waitingFor; // the attempt whose outcome counts
    private boolean excused; // the latest attempt was inconclusive

    // Guarded by this.
    private boolean closed;
    private Timers.Cancellable due = () -> {}; // the next attempt, or the deadline of the present one
    private Probe.@Nullable Attempt attempt; // the latest

    private volatile @Nullable CheckResult latest;

    CheckLoop(
            ServerKey server,
            CheckTiming timing,
            Probe probe,
            HealthMonitor.Listener listener,
            Ticker ticker,
            Timers timers) {
        this.server = server;
        this.timing = timing;
        this.probe = probe;
        this.listener = listener;
        this.ticker = ticker;
        this.timers = timers;
        this.verdicts = new Verdicts(timing);
    }

    /**
     * Schedules the first attempt. Called once.
     *
     * @param part which part of the warmup to wait, 0..1
     */
    void start(double part) {
        later(Duration.ofNanos((long) (timing.warmup().toNanos() * part)), this::begin);
    }

    private synchronized void later(Duration delay, Runnable task) {
        if (!closed) {
            due = timers.schedule(delay, () -> step(task));
        }
    }

    /** A step that fails is not the last: where descriptors are used up, even a class that is needed may not be found. */
    private void step(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            waitingFor = null;
            if (withdrawDue()) {
                later(timing.delayLoop(), this::begin);
            }
            log.error("The check of {} failed, and goes on", server, e);
        }
    }

    private void begin() {
        if (!open()) {
            return;
        }
        abortLatest(); // it has been judged, but may still be saying goodbye
        startedNanos = ticker.nanos();
        Object token = new Object();
        waitingFor = token;
        Probe.Attempt begun =
                probe.begin(server, result -> timers.schedule(Duration.ZERO, () -> step(() -> finish(token, result))));
        if (hold(begun)) {
            later(timing.timeout(), () -> overdue(token, begun));
        } else {
            begun.abort();
        }
    }

    private synchronized boolean open() {
        return !closed;
    }

    private synchronized boolean hold(Probe.Attempt begun) {
        attempt = begun;
        return !closed;
    }

    private void overdue(Object token, Probe.Attempt begun) {
        Duration late = Duration.ofNanos(ticker.nanos() - startedNanos).minus(timing.timeout());
        CheckResult result = late.compareTo(LATE) > 0 && !excused
                ? CheckResult.inconclusive("the deadline was noticed " + Wording.of(late) + " late")
                : begun.phase().overdue(timing.timeout());
        begun.abort();
        finish(token, result);
    }

    private void finish(Object token, CheckResult result) {
        if (waitingFor != token || !withdrawDue()) {
            return; // the deadline was faster, or the watch has been closed
        }
        waitingFor = null;
        latest = result;
        excused = result instanceof CheckResult.Inconclusive;
        boolean tell = verdicts.count(result);
        later(soon(result) ? timing.delayBeforeRetry() : rest(), this::begin);
        listener.attempt(result);
        if (tell) {
            listener.verdict(verdicts.up(), result);
        }
    }

    private boolean soon(CheckResult result) {
        return result instanceof CheckResult.Failed
                ? verdicts.doubtful()
                : timing.fastRecovery() && verdicts.recovering() && result instanceof CheckResult.Passed;
    }

    /** Withdraws the deadline; returns whether the watch is still open. */
    private synchronized boolean withdrawDue() {
        due.cancel();
        return !closed;
    }

    /** Returns what is left of the delay loop. */
    private Duration rest() {
        Duration spent = Duration.ofNanos(ticker.nanos() - startedNanos);
        Duration rest = timing.delayLoop().minus(spent);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private void abortLatest() {
        Probe.Attempt latestAttempt;
        synchronized (this) {
            latestAttempt = attempt;
        }
        if (latestAttempt != null) {
            latestAttempt.abort();
        }
    }

    @Override
    public Optional<CheckResult> latest() {
        return Optional.ofNullable(latest);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            due.cancel();
        }
        abortLatest();
    }
}
