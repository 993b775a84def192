package io.lvs4j.netty;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the daemon threads {@code lvs-netty-1}, {@code lvs-netty-2}, ... of a backend, and waits for their end. */
final class LoopThreads implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, "lvs-netty-" + count.incrementAndGet());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Waits until all threads have ended, each up to a limit. */
    void join(long millis) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(millis);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
