package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs on one daemon thread, {@code lvs-health-programs}, which starts them, reads what they write without ever waiting
 * for it, and ends them. The thread is there from the first program on. Thread-safe.
 */
final class Programs {
    /** The most that run at the same time. */
    static final int MAX_RUNNING = 128;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long BUSY_MILLIS = 1;
    private static final long QUIET_MILLIS = 10;

    private final Semaphore news = new Semaphore(0);
    private final List<ProgramRun> starting = new ArrayList<>(); // guarded by this
    private int running; // guarded by this; those that are starting as well
    private boolean closed; // guarded by this
    private @Nullable Thread thread; // guarded by this

    /** Runs a program soon; its outcome is inconclusive if too many run already. */
    void begin(ProgramRun run, Consumer<CheckResult> outcome) {
        if (!take(run)) {
            outcome.accept(CheckResult.inconclusive("program not started: " + MAX_RUNNING + " are running already"));
        }
    }

    private synchronized boolean take(ProgramRun run) {
        if (closed || running >= MAX_RUNNING) {
            return false;
        }
        running++;
        starting.add(run);
        if (thread == null) {
            thread = new Thread(this::work, "lvs-health-programs");
            thread.setDaemon(true);
            thread.start();
        }
        wake();
        return true;
    }

    /** Looks at all programs at once. */
    void wake() {
        news.release();
    }

    private void work() {
        byte[] buffer = new byte[1 << 16];
        List<ProgramRun> runs = new ArrayList<>();
        boolean busy = false;
        while (awaitWork(runs, busy)) {
            busy = false;
            for (Iterator<ProgramRun> each = runs.iterator(); each.hasNext(); ) {
                int read = each.next().goOn(buffer, System.nanoTime());
                if (read < 0) {
                    each.remove();
                    ended();
                }
                busy |= read > 0;
            }
        }
        runs.forEach(ProgramRun::kill);
    }

    /** Starts what is to be started and waits for something to do; returns false at the end. */
    private boolean awaitWork(List<ProgramRun> runs, boolean busy) {
        try {
            long patience = runs.isEmpty() ? Long.MAX_VALUE : busy ? BUSY_MILLIS : QUIET_MILLIS;
            if (news.tryAcquire(patience, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            return false; // by nobody of ours
        }
        List<ProgramRun> fresh;
        synchronized (this) {
            fresh = List.copyOf(starting);
            starting.clear();
            if (closed) {
                return false;
            }
        }
        for (ProgramRun run : fresh) {
            if (run.start(this::wake)) {
                runs.add(run);
            } else {
                ended();
            }
        }
        return true;
    }

    private synchronized void ended() {
        running--;
    }

    /** Kills all programs, and waits for the thread. Idempotent. */
    void close() {
        Thread working;
        synchronized (this) {
            closed = true;
            working = thread;
            wake();
        }
        if (working != null) {
            try {
                working.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
