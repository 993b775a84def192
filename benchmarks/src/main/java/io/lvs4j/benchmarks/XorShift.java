package io.lvs4j.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A thread's own random numbers: xorshift, three shifts and no memory that others share. */
@State(Scope.Thread)
public class XorShift {
    private long state = ThreadLocalRandom.current().nextLong() | 1;

    long next() {
        long x = state;
        x ^= x << 13;
        x ^= x >>> 7;
        x ^= x << 17;
        state = x;
        return x;
    }

    /** Returns a number from 0 to bound - 1, taken from the upper half of the next one. */
    int below(int bound) {
        return scale(next() >>> 32, bound);
    }

    /** Scales 32 random bits to 0..bound - 1. */
    static int scale(long bits, int bound) {
        return (int) ((bits * bound) >>> 32);
    }
}
