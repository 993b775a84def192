package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;

/**
 * When a check asks and how many answers make a verdict: keepalived's rules.
 *
 * <p>A server that is up is asked every {@code delayLoop}. A failed attempt is repeated up to {@code retries} times,
 * {@code delayBeforeRetry} apart; only when all of them failed the server is down. The very first attempt has no retries.
 * A server that is down is asked every {@code delayLoop} and is up again after {@code rise} passes in a row. The first
 * attempt comes after a random part of {@code warmup}, so that many checks do not start at once.
 *
 * @param delayLoop from one attempt's start to the next, 1 ms..1 d
 * @param timeout for a whole attempt (connect, TLS, question and answer together), 1 ms..10 min
 * @param retries how many extra attempts a server gets before it is down, 0..1000
 * @param delayBeforeRetry from a failed attempt's end to its repetition, 0..1 d
 * @param rise how many passes in a row bring a server back, 1..1000
 * @param warmup the longest wait for the first attempt, 0..1 d
 * @param alpha whether a server is down until its first pass, instead of up until its first failure
 * @param fastRecovery whether a server that is down and has passed, but not {@code rise} times yet, is asked again after {@code
 *     delayBeforeRetry} instead of {@code delayLoop}
 */
public record CheckTiming(
        Duration delayLoop,
        Duration timeout,
        int retries,
        Duration delayBeforeRetry,
        int rise,
        Duration warmup,
        boolean alpha,
        boolean fastRecovery) {

    private static final Duration DAY = Duration.ofDays(1);

    /** Checks the ranges. */
    public CheckTiming {
        checkDuration("delayLoop", delayLoop, Duration.ofMillis(1), DAY, "PT0.001S..PT24H");
        checkDuration("connectTimeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(10), "PT0.001S..PT10M");
        checkCount("retries", retries, 0);
        checkDuration("delayBeforeRetry", delayBeforeRetry, Duration.ZERO, DAY, "PT0S..PT24H");
        checkCount("rise", rise, 1);
        checkDuration("warmup", warmup, Duration.ZERO, DAY, "PT0S..PT24H");
    }

    private static void checkDuration(String name, Duration value, Duration min, Duration max, String range) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + range + ")");
        }
    }

    private static void checkCount(String name, int value, int min) {
        if (value < min || value > 1000) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + "..1000)");
        }
    }
}
