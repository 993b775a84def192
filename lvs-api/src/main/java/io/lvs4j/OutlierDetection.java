package io.lvs4j;

import java.time.Duration;
import java.util.Objects;

/**
 * Takes servers out by what the data plane sees of them: one that connections failed to, within an interval, at least {@code
 * failures} times and in at least {@code percent} of the attempts. A connection fails that is refused or not answered, and one
 * that the server {@linkplain io.lvs4j.spi.ServerCounters#resets resets} in place of an answer.
 *
 * <p>An outlier gets no new connection for {@code baseInhibit}, twice as long the next time and so on up to {@code maxInhibit},
 * and then is given back to be tried again. For every {@code baseInhibit} that it then does well, one of those times is
 * forgotten.
 *
 * <p>At most {@code maxEjected} percent of the servers are out at a time, rounded down but at least one, and never the last
 * that serves. Failed checks do not count here: who they take out is out.
 *
 * <p>A server that resets whoever sends it nonsense can be made an outlier by clients that do: {@code percent} and {@code
 * maxEjected} bound that.
 *
 * @param failures how many failed connections make an outlier, 1..1000000
 * @param percent of how many attempts at least, 1..100
 * @param interval how often it is looked, 1 s..1 h
 * @param baseInhibit how long a server is out the first time, 1 s..1 h
 * @param maxInhibit how long at most, {@code baseInhibit}..1 d
 * @param maxEjected percent of the servers that may be out at a time, 1..100
 */
public record OutlierDetection(
        int failures, int percent, Duration interval, Duration baseInhibit, Duration maxInhibit, int maxEjected) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final OutlierDetection DEFAULTS =
            new OutlierDetection(5, 50, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 10);

    /** Checks the ranges. */
    public OutlierDetection {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(baseInhibit, "baseInhibit");
        Objects.requireNonNull(maxInhibit, "maxInhibit");
        requireRange("failures", failures, 1_000_000);
        requireRange("percent", percent, 100);
        requireRange("maxEjected", maxEjected, 100);
        requireTime("interval", interval, SECOND, HOUR);
        requireTime("baseInhibit", baseInhibit, SECOND, HOUR);
        requireTime("maxInhibit", maxInhibit, baseInhibit, Duration.ofDays(1));
    }

    private static void requireRange(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    "outlierDetection " + name + ": " + value + " (expected: 1.." + max + ")");
        }
    }

    private static void requireTime(String name, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "outlierDetection " + name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** {@return 5 failures in half of the attempts within 10 s, out for 30 s to 5 min, at most 10 % of the servers} */
    public static OutlierDetection defaults() {
        return DEFAULTS;
    }

    /**
     * {@return a copy with another threshold}
     *
     * @param count how many failed connections make an outlier, 1..1000000
     * @param share in how many percent of the attempts at least, 1..100
     */
    public OutlierDetection withFailures(int count, int share) {
        return new OutlierDetection(count, share, interval, baseInhibit, maxInhibit, maxEjected);
    }

    /**
     * {@return a copy that looks in another interval}
     *
     * @param time 1 s..1 h
     */
    public OutlierDetection withInterval(Duration time) {
        return new OutlierDetection(failures, percent, time, baseInhibit, maxInhibit, maxEjected);
    }

    /**
     * {@return a copy that keeps servers out for another time}
     *
     * @param first the first time, 1 s..1 h
     * @param longest at most, {@code first}..1 d
     */
    public OutlierDetection withInhibit(Duration first, Duration longest) {
        return new OutlierDetection(failures, percent, interval, first, longest, maxEjected);
    }

    /**
     * {@return a copy that keeps another share of the servers out at most}
     *
     * @param share percent, 1..100
     */
    public OutlierDetection withMaxEjected(int share) {
        return new OutlierDetection(failures, percent, interval, baseInhibit, maxInhibit, share);
    }

    @Override
    public String toString() {
        return "outlier detection " + failures + " failures in " + percent + "% within " + interval + ", out for "
                + baseInhibit + ".." + maxInhibit + ", at most " + maxEjected + "%";
    }
}
