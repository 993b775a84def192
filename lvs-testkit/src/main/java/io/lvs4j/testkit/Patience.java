package io.lvs4j.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How the contracts wait for what happens on other threads: by its condition. */
final class Patience {
    /** How long at most; the kernel remembers a connection for 10 s after its end. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private Patience() {}

    static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("not so within " + LIMIT);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
