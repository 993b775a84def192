package io.lvs4j.spi;

import java.time.Duration;

/**
 * Runs tasks later, one at a time and in the order of their times. The director's own runs them on its daemon thread;
 * a test's runs them when it moves its clock. Thread-safe.
 */
public interface Timers {

    /**
     * Runs a task once after a delay.
     *
     * @param delay zero or more; zero means as soon as the tasks before it have run
     * @param task must not block; what it throws is logged
     * @return cancels the task if it has not begun
     */
    Cancellable schedule(Duration delay, Runnable task);

    /** Withdraws a task. */
    @FunctionalInterface
    interface Cancellable {
        /** Withdraws the task if it has not begun; otherwise does nothing. */
        void cancel();
    }
}
