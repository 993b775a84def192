package io.lvs4j.health;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long this machine stands still: a thread that has nothing to do but to wake up every few milliseconds notes how
 * late it does.
 */
final class MachineStalls implements AutoCloseable {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Thread thread = new Thread(this::watch, "machine-stalls");
    private volatile boolean closed;
    private long longestNanos; // guarded by this

    MachineStalls() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long before = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(NAP_NANOS);
            long now = System.nanoTime();
            note(now - before - NAP_NANOS);
            before = now;
        }
    }

    private synchronized void note(long lateNanos) {
        longestNanos = Math.max(longestNanos, lateNanos);
    }

    /** Returns the longest of all since the last call, in nanoseconds. */
    synchronized long takeLongest() {
        long longest = longestNanos;
        longestNanos = 0;
        return longest;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
