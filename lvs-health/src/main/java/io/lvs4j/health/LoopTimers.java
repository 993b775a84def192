package io.lvs4j.health;

import io.lvs4j.spi.Timers;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one event loop, for monitors that are given none. */
final class LoopTimers implements Timers {
    private static final Logger log = LoggerFactory.getLogger(LoopTimers.class);

    private final EventLoop loop;

    LoopTimers(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future = loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // shut down meanwhile: nothing is due any more
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A timed task failed", e);
        }
    }
}
