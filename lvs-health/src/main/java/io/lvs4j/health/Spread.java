package io.lvs4j.health;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spreads the first attempts of many checks over their warmup. Thread-safe.
 *
 * <p>Chance alone would let some of a thousand checks meet; multiples of the golden ratio fall evenly however many there are.
 * Where they begin is left to chance, so that two directors do not ask in step.
 */
final class Spread {
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final double origin;
    private final AtomicInteger count = new AtomicInteger();

    /** @param origin 0..1, where the first one falls */
    Spread(double origin) {
        this.origin = origin;
    }

    /** Returns which part of its warmup the next check waits, 0..1. */
    double next() {
        double part = origin + (count.getAndIncrement() & Integer.MAX_VALUE) * GOLDEN;
        return part - Math.floor(part);
    }
}
