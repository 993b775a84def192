package io.lvs4j;

import java.time.Duration;

/** A time that doubles each time up to a limit. */
final class Doubling {
    private Doubling() {}

    /**
     * Returns how long it is.
     *
     * @param time the how manieth time, 1 or more
     */
    static long nanos(Duration first, Duration limit, int time) {
        long nanos = first.toNanos();
        for (int i = 1; i < time && nanos < limit.toNanos(); i++) {
            nanos *= 2; // at most twice the limit, which is far from an overflow
        }
        return Math.min(nanos, limit.toNanos());
    }
}
