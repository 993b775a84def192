package io.lvs4j.health;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the one daemon thread of an event loop of our own, and waits for its end when the loop has been shut down. */
final class LoopThread implements ThreadFactory {
    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final String name;
    private volatile @Nullable Thread thread;

    LoopThread(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread made = new FastThreadLocalThread(task, name);
        made.setDaemon(true);
        thread = made;
        return made;
    }

    /** Waits up to 2 s, so that a custom check that blocks cannot hold up the director; not at all on the thread itself. */
    void join() {
        Thread made = thread;
        if (made == null || made == Thread.currentThread()) {
            return;
        }
        try {
            made.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
