package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As measured on Linux 6.1 and 6.12 ip_vs; edits of thresholds, in which the two differ, on 6.12. */
class ThresholdsTest {

    @Test
    void aFullServerIsSkippedUntilItIsBelowItsLowerThreshold() {
        Lab lab = Lab.of("rr", 1, 1, 1).thresholds('B', 2, 1);
        assertThat(lab.hold(10)).isEqualTo("C B A C B A C A C A");
        assertThat(lab.finishOf('B').counts('B')).isEqualTo("1/1");
        assertThat(lab.hold(3)).isEqualTo("C A C");
        assertThat(lab.expire('B').counts('B')).isEqualTo("1/0");
        assertThat(lab.hold(3)).isEqualTo("A C A");
        assertThat(lab.finishOf('B').expire('B').hold(6)).isEqualTo("C B A C B A");
        assertThat(lab.hold(4)).isEqualTo("C A C A");
    }

    @Test
    void wlcSkipsAFullServerToo() {
        Lab lab = Lab.of("wlc", 1, 1, 1).thresholds('B', 2, 1);
        assertThat(lab.hold(10)).isEqualTo("C B A C B A C A C A");
        assertThat(lab.finishOf('B').hold(3)).isEqualTo("C A C");
        assertThat(lab.expire('B').hold(3)).isEqualTo("A C A");
        assertThat(lab.finishOf('B').expire('B').hold(6)).isEqualTo("B B C A C A");
        assertThat(lab.thresholds('B', 0, 0).hold(6)).isEqualTo("B B B B B B");
    }

    @Test
    void inactiveConnectionsCount() {
        assertThat(Lab.of("wlc", 1, 1, 1).thresholds('B', 2, 1).finish(9)).isEqualTo("C B A C B A C A C");
    }

    @ParameterizedTest(name = "-x {0} -y {1}: back at {2}")
    @CsvSource({"4,0,2", "8,0,5", "3,0,2", "2,0,1", "1,0,0", "4,2,1", "4,4,3", "1,1,0"})
    void itComesBackAt(int upper, int lower, int back) {
        Lab lab = Lab.of("rr", 1, 1).thresholds('B', upper, lower);
        lab.hold(2 * upper);
        assertThat(lab.counts('B')).isEqualTo(upper + "/0");
        for (int left = upper - 1; left > back; left--) {
            assertThat(lab.finishOf('B').expire('B').hold(2))
                    .as("%d left", left)
                    .isEqualTo("A A");
        }
        assertThat(lab.finishOf('B').expire('B').hold(2)).contains("B");
    }

    @ParameterizedTest(name = "-x {0} -y {1} with {2}, then -x {3} -y {4}: {5}")
    @CsvSource({
        "2,1,2,5,1,A A", "2,1,2,5,2,A A", "2,1,2,3,1,A A", "2,1,2,5,3,B A", "2,1,2,5,0,B A", "2,1,2,0,0,B A",
        "2,0,2,3,0,B A", "2,0,2,4,0,B A", "2,1,2,2,2,A A", "2,1,2,2,1,A A", "4,1,4,2,1,A A", "4,1,4,4,1,A A",
        "4,1,4,4,4,A A", "4,1,4,6,1,A A", "0,0,4,3,1,A A", "0,0,4,4,1,A A", "0,0,4,3,0,A A", "0,0,4,5,1,B A",
        "8,1,4,4,1,A A", "8,1,4,3,1,A A", "8,1,4,5,1,B A"
    })
    void anEditJudgesAnew(int upper, int lower, int held, int newUpper, int newLower, String picks) {
        Lab lab = Lab.of("rr", 1, 1).thresholds('B', upper, lower);
        lab.hold(2 * held);
        assertThat(lab.counts('B')).isEqualTo(held + "/0");
        lab.thresholds('B', newUpper, newLower);
        String found = lab.hold(2);
        assertThat(found.contains("B") ? "B A" : "A A").isEqualTo(picks);
    }

    @Test
    void editsInTurn() {
        Lab lab = Lab.of("rr", 1, 1).thresholds('B', 8, 1);
        lab.hold(8);
        assertThat(lab.thresholds('B', 4, 1).hold(2)).isEqualTo("A A");
        assertThat(lab.thresholds('B', 8, 1).hold(2)).isEqualTo("A A");
        assertThat(lab.weight('B', 3).hold(2)).isEqualTo("A A");
    }

    @Test
    void aServerThatComesBackWithItsConnectionsIsStillFull() {
        Lab same = Lab.of("rr", 1, 1).thresholds('B', 2, 1);
        same.hold(4);
        assertThat(same.serving('B', false).serving('B', true).hold(3)).isEqualTo("A A A");
    }

    @Test
    void aServerThatIsDescribedAgainWithoutThresholdsIsNotFull() {
        Lab lab = Lab.of("rr", 1, 1).thresholds('B', 2, 1);
        lab.hold(4);
        assertThat(lab.remove('B').add('B', 1).counts('B')).isEqualTo("2/0");
        assertThat(lab.hold(2)).isEqualTo("B A");
    }

    @Test
    void aTemplateFillsAServerBeyondItsThreshold() {
        Lab lab = Lab.of("rr", 1, 1).thresholds('B', 2, 0).persistence(10);
        assertThat(lab.holdFrom("10.7.0.1", "10.7.0.1", "10.7.0.1", "10.7.0.2", "10.7.0.3"))
                .isEqualTo("B B B A A");
    }
}
