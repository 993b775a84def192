package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private long now = Long.MAX_VALUE - 10;
    private final Patience patience = new Patience(Duration.ofMillis(100), () -> now);

    private long spend(long wish, long needed) {
        long before = now;
        patience.spend(Duration.ofMillis(wish), given -> now += Math.min(given.toNanos(), needed * 1_000_000));
        return (now - before) / 1_000_000;
    }

    @Test
    void whoIsQuickIsWaitedForEachTime() {
        for (int i = 0; i < 50; i++) {
            assertThat(spend(100, 2)).isEqualTo(2);
            now += 2_000_000;
        }
    }

    @Test
    void whoIsStuckIsWaitedForOnce() {
        assertThat(spend(500, 1_000)).isEqualTo(100);
        for (int i = 0; i < 50; i++) {
            assertThat(spend(500, 1_000)).isZero();
        }
    }

    @Test
    void noMoreThanHalfOfTheTimeIsSpent() {
        spend(100, 1_000);
        now += 30_000_000;
        assertThat(spend(100, 1_000)).isEqualTo(30);
        now += 300_000_000;
        assertThat(spend(500, 1_000)).as("the limit").isEqualTo(100);
    }

    @Test
    void nobodyIsWaitedForLongerThanIsWished() {
        assertThat(spend(40, 1_000)).isEqualTo(40);
        assertThat(spend(100, 1_000)).isEqualTo(60);
    }
}
