package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProcessCountTest {
    private static ProcessCount counting(int quorum, OptionalInt most, int terminateDelay, int forkDelay) {
        return new ProcessCount(new TrackProcess(
                "p",
                List.of("x"),
                TrackProcess.Match.NONE,
                false,
                0,
                false,
                quorum,
                most,
                Duration.ofSeconds(terminateDelay),
                Duration.ofSeconds(forkDelay)));
    }

    /** One count a second, from near the end of the clock on; the answer is {@code U} or {@code D} where something is told. */
    private static String told(ProcessCount processes, int... counts) {
        StringBuilder told = new StringBuilder();
        long now = Long.MAX_VALUE - 2_000_000_000L;
        for (int count : counts) {
            told.append(processes
                    .count(count, now)
                    .map(known -> known.fails() ? "D" : "U")
                    .orElse("."));
            now += 1_000_000_000L;
        }
        return told.toString();
    }

    @Test
    void enoughIsTheQuorumOrMore() {
        assertThat(told(counting(2, OptionalInt.empty(), 0, 0), 1, 2, 65536, 1, 0))
                .isEqualTo("DU.D.");
    }

    @Test
    void tooManyFailAsWell() {
        assertThat(told(counting(1, OptionalInt.of(2), 0, 0), 0, 1, 2, 3, 2)).isEqualTo("DU.DU");
        assertThat(told(counting(0, OptionalInt.of(0), 0, 0), 0, 1, 0)).isEqualTo("UDU");
    }

    @Test
    void whatIsFoundFirstCountsAtOnce() {
        assertThat(told(counting(1, OptionalInt.empty(), 10, 10), 1)).isEqualTo("U");
        assertThat(told(counting(1, OptionalInt.empty(), 10, 10), 0)).isEqualTo("D");
    }

    @Test
    void tooFewHaveToLastForTheTerminateDelay() {
        assertThat(told(counting(1, OptionalInt.empty(), 2, 0), 1, 0, 0, 0, 0, 1))
                .isEqualTo("U..D.U");
        assertThat(told(counting(1, OptionalInt.empty(), 2, 0), 1, 0, 0, 1, 0, 0, 0))
                .isEqualTo("U.....D");
    }

    @Test
    void enoughHaveToLastForTheForkDelay() {
        assertThat(told(counting(1, OptionalInt.empty(), 0, 2), 0, 1, 1, 1, 0)).isEqualTo("D..UD");
    }

    @Test
    void tooManyHaveToLastForTheForkDelayAndFewerAgainForTheOther() {
        assertThat(told(counting(1, OptionalInt.of(1), 2, 1), 1, 2, 2, 1, 1, 1)).isEqualTo("U.D..U");
    }
}
