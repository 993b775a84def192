package io.lvs4j.vrrp;

import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one daemon thread, which is there from the first task on. */
final class TrackerTimers implements Timers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrackerTimers.class);
    private static final long PATIENCE_SECONDS = 2;

    private final ScheduledThreadPoolExecutor executor;

    /** Creates timers whose thread has a name. */
    TrackerTimers(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // closed meanwhile: nothing is due any more
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // it would vanish in the future that nobody asks
            log.error("A timed task failed", e);
        }
    }

    /** Drops what is due, and waits up to 2 s for the thread: a disk may not answer. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("What is looked at does not answer; its thread ends when it does");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
