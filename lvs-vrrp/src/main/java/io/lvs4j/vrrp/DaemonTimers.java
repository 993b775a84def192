package io.lvs4j.vrrp;

import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one daemon thread, which is there from the first task on. Tasks may wait. Thread-safe. */
final class DaemonTimers implements Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonTimers.class);
    /** Longer ones end after as long, 292 years. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread latest;

    DaemonTimers(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            latest = thread;
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            long nanos = delay.compareTo(LONGEST) < 0 ? delay.toNanos() : LONGEST.toNanos();
            ScheduledFuture<?> future = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // closed meanwhile
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // it would vanish in a future that nobody asks
            LOG.error("A timed task failed", e);
        }
    }

    /** Withdraws what waits, and gives a task that runs 2 s to end; called by a task, it does not wait. */
    @Override
    public void close() {
        executor.shutdown();
        Thread thread = latest;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
