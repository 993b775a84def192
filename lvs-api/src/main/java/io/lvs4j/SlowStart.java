package io.lvs4j;

import java.time.Duration;

/**
 * How far a server has come on the way to its weight. The share grows in whole steps, and a step is taken when its time has
 * passed, so that a server never has more than its share of the time:
 *
 * <pre>
 * time 10 s, weight 20     0 s  1 s  2 s  3 s  4 s ... 9 s  10 s
 *                           1    2    4    6    8      18    20
 * </pre>
 *
 * @param startNanos when it began, by the director's clock
 * @param time how long it takes, 1 s..1 h
 * @param step how many steps have been taken
 */
record SlowStart(long startNanos, Duration time, int step) {
    static final Duration MIN_TIME = Duration.ofSeconds(1);
    static final Duration MAX_TIME = Duration.ofHours(1);
    /** A step costs a change of the pool, and with that a new list in the scheduler or a write to the kernel. */
    static final int MAX_STEPS = 10;

    static SlowStart begin(long nowNanos, Duration time) {
        return new SlowStart(nowNanos, time, 0);
    }

    static Duration checkTime(Duration time) {
        if (time.compareTo(MIN_TIME) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException(
                    "slowStart: " + time + " (expected: " + MIN_TIME + ".." + MAX_TIME + ")");
        }
        return time;
    }

    /** At most one step a second. */
    private int steps() {
        return (int) Math.min(MAX_STEPS, time.toSeconds());
    }

    SlowStart at(long nowNanos) {
        long passed = (nowNanos - startNanos) * steps() / time.toNanos();
        return new SlowStart(startNanos, time, (int) Math.min(passed, steps()));
    }

    boolean over() {
        return step == steps();
    }

    /** Returns how long until the next step; less than zero = it is overdue. */
    long nanosToNextStep(long nowNanos) {
        long due = ((step + 1) * time.toNanos() + steps() - 1) / steps(); // rounded up: at() finds it done then
        return startNanos + due - nowNanos;
    }

    /** Returns the weight in force of a server with this weight: at least 1, so that a server alone gets everything. */
    int weight(int described) {
        return Math.max(1, (int) ((long) described * step / steps()));
    }
}
