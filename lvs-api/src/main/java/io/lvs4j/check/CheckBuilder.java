package io.lvs4j.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The timing settings that the builders of all checks share. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class CheckBuilder<B extends CheckBuilder<B>>
        permits SocketCheckBuilder, MiscCheck.Builder, FileCheck.Builder {
    private static final Duration PLACEHOLDER = Duration.ofSeconds(1);

    private Duration delayLoop = Duration.ofSeconds(60);
    private Duration connectTimeout = Duration.ofSeconds(5);
    private int retries;
    private @Nullable Duration delayBeforeRetry;
    private int rise = 1;
    private @Nullable Duration warmup;
    private boolean alpha;
    private boolean fastRecovery;

    /** @param delayBeforeRetry null = the delay loop */
    CheckBuilder(int retries, @Nullable Duration delayBeforeRetry) {
        this.retries = retries;
        this.delayBeforeRetry = delayBeforeRetry;
    }

    abstract B self();

    /**
     * Sets the time from one attempt to the next. Default 60 s.
     *
     * @param interval 1 ms..1 d
     * @return this
     */
    public B delayLoop(Duration interval) {
        verify(interval, PLACEHOLDER, 0, Duration.ZERO, 1, Duration.ZERO);
        this.delayLoop = interval;
        return self();
    }

    /**
     * Sets the deadline of a whole attempt: connecting, TLS, question and answer together. Default 5 s.
     *
     * <p>keepalived applies its {@code connect_timeout} to every step again, so that a server which drips its answer keeps
     * an attempt alive for long; here it cannot.
     *
     * @param timeout 1 ms..10 min
     * @return this
     */
    public B connectTimeout(Duration timeout) {
        verify(PLACEHOLDER, timeout, 0, Duration.ZERO, 1, Duration.ZERO);
        this.connectTimeout = timeout;
        return self();
    }

    /**
     * Sets how many extra attempts a server gets before it is down (keepalived's {@code retry}). Default 1, for {@link DnsCheck}
     * 3, for {@link MiscCheck} and {@link FileCheck} 0.
     *
     * @param count 0..1000
     * @return this
     */
    public B retries(int count) {
        verify(PLACEHOLDER, PLACEHOLDER, count, Duration.ZERO, 1, Duration.ZERO);
        this.retries = count;
        return self();
    }

    /**
     * Sets the time from a failed attempt to its repetition. Default as keepalived: 1 s, for HTTP 3 s, for {@link DnsCheck}
     * the delay loop.
     *
     * @param delay 0..1 d
     * @return this
     */
    public B delayBeforeRetry(Duration delay) {
        verify(PLACEHOLDER, PLACEHOLDER, 0, delay, 1, Duration.ZERO);
        this.delayBeforeRetry = delay;
        return self();
    }

    /**
     * Sets how many passes in a row bring a server back. Default 1, as keepalived.
     *
     * @param count 1..1000
     * @return this
     */
    public B rise(int count) {
        verify(PLACEHOLDER, PLACEHOLDER, 0, Duration.ZERO, count, Duration.ZERO);
        this.rise = count;
        return self();
    }

    /**
     * Sets the longest random wait for the first attempt. Default: the delay loop, as keepalived.
     *
     * @param spread 0..1 d
     * @return this
     */
    public B warmup(Duration spread) {
        verify(PLACEHOLDER, PLACEHOLDER, 0, Duration.ZERO, 1, spread);
        this.warmup = spread;
        return self();
    }

    /**
     * Sets how many failures in a row take a server down that is up: HAProxy's word for one more than {@link #retries}.
     *
     * @param count 1..1001
     * @return this
     */
    public B fall(int count) {
        if (count < 1 || count > 1001) {
            throw new IllegalArgumentException("fall: " + count + " (expected: 1..1001)");
        }
        return retries(count - 1);
    }

    /**
     * Holds the server down until its first pass (keepalived's {@code alpha}). Default: it is up until its first failure.
     *
     * @return this
     */
    public B alpha() {
        this.alpha = true;
        return self();
    }

    /**
     * Asks a server that is down and has passed, but not often enough for {@link #rise} yet, again after {@link
     * #delayBeforeRetry} instead of the delay loop.
     *
     * @return this
     */
    public B fastRecovery() {
        this.fastRecovery = true;
        return self();
    }

    final CheckTiming timing() {
        return new CheckTiming(
                delayLoop,
                connectTimeout,
                retries,
                delayBeforeRetry == null ? delayLoop : delayBeforeRetry,
                rise,
                warmup == null ? delayLoop : warmup,
                alpha,
                fastRecovery);
    }

    /** Lets the record judge one value, so that the range stands in one place and the error in the setter. */
    private static void verify(
            Duration delayLoop, Duration timeout, int retries, Duration delayBeforeRetry, int rise, Duration warmup) {
        CheckTiming unused = new CheckTiming(delayLoop, timeout, retries, delayBeforeRetry, rise, warmup, false, false);
        assert unused != null;
    }
}
