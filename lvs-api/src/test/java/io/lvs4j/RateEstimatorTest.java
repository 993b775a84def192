package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateEstimatorTest {
    private static final ServerKey A = ServerKey.of("10.1.0.1", 80);
    private static final ServerKey B = ServerKey.of("10.1.0.2", 80);
    private static final long TWO_SECONDS = 2_000_000_000L;
    private static final long START = 7;

    private final RateEstimator rates = new RateEstimator(START);

    private static ServerCounters counters(long connections, long in, long out) {
        return new ServerCounters(0, 0, 0, connections, 0, 0, in / 100, out / 100, in, out);
    }

    @Test
    void aSampleMovesARateByAQuarterOfTheWay() {
        double[] expected = {0.25, 0.4375, 0.578125};
        for (int i = 1; i <= expected.length; i++) {
            Map<ServerKey, ServerCounters> servers =
                    Map.of(A, counters(100L * i, 2_000L * i, 0), B, counters(100L * i, 0, 400L * i));
            rates.sample(new ServiceCounters(servers, 240L * i, Map.of()), START + i * TWO_SECONDS);
            double part = expected[i - 1];
            assertThat(rates.of(A)).isEqualTo(new Rates(50 * part, 10 * part, 0, 1_000 * part, 0));
            assertThat(rates.of(B)).isEqualTo(new Rates(50 * part, 0, 2 * part, 0, 200 * part));
            assertThat(rates.service()).isEqualTo(new Rates(120 * part, 10 * part, 2 * part, 1_000 * part, 200 * part));
        }
    }

    @Test
    void aLateSampleIsDividedByItsTime() {
        rates.sample(new ServiceCounters(Map.of(), 240, Map.of()), START + 2 * TWO_SECONDS);
        assertThat(rates.service().connections()).isEqualTo(15);
    }

    @Test
    void aClockThatStandsSaysNothing() {
        rates.sample(new ServiceCounters(Map.of(), 240, Map.of()), START);
        assertThat(rates.service()).isEqualTo(Rates.ZERO);
    }

    @Test
    void aServerThatComesBackBeginsAnewAndTakesNothingFromTheService() {
        rates.sample(new ServiceCounters(Map.of(A, counters(100, 800, 0)), 100, Map.of()), START + TWO_SECONDS);
        rates.sample(new ServiceCounters(Map.of(), 100, Map.of()), START + 2 * TWO_SECONDS);
        assertThat(rates.of(A)).isEqualTo(Rates.ZERO);
        assertThat(rates.service().bytesIn()).isEqualTo(75);
        rates.sample(new ServiceCounters(Map.of(A, counters(8, 0, 0)), 108, Map.of()), START + 3 * TWO_SECONDS);
        assertThat(rates.of(A).connections()).isEqualTo(1);
        assertThat(rates.service().bytesIn()).isEqualTo(56.25);
    }
}
