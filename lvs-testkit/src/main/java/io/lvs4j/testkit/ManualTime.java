package io.lvs4j.testkit;

import io.lvs4j.spi.Ticker;
import io.lvs4j.spi.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when told, and the timers that go by it: give one object to a director, or to a part of it, both
 * as {@link Ticker} and as {@link Timers}.
 *
 * <pre>{@code
 * ManualTime time = new ManualTime();
 * time.schedule(Duration.ofSeconds(3), () -> expired.set(true));
 * time.advance(Duration.ofSeconds(2)); // nothing is due yet
 * time.advance(Duration.ofSeconds(1)); // expired
 * }</pre>
 *
 * <p>The clock starts ten seconds before {@link Long#MAX_VALUE}, so that code which compares readings instead of their
 * differences shows up.
 *
 * <p>Thread-safe. Tasks run only within {@link #advance}, on its thread, one at a time; one that is scheduled by another
 * thread waits for the next call, even if its delay is zero.
 */
public final class ManualTime implements Ticker, Timers {
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    private final ReentrantLock advancing = new ReentrantLock();
    private final Object lock = new Object();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Task.BY_TIME);
    private long now = START;
    private long scheduled;

    /** Makes a clock on which nothing is due. */
    public ManualTime() {}

    @Override
    public long nanos() {
        synchronized (lock) {
            return now;
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable action) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: zero or more)");
        }
        synchronized (lock) {
            Task task = new Task(now + delay.toNanos(), scheduled++, action);
            tasks.add(task);
            return () -> remove(task);
        }
    }

    private void remove(Task task) {
        synchronized (lock) {
            tasks.remove(task);
        }
    }

    /** {@return how many tasks have neither begun nor been withdrawn} */
    public int pending() {
        synchronized (lock) {
            return tasks.size();
        }
    }

    /**
     * Moves the clock and runs what becomes due, in the order of time and, at the same time, in the order of scheduling.
     * While a task runs, the clock stands at the moment it was due; what it schedules runs too if it becomes due.
     *
     * <p>What a task throws ends the call with the clock at that task's moment; the tasks after it stay pending.
     *
     * @param step zero or more; zero runs what is due already
     * @throws IllegalStateException if called by a task
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("step: " + step + " (expected: zero or more)");
        }
        if (advancing.isHeldByCurrentThread()) {
            throw new IllegalStateException("advance: called by a task (expected: by the test)");
        }
        advancing.lock();
        try {
            long end = nanos() + step.toNanos();
            for (Task task = nextUntil(end); task != null; task = nextUntil(end)) {
                task.action.run();
            }
        } finally {
            advancing.unlock();
        }
    }

    /** Moves the clock to the next task that is due by {@code end} and takes it, or to {@code end} if there is none. */
    private @Nullable Task nextUntil(long end) {
        synchronized (lock) {
            Task next = tasks.peek();
            if (next == null || next.at - end > 0) {
                now = end;
                return null;
            }
            now = next.at;
            return tasks.poll();
        }
    }

    /** Compared by identity, so that withdrawing one of two equal tasks leaves the other. */
    private static final class Task {
        static final Comparator<Task> BY_TIME =
                (a, b) -> a.at != b.at ? Long.signum(a.at - b.at) : Long.compare(a.order, b.order);

        final long at;
        final long order;
        final Runnable action;

        Task(long at, long order, Runnable action) {
            this.at = at;
            this.order = order;
            this.action = action;
        }
    }
}
