package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Scheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class LocalityTableTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = 60 * SECOND;
    private static final int MOST = 1 << 16;

    private final LocalityTable<Known> table =
            new LocalityTable<>(Scheduling.of("lblc").withExpiry(Duration.ofHours(1)));

    private static final class Known extends LocalityTable.Entry {
        Known(Flow flow) {
            super(flow);
        }
    }

    private static Flow to(long address, long now) {
        Flow flow = new Flow().set(0, 0, 1, address, address, 1);
        flow.time(now);
        return flow;
    }

    private Known meet(long address, long now) {
        Flow flow = to(address, now);
        Known known = table.use(flow);
        if (known == null) {
            known = new Known(flow);
            table.add(known);
        }
        return known;
    }

    @Test
    void anAddressThatIsUsedStaysWhileOthersComeAndGo() {
        Known kept = meet(-1, 0);
        for (int i = 0; i < 300_000; i++) {
            long now = i * 200_000L;
            meet(i, now);
            assertThat(meet(-1, now)).isSameAs(kept);
            assertThat(table.known()).isLessThanOrEqualTo(MOST);
        }
        assertThat(table.known()).isGreaterThan(MOST / 2);
    }

    @Test
    void anAddressThatIsNotUsedGivesWay() {
        meet(-1, 0);
        for (int i = 0; i < 300_000; i++) {
            meet(i, SECOND + i);
        }
        assertThat(table.find(to(-1, 2 * SECOND))).isNull();
    }

    @Test
    void roomOfExpiredAddressesIsReclaimed() {
        for (int i = 0; i < 10_000; i++) {
            meet(i, 0);
        }
        for (int i = 0; i < MOST / 16; i++) { // once around
            meet(20_000 + i, 61 * MINUTE);
        }
        assertThat(table.known()).isEqualTo(MOST / 16);
    }

    @Test
    void sixMinutesAreEnoughWhenThereAreMany() {
        for (int i = 0; i < 10_000; i++) {
            meet(i, 0);
        }
        for (int i = 0; i < MOST / 16; i++) {
            meet(20_000 + i, 6 * MINUTE);
        }
        assertThat(table.known()).isEqualTo(10_000 + MOST / 16); // not many yet
        for (int i = 0; i < 20_000; i++) {
            meet(50_000 + i, 6 * MINUTE + 1);
        }
        assertThat(table.find(to(5, 6 * MINUTE + 1))).isNull();
        assertThat(table.find(to(20_001, 6 * MINUTE + 1))).isNotNull();
    }

    @Test
    void addressesThatDifferInOneHalfAreDifferent() {
        Flow one = new Flow().set(0, 0, 1, 7, 8, 1);
        table.add(new Known(one));
        assertThat(table.find(one)).isNotNull();
        assertThat(table.find(new Flow().set(0, 0, 1, 7, 9, 1))).isNull();
        assertThat(table.find(new Flow().set(0, 0, 1, 6, 8, 1))).isNull();
    }

    @Test
    void threadsKeepCount() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> carriers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                carriers.add(threads.submit(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        meet(ThreadLocalRandom.current().nextInt(200_000), i * SECOND);
                    }
                }));
            }
            for (Future<?> carrier : carriers) {
                carrier.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(table.known()).isBetween(1, MOST).isEqualTo(table.count());
    }
}
