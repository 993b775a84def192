package io.lvs4j.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets two threads run into each other, again and again: each round both begin at the same moment, within some ten nanoseconds,
 * and when both are done one of them looks at what has become. What goes wrong once in thousands of times is seen, if the
 * machine has two cores.
 */
abstract class Race {
    private static final int SPINS = 1 << 10;

    /** Prepares a round, on the first thread; may use anything. */
    void prepare(int round) {}

    /** What the first thread does. */
    abstract void one();

    /** What the second thread does meanwhile. */
    abstract void two();

    /** Looks at what has become; on the first thread. */
    abstract void check(int round);

    final void run(int rounds) {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread second = new Thread(() -> {
            for (int round = 1; round <= rounds; round++) {
                await(begun, round);
                if (begun.get() < 0) {
                    return;
                }
                try {
                    two();
                } catch (Throwable e) {
                    failure.set(e);
                }
                done.set(round);
            }
        });
        second.setDaemon(true);
        second.start();
        try {
            for (int round = 1; round <= rounds; round++) {
                prepare(round);
                begun.set(round);
                one();
                await(done, round);
                if (failure.get() != null) {
                    throw new AssertionError("round " + round, failure.get());
                }
                check(round);
            }
        } finally {
            begun.set(Integer.MIN_VALUE);
        }
    }

    private static void await(AtomicInteger counter, int value) {
        for (int spins = 0; counter.get() < value && counter.get() >= 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1_000); // one core for both, or a machine with other things to do
            }
        }
    }
}
