package io.lvs4j;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a server is up by its checks and by {@link FlapDamping}, and how often it has failed lately.
 *
 * @param failures how often it has failed, as far as that is remembered; 0 also for those that have never been up
 * @param phase where it is
 * @param sinceNanos since when, by the director's clock
 */
record Flaps(int failures, Phase phase, long sinceNanos) {
    private static final int MANY = 64; // more do not make the hold-down longer

    enum Phase {
        UP,
        /** A check fails, or has yet to pass. */
        DOWN,
        /** All checks pass, but not for long enough. */
        HELD
    }

    static Flaps up(long nowNanos) {
        return new Flaps(0, Phase.UP, nowNanos);
    }

    static Flaps waiting(long nowNanos) {
        return new Flaps(0, Phase.DOWN, nowNanos);
    }

    boolean up() {
        return phase == Phase.UP;
    }

    /** Lets time pass: who has been held for long enough is up. */
    Flaps at(long nowNanos, Optional<FlapDamping> damping) {
        if (phase != Phase.HELD) {
            return this;
        }
        if (damping.isEmpty()) {
            return new Flaps(failures, Phase.UP, nowNanos);
        }
        long held = damping.get().holdNanos(failures);
        return nowNanos - sinceNanos < held ? this : new Flaps(failures, Phase.UP, sinceNanos + held);
    }

    Duration holdDown(FlapDamping damping) {
        return Duration.ofNanos(damping.holdNanos(failures));
    }

    /** Returns how long it is held from now on; it has to be held. */
    long nanosHeld(long nowNanos, Optional<FlapDamping> damping) {
        return damping.map(rule -> sinceNanos + rule.holdNanos(failures) - nowNanos)
                .orElse(0L);
    }

    /** Takes over whether all checks pass, from now on. */
    Flaps checked(boolean passing, long nowNanos, Optional<FlapDamping> damping) {
        if (!passing) {
            return switch (phase) {
                case UP -> new Flaps(failuresAfter(nowNanos, damping), Phase.DOWN, nowNanos);
                case HELD -> new Flaps(failures, Phase.DOWN, nowNanos);
                case DOWN -> this;
            };
        }
        if (phase != Phase.DOWN) {
            return this;
        }
        boolean hold = failures > 0 && damping.isPresent();
        return new Flaps(failures, hold ? Phase.HELD : Phase.UP, nowNanos);
    }

    private int failuresAfter(long nowNanos, Optional<FlapDamping> damping) {
        if (damping.isEmpty()) {
            return 0;
        }
        boolean forgotten = nowNanos - sinceNanos >= damping.get().maxHoldDown().toNanos();
        return forgotten ? 1 : Math.min(failures + 1, MANY);
    }
}
