package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A check, as it is read. Not thread-safe. */
abstract class CheckDraft {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int MOST_RETRIES = 1000;

    final String name;
    final Position at;
    final TimingDraft timing = new TimingDraft();

    @Nullable
    InetAddress connectIp;

    @Nullable
    Integer connectPort;

    @Nullable
    InetAddress bindTo;

    @Nullable
    Integer bindPort;

    boolean bindInterface;
    long firewallMark;
    boolean fastRecovery;

    CheckDraft(Arguments arguments) {
        name = arguments.keyword();
        at = arguments.at();
    }

    /** {@return how often it is repeated, if nothing is said} */
    int defaultRetries() {
        return 1;
    }

    /** {@return how long it waits before it is repeated, if nothing is said; null = the delay loop} */
    @Nullable
    Duration defaultDelayBeforeRetry() {
        return Duration.ofSeconds(1);
    }

    /**
     * {@return the check}
     *
     * @param timing when it asks, all that it inherits included
     * @param virtualHost the server's name; empty = none
     * @throws IllegalArgumentException if the check cannot be carried out as it is described
     */
    abstract HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading);

    final CheckTarget target() {
        return new CheckTarget(
                Optional.ofNullable(connectIp),
                connectPort == null ? OptionalInt.empty() : OptionalInt.of(connectPort),
                Optional.ofNullable(bindTo),
                bindPort == null ? OptionalInt.empty() : OptionalInt.of(bindPort),
                firewallMark == 0 ? OptionalLong.empty() : OptionalLong.of(firewallMark));
    }

    /**
     * {@return when it asks}
     *
     * @param outer what it inherits: the server's settings and those around it
     * @param alphaOfAll whether all checks of the service hold servers down until they pass, so that it need not be said here
     */
    final CheckTiming resolve(TimingDraft outer, boolean alphaOfAll, Reading reading) {
        TimingDraft all = timing.within(outer);
        Duration loop = all.delayLoop == null ? Duration.ofSeconds(60) : all.delayLoop;
        Duration standard = defaultDelayBeforeRetry();
        Duration delay = all.delayBeforeRetry != null ? all.delayBeforeRetry : standard != null ? standard : loop;
        return new CheckTiming(
                within("delay_loop", loop, SHORTEST, DAY, reading),
                within("connect_timeout", timeout(all, loop), SHORTEST, LONGEST_TIMEOUT, reading),
                retries(all, reading),
                within("delay_before_retry", delay, Duration.ZERO, DAY, reading),
                1,
                within("warmup", all.warmup == null ? loop : all.warmup, Duration.ZERO, DAY, reading),
                Boolean.TRUE.equals(all.alpha) && !alphaOfAll,
                fastRecovery);
    }

    /** {@return how long an attempt may take} */
    Duration timeout(TimingDraft all, Duration loop) {
        return all.connectTimeout == null ? Duration.ofSeconds(5) : all.connectTimeout;
    }

    private int retries(TimingDraft all, Reading reading) {
        long retries = all.retry == null ? defaultRetries() : all.retry;
        if (retries > MOST_RETRIES) {
            reading.warning("limited", at, name + ": retry " + retries + " is carried out as " + MOST_RETRIES);
        }
        return (int) Math.min(retries, MOST_RETRIES);
    }

    private Duration within(String setting, Duration time, Duration least, Duration most, Reading reading) {
        Duration possible = time.compareTo(least) < 0 ? least : time.compareTo(most) > 0 ? most : time;
        if (!possible.equals(time)) {
            reading.warning("limited", at, name + ": " + setting + " " + time + " is carried out as " + possible);
        }
        return possible;
    }
}
