package io.lvs4j.keepalived;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds what Jazzer makes up to the time that an input may take. */
public final class CpuTime {
    private static final Duration MOST = Duration.ofSeconds(1);
    private static final boolean FUZZING = "1".equals(System.getenv("JAZZER_FUZZ"));
    /** Linux's count of the nanoseconds that this thread has run, and more. */
    private static final Path RUN = Path.of("/proc/thread-self/schedstat");

    /** So many inputs are not looked at: classes are loaded and instrumented while they are read. */
    private static final int FIRST = 1000;

    private static final AtomicInteger INPUTS = new AtomicInteger();

    private CpuTime() {}

    /** Runs something, and while Jazzer is at work requires that it takes no more time of the processor than an input may. */
    public static void bounded(Runnable reading) {
        long before = FUZZING ? nanos() : 0;
        reading.run();
        long taken = FUZZING ? nanos() - before : 0;
        if (INPUTS.incrementAndGet() > FIRST && taken > MOST.toNanos()) {
            throw new AssertionError("an input took " + Duration.ofNanos(taken) + " (expected: at most " + MOST + ")");
        }
    }

    private static long nanos() {
        try {
            return Long.parseLong(Files.readString(RUN).split(" ")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
