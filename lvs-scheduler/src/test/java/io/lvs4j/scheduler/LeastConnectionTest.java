package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lc} and {@code wlc}. Sequences as measured on Linux 6.1 and 6.12 ip_vs. */
class LeastConnectionTest {

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc"})
    void ofEquallyLoadedServersTheFirstInTheListIsChosen(String scheduler) {
        assertThat(Lab.of(scheduler, 1, 1, 1).hold(9)).isEqualTo("C B A C B A C B A");
        assertThat(Lab.of(scheduler, 1, 1, 1).finish(9)).isEqualTo("C B A C B A C B A");
    }

    @Test
    void lcIgnoresWeights() {
        assertThat(Lab.of("lc", 1, 2, 3).hold(12)).isEqualTo("C B A C B A C B A C B A");
        assertThat(Lab.of("lc", 3, 2, 1).hold(12)).isEqualTo("C B A C B A C B A C B A");
        assertThat(Lab.of("lc", 2, 2, 4).hold(12)).isEqualTo("C B A C B A C B A C B A");
        assertThat(Lab.of("lc", 1, 2, 3).finish(9)).isEqualTo("C B A C B A C B A");
    }

    @Test
    void wlcDividesTheLoadByTheWeight() {
        Lab lab = Lab.of("wlc", 1, 2, 3);
        assertThat(lab.hold(12)).isEqualTo("C B A C B C C B A C B C");
        assertThat(lab.counts('A') + " " + lab.counts('B') + " " + lab.counts('C'))
                .isEqualTo("2/0 4/0 6/0");
        assertThat(Lab.of("wlc", 3, 2, 1).hold(12)).isEqualTo("C B A A B A C B A A B A");
        assertThat(Lab.of("wlc", 2, 2, 4).hold(12)).isEqualTo("C B A C C B A C C B A C");
        assertThat(Lab.of("wlc", 1, 2, 3).finish(12)).isEqualTo("C B A C B C C B A C B C");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc"})
    void weightZeroIsNeverChosen(String scheduler) {
        assertThat(Lab.of(scheduler, 1, 0, 1).hold(12)).isEqualTo("C A C A C A C A C A C A");
        assertThat(Lab.of(scheduler, 0, 0).hold(2)).isEqualTo("- -");
        assertThat(new Lab(scheduler).hold(1)).isEqualTo("-");
    }

    @Test
    void aNewServerGetsEverythingUntilItIsAsLoadedAsTheOthers() {
        Lab lab = Lab.of("wlc", 1, 1, 1);
        assertThat(lab.hold(3)).isEqualTo("C B A");
        assertThat(lab.add('D', 1).hold(6)).isEqualTo("D D C B A D");
        assertThat(lab.weight('C', 5).hold(8)).isEqualTo("C C C C C C C C");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc"})
    void oneInactiveConnectionDecidesBetweenEquallyManyActiveOnes(String scheduler) {
        Lab lab = Lab.of(scheduler, 1, 1, 1);
        assertThat(lab.hold(6)).isEqualTo("C B A C B A");
        assertThat(lab.finishOf('B').counts('B')).isEqualTo("1/1");
        assertThat(lab.hold(6)).isEqualTo("B C A B C A");

        Lab more = Lab.of(scheduler, 1, 1, 1);
        more.hold(6);
        assertThat(more.finishOf('B', 'B', 'A', 'C').counts('B')).isEqualTo("0/2");
        assertThat(more.hold(6)).isEqualTo("B C A B C A");
    }

    @Test
    void inactiveConnectionsAreWeightedToo() {
        Lab lab = Lab.of("wlc", 1, 2, 3);
        lab.hold(12);
        assertThat(lab.finishOf('B').hold(6)).isEqualTo("B C A B C B");

        Lab finished = Lab.of("wlc", 1, 2, 3);
        finished.finish(6);
        assertThat(finished.counts('A') + " " + finished.counts('B') + " " + finished.counts('C'))
                .isEqualTo("0/1 0/2 0/3");
        assertThat(finished.hold(6)).isEqualTo("C B A C B C");
    }

    @Test
    void extremeLoadsAndWeightsDoNotOverflow() {
        Destination heavy = Destinations.of(65535).get(0);
        Destination light = Destinations.of(1).get(0);
        for (int i = 0; i < 70_000; i++) {
            heavy.bind();
            heavy.establish();
        }
        light.bind();
        light.establish();
        light.bind();
        WeightedLeastConnection scheduler = new WeightedLeastConnection();
        scheduler.update(java.util.List.of(light, heavy));
        assertThat(scheduler.pick(new Flow())).isSameAs(light); // 257 / 1 < 70000 * 256 / 65535, which is 273.4
    }
}
