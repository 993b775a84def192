package io.lvs4j;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events and callbacks to listeners on a thread of its own, {@code lvs-events}, so that what an embedder does there
 * harms nobody. At most {@value #CAPACITY} wait; what does not fit is dropped, counted and logged.
 */
final class EventDispatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventDispatcher.class);
    private static final int CAPACITY = 65_536;

    private final List<DirectorListener> listeners = new CopyOnWriteArrayList<>();
    private final DaemonThreads threads = new DaemonThreads("lvs-events");
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(CAPACITY), threads);
    private final AtomicLong dropped = new AtomicLong();

    void add(DirectorListener listener) {
        listeners.add(listener);
    }

    void remove(DirectorListener listener) {
        listeners.remove(listener);
    }

    void publish(DirectorEvent event) {
        if (listeners.isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> deliver(event));
        } catch (RejectedExecutionException e) {
            if (!executor.isShutdown() && dropped.incrementAndGet() == 1) {
                log.warn("Listeners are too slow: more than {} events wait, new ones are dropped", CAPACITY);
            }
        }
    }

    /** Runs a callback of the embedder after the events published so far; never drops it. */
    void execute(Runnable callback) {
        try {
            executor.execute(callback);
        } catch (RejectedExecutionException e) {
            callback.run();
        }
    }

    private void deliver(DirectorEvent event) {
        for (DirectorListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException e) {
                log.warn("Listener {} failed on {}", listener, event, e);
            }
        }
    }

    /** Delivers what waits, then ends the thread. */
    @Override
    public void close() {
        executor.shutdown();
        threads.join();
    }
}
