package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How long somebody may be waited for: never longer than a limit, and in the long run for no more than half of the time, however often it is
 * asked. Not thread-safe.
 */
final class Patience {
    private final long most;
    private final LongSupplier clock;
    private long left;
    private long at;

    /**
     * All of it.
     *
     * @param most the limit
     * @param clock monotonic, in nanoseconds
     */
    Patience(Duration most, LongSupplier clock) {
        this.most = most.toNanos();
        this.clock = clock;
        left = this.most;
        at = clock.getAsLong();
    }

    /**
     * Waits.
     *
     * @param wish how long at most
     * @param waiting waits for no longer than it is given, zero perhaps
     */
    void spend(Duration wish, Consumer<Duration> waiting) {
        long begin = clock.getAsLong();
        left = Math.min(most, left + begin - at);
        waiting.accept(Duration.ofNanos(Math.min(left, wish.toNanos())));
        at = clock.getAsLong();
        left = Math.max(0, left - (at - begin));
    }
}
