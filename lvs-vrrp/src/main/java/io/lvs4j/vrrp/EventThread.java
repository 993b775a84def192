package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, in order, on one daemon thread of their own, so that none of them holds up adverts. Thread-safe. */
final class EventThread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventThread.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<VrrpListener> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread;
    private volatile @Nullable Thread itself;

    EventThread(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            itself = made;
            return made;
        });
    }

    void add(VrrpListener listener) {
        listeners.add(listener);
    }

    void remove(VrrpListener listener) {
        listeners.remove(listener);
    }

    void publish(VrrpEvent event) {
        execute(() -> listeners.forEach(each -> tell(each, event)));
    }

    /** Does something between what is told; returns when it is done, or the time is over. */
    void await(Runnable task, Duration patience) {
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            boolean unused = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("Closed already");
        }
    }

    private static void tell(VrrpListener listener, VrrpEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | Error e) {
            log.error("A listener failed at {}", event, e);
        }
    }

    /** Waits a while until what was published has been told, unless a listener calls it. */
    @Override
    public void close() {
        thread.shutdown();
        if (Thread.currentThread() == itself) {
            return;
        }
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("A listener still has not returned after {} s", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
