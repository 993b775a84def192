package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.spi.ServerCounters;
import org.junit.jupiter.api.Test;

class ConnectionOutcomesTest {
    private static ServerCounters counters(long connections, long connectFailures, long resets) {
        return new ServerCounters(0, 0, 0, connections, connectFailures, resets, 0, 0, 0, 0);
    }

    private static ConnectionOutcomes between(ServerCounters then, ServerCounters now) {
        return ConnectionOutcomes.between(then, now, false);
    }

    @Test
    void whatWasNotEstablishedAndWhatWasResetHaveFailed() {
        ConnectionOutcomes outcomes = between(counters(100, 7, 3), counters(160, 47, 5));
        assertThat(outcomes).isEqualTo(new ConnectionOutcomes(100, 40, 2));
        assertThat(outcomes).hasToString("42 of 100 connections failed, 2 of them by a reset,");
        assertThat(outcomes.exceed(OutlierDetection.defaults())).isFalse();
        assertThat(outcomes.exceed(OutlierDetection.defaults().withFailures(5, 42)))
                .isTrue();
    }

    @Test
    void aResetOfAnEarlierConnectionIsAnAttemptOfItsOwn() {
        assertThat(between(counters(9, 0, 0), counters(9, 0, 4))).isEqualTo(new ConnectionOutcomes(4, 0, 4));
    }

    @Test
    void aFlowHasBeenGivenBeforeItFails() {
        assertThat(ConnectionOutcomes.between(counters(0, 0, 0), counters(10, 5, 0), true))
                .isEqualTo(new ConnectionOutcomes(10, 5, 0));
    }

    @Test
    void countersThatHaveBegunAnewHaveCountedWhatTheyShow() {
        assertThat(between(counters(1000, 0, 0), counters(10, 5, 0))).isEqualTo(new ConnectionOutcomes(15, 5, 0));
        assertThat(between(counters(10, 50, 0), counters(20, 5, 0))).isEqualTo(new ConnectionOutcomes(25, 5, 0));
        assertThat(between(counters(10, 0, 50), counters(20, 0, 5))).isEqualTo(new ConnectionOutcomes(20, 0, 5));
    }
}
