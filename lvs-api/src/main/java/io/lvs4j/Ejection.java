package io.lvs4j;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a server is out by {@link OutlierDetection}, and how often it has been lately.
 *
 * @param times how often it has been, as far as that is remembered
 * @param out whether it is
 * @param sinceNanos since when it is out or, if it is not, back, by the director's clock
 * @param inhibit how long it is or was out
 * @param cause why
 */
record Ejection(int times, boolean out, long sinceNanos, Duration inhibit, String cause) {
    static final Ejection NONE = new Ejection(0, false, 0, Duration.ZERO, "");
    private static final int MANY = 64; // more do not make it longer

    Ejection eject(long nowNanos, OutlierDetection detection, String why) {
        int now = Math.min(timesAt(nowNanos, detection) + 1, MANY);
        long nanos = Doubling.nanos(detection.baseInhibit(), detection.maxInhibit(), now);
        return new Ejection(now, true, nowNanos, Duration.ofNanos(nanos), why);
    }

    /** One time is forgotten for every base time that the server has been back. */
    private int timesAt(long nowNanos, OutlierDetection detection) {
        long forgotten = times == 0
                ? 0
                : (nowNanos - sinceNanos) / detection.baseInhibit().toNanos();
        return (int) Math.max(0, times - forgotten);
    }

    /** Lets time pass: who has been out for long enough is given back, and everybody if there is no detection any more. */
    Ejection at(long nowNanos, Optional<OutlierDetection> detection) {
        if (detection.isEmpty()) {
            return NONE;
        }
        return out && nanosLeft(nowNanos) <= 0
                ? new Ejection(times, false, sinceNanos + inhibit.toNanos(), inhibit, cause)
                : this;
    }

    /** Returns how long it is out from now on; it has to be out. */
    long nanosLeft(long nowNanos) {
        return sinceNanos + inhibit.toNanos() - nowNanos;
    }
}
