package io.lvs4j;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the one daemon thread of an executor, and waits for its end when the executor has been shut down. */
final class DaemonThreads implements ThreadFactory {
    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final String name;
    private volatile @Nullable Thread latest;

    DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        latest = thread;
        return thread;
    }

    /** Waits up to 2 s, so that a callback that hangs cannot hold up its director; not at all on the thread itself. */
    void join() {
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
