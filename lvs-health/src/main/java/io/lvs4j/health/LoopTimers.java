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
            if (delay.isZero()) {
                Soon soon = new Soon(task);
                loop.execute(soon);
                return soon;
            }
            ScheduledFuture<?> future = loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // shut down meanwhile: nothing is due any more
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // an Error, too, would otherwise vanish in the future that nobody asks
            log.error("A timed task failed", e);
        }
    }

    /** A task that is due at once does not need the queue that is kept in the order of times. */
    private static final class Soon implements Runnable, Cancellable {
        private final Runnable task;
        private volatile boolean cancelled;

        Soon(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!cancelled) {
                LoopTimers.run(task);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
