package io.lvs4j.keepalived;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** When checks ask, as far as a virtual server, a real server or a check says. Not thread-safe. */
final class TimingDraft {
    @Nullable
    Duration connectTimeout;

    @Nullable
    Duration delayLoop;

    @Nullable
    Long retry;

    @Nullable
    Duration delayBeforeRetry;

    @Nullable
    Duration warmup;

    @Nullable
    Boolean alpha;

    /** Adds the keywords but {@code connect_timeout} and {@code alpha}, which not all blocks have in this form. */
    static <T> Keywords.Builder<T> keywords(Keywords.Builder<T> table, Function<T, TimingDraft> of, long leastRetry) {
        return table.value(
                        "delay_loop",
                        Value.seconds(1, Long.MAX_VALUE),
                        (block, time) -> of.apply(block).delayLoop = time)
                .value("retry", Value.number(leastRetry, Value.MAX), (block, count) -> of.apply(block).retry = count)
                .alias("retries")
                .value(
                        "delay_before_retry",
                        Value.seconds(0, Long.MAX_VALUE),
                        (block, time) -> of.apply(block).delayBeforeRetry = time)
                .value("warmup", Value.seconds(0, Long.MAX_VALUE), (block, time) -> of.apply(block).warmup = time);
    }

    /** Adds {@code connect_timeout}. */
    static <T> Keywords.Builder<T> connectTimeout(Keywords.Builder<T> table, Function<T, TimingDraft> of) {
        return table.value(
                        "connect_timeout",
                        Value.seconds(1, Value.MAX),
                        (block, time) -> of.apply(block).connectTimeout = time)
                .alias("connection_timeout");
    }

    /** {@return these, and those of the block around where nothing is said} */
    TimingDraft within(TimingDraft outer) {
        TimingDraft all = new TimingDraft();
        all.connectTimeout = connectTimeout == null ? outer.connectTimeout : connectTimeout;
        all.delayLoop = delayLoop == null ? outer.delayLoop : delayLoop;
        all.retry = retry == null ? outer.retry : retry;
        all.delayBeforeRetry = delayBeforeRetry == null ? outer.delayBeforeRetry : delayBeforeRetry;
        all.warmup = warmup == null ? outer.warmup : warmup;
        all.alpha = alpha == null ? outer.alpha : alpha;
        return all;
    }
}
