package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NEAR_WRAPPING = Long.MAX_VALUE - 5 * SECOND;
    private static final int ONE_SET = 16;

    /** A source, slow and obvious: a number, and a bucket that is filled as time goes by. */
    private static final class Model {
        final long intervalNanos;
        final long burstNanos;
        int connections;
        long credit;
        long at;

        Model(long intervalNanos, long burstNanos, long now) {
            this.intervalNanos = intervalNanos;
            this.burstNanos = burstNanos;
            credit = burstNanos;
            at = now;
        }

        int verdict(int limit, long now) {
            credit = Math.min(burstNanos, credit + (now - at));
            at = now;
            if (connections >= limit) {
                return SourceTable.FULL;
            }
            return credit < intervalNanos ? SourceTable.TOO_FAST : 0;
        }

        void open() {
            connections++;
            credit -= intervalNanos;
        }
    }

    private record Open(int slot, Model source) {}

    /** Random openings, ends and pauses; returns how many openings the table turned away. */
    private static int run(long seed, int sources, int limit, int perSecond, int burst, boolean exact) {
        Random random = new Random(seed);
        SourceTable table = new SourceTable(ONE_SET);
        long interval = SECOND / perSecond;
        Map<Integer, Model> models = new HashMap<>();
        List<Open> open = new ArrayList<>();
        long now = NEAR_WRAPPING;
        int refused = 0;
        for (int step = 0; step < 2_000; step++) {
            int what = random.nextInt(10);
            if (what < 7) {
                int source = random.nextInt(sources);
                long at = now;
                Model model = models.computeIfAbsent(source, s -> new Model(interval, interval * burst, at));
                int expected = model.verdict(limit, now);
                int slot = table.opened(0, source, limit, interval, interval * burst, now);
                if (exact) {
                    assertThat(Math.min(slot, 0)).isEqualTo(expected);
                } else if (slot < SourceTable.NO_SLOT) {
                    assertThat(expected).isNegative(); // who was forgotten may be let in, never the contrary
                }
                if (slot >= SourceTable.NO_SLOT) {
                    model.open();
                    open.add(new Open(slot, model));
                } else {
                    refused++;
                }
            } else if (what < 9 && !open.isEmpty()) {
                Open ended = open.remove(random.nextInt(open.size()));
                ended.source.connections--;
                if (ended.slot >= 0) {
                    table.closed(ended.slot);
                }
            } else {
                now += random.nextInt(100_000_000);
            }
            assertThat(table.size()).isLessThanOrEqualTo(ONE_SET);
        }
        return refused;
    }

    @Property(tries = 200)
    void sourcesThatItHasRoomForAreLimitedExactly(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = ONE_SET) int sources,
            @ForAll @IntRange(min = 1, max = 20) int limit,
            @ForAll @IntRange(min = 1, max = 200) int perSecond,
            @ForAll @IntRange(min = 1, max = 50) int burst) {
        run(seed, sources, limit, perSecond, burst, true);
    }

    @Property(tries = 200)
    void whatItForgetsIsToTheGoodOfTheSource(
            @ForAll long seed,
            @ForAll @IntRange(min = ONE_SET + 1, max = 200) int sources,
            @ForAll @IntRange(min = 1, max = 5) int limit,
            @ForAll @IntRange(min = 1, max = 20) int perSecond,
            @ForAll @IntRange(min = 1, max = 5) int burst) {
        run(seed, sources, limit, perSecond, burst, false);
    }

    @Test
    void bothKindsOfRefusalOccurInTheModel() {
        assertThat(run(1, 3, 4, 5, 3, true)).isGreaterThan(100); // else the properties would say little
    }

    @Test
    void aMillionSourcesFillItAndPushOutNobodyWithAConnection() {
        int slots = 1 << 13;
        SourceTable table = new SourceTable(slots);
        int good = 500;
        for (int i = 0; i < good; i++) {
            assertThat(table.opened(1, i, 1, 0, 0, NEAR_WRAPPING)).isNotNegative();
        }
        for (int i = 0; i < 1_000_000; i++) {
            int slot = table.opened(2, i, 1, SECOND, SECOND, NEAR_WRAPPING);
            assertThat(slot).isNotNegative();
            table.closed(slot);
        }
        assertThat(table.size()).isEqualTo(slots);
        for (int i = 0; i < good; i++) {
            assertThat(table.opened(1, i, 1, 0, 0, NEAR_WRAPPING)).isEqualTo(SourceTable.FULL);
        }
    }

    @Test
    void whereAllHaveConnectionsANewSourceIsLetInUnremembered() {
        SourceTable table = new SourceTable(ONE_SET);
        Deque<Integer> slots = new ArrayDeque<>();
        for (int i = 0; i < ONE_SET; i++) {
            slots.add(table.opened(0, i, 1, SECOND, SECOND, 0));
        }
        assertThat(slots).allMatch(slot -> slot >= 0).doesNotHaveDuplicates();
        assertThat(table.opened(0, 99, 1, SECOND, SECOND, 0)).isEqualTo(SourceTable.NO_SLOT);
        assertThat(table.opened(0, 99, 1, SECOND, SECOND, 0)).isEqualTo(SourceTable.NO_SLOT);
        table.closed(slots.remove());
        assertThat(table.opened(0, 99, 1, SECOND, SECOND, 0)).isNotNegative();
        assertThat(table.opened(0, 99, 1, SECOND, SECOND, 0)).isEqualTo(SourceTable.FULL);
    }

    @Test
    void theSourceWithTheFullestBucketGivesWay() {
        SourceTable table = new SourceTable(ONE_SET);
        for (int i = 0; i < ONE_SET; i++) {
            for (int connection = 0; connection <= (i == 7 ? 0 : 1); connection++) {
                table.closed(table.opened(0, i, 9, SECOND, 2 * SECOND, 0));
            }
        }
        table.closed(table.opened(0, 99, 9, SECOND, 2 * SECOND, 0));
        for (int i = 0; i < ONE_SET; i++) {
            if (i != 7) {
                assertThat(table.opened(0, i, 9, SECOND, 2 * SECOND, 0))
                        .as("source %d", i)
                        .isEqualTo(SourceTable.TOO_FAST);
            }
        }
        assertThat(table.opened(0, 7, 9, SECOND, 2 * SECOND, 0)).isNotNegative();
    }

    @Test
    void aHigherRateForgivesWhatALowerOneWasOwed() {
        SourceTable table = new SourceTable(ONE_SET);
        long hour = 3_600 * SECOND;
        assertThat(table.opened(0, 1, 9, hour, hour, 0)).isNotNegative();
        assertThat(table.opened(0, 1, 9, SECOND, SECOND, 0)).isEqualTo(SourceTable.TOO_FAST);
        assertThat(table.opened(0, 1, 9, SECOND, SECOND, SECOND)).isNotNegative();
    }

    @Test
    void manyThreadsTogetherExceedNoLimit() throws Exception {
        SourceTable table = new SourceTable(1 << 10);
        int limit = 5;
        int threads = 4;
        AtomicInteger[] open = new AtomicInteger[50];
        for (int i = 0; i < open.length; i++) {
            open[i] = new AtomicInteger();
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch begin = new CountDownLatch(threads);
            List<Future<Integer>> most = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Random random = new Random(thread);
                most.add(pool.submit(() -> {
                    begin.countDown();
                    begin.await();
                    int max = 0;
                    for (int i = 0; i < 50_000; i++) {
                        int source = random.nextInt(open.length);
                        int slot = table.opened(0, source, limit, 0, 0, 0);
                        if (slot >= 0) {
                            max = Math.max(max, open[source].incrementAndGet());
                            if (i % 3 == 0) {
                                Thread.onSpinWait();
                            }
                            open[source].decrementAndGet();
                            table.closed(slot);
                        }
                    }
                    return max;
                }));
            }
            for (Future<Integer> each : most) {
                assertThat(each.get()).isBetween(1, limit);
            }
        } finally {
            pool.shutdownNow();
        }
        for (int source = 0; source < open.length; source++) {
            assertThat(table.opened(0, source, 1, 0, 0, 0)).as("all have ended").isNotNegative();
        }
    }
}
