package io.lvs4j;

import java.time.Duration;
import java.util.Objects;

/**
 * Keeps a server out that fails again and again. One that was up and failed comes back only when its checks have passed
 * without a break for the hold-down, which doubles with each failure up to {@code maxHoldDown}. It is forgotten how often a
 * server has failed when it has been up for {@code maxHoldDown}.
 *
 * <pre>
 * hold-down 10 s, at most 60 s    failure    1st   2nd   3rd   4th   5th
 *                                 held for   10 s  20 s  40 s  60 s  60 s
 * </pre>
 *
 * @param holdDown after the first failure, 1 s..1 h
 * @param maxHoldDown the longest, {@code holdDown}..1 d
 */
public record FlapDamping(Duration holdDown, Duration maxHoldDown) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Checks the ranges. */
    public FlapDamping {
        Objects.requireNonNull(holdDown, "holdDown");
        Objects.requireNonNull(maxHoldDown, "maxHoldDown");
        if (holdDown.compareTo(SHORTEST) < 0 || holdDown.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("holdDown: " + holdDown + " (expected: PT1S..PT1H)");
        }
        if (maxHoldDown.compareTo(holdDown) < 0 || maxHoldDown.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "maxHoldDown: " + maxHoldDown + " (expected: holdDown, which is " + holdDown + ", to PT24H)");
        }
    }

    /** Returns the hold-down after so many failures, 1 or more. */
    long holdNanos(int failures) {
        return Doubling.nanos(holdDown, maxHoldDown, failures);
    }

    @Override
    public String toString() {
        return "flap damping " + holdDown + ".." + maxHoldDown;
    }
}
