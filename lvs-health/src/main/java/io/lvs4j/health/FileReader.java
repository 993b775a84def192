package io.lvs4j.health;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes the one daemon thread on which files are read, {@code lvs-health-files}; it is there while there is work. */
final class FileReader {
    private static final int MAX_WAITING = 10_000;
    private static final long IDLE_SECONDS = 10;

    private FileReader() {}

    static ExecutorService create() {
        ThreadPoolExecutor reader = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "lvs-health-files");
                    thread.setDaemon(true);
                    return thread;
                });
        reader.allowCoreThreadTimeOut(true);
        return reader;
    }

    /** Ends it, and waits up to 2 s for a disk that does not answer. */
    static void close(ExecutorService reader) {
        reader.shutdownNow();
        try {
            if (!reader.awaitTermination(2, TimeUnit.SECONDS)) {
                return; // it is a daemon
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
