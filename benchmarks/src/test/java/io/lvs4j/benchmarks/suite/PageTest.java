package io.lvs4j.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.benchmarks.suite.Group.Pace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Numbers are made up here; nothing is timed. */
class PageTest {
    private static final List<String> SCHEDULERS = List.of("rr", "wlc");
    private static final List<Gate> GATES =
            Gate.parse(List.of("rr.pick 3 1 1.6 F1", "rr.pick 3 2 2.0 F1", "persistence.size - 1 64 B"));

    private final Results results = new Results();

    @Test
    void aRowWithinItsLimitPasses() {
        results.canary(1, 1.6);
        measured("F1", 0, 1, 8.4);
        measured("rr.pick", 3, 1, 12.0);
        results.canary(1, 1.7);

        assertThat(page()).contains("| `rr.pick` | 3 | 12.0 | 0 | F1 | 8.40 | 1.43 | 1.60 | pass |");
        assertThat(new Page(results, GATES, SCHEDULERS).missed()).isFalse();
    }

    @Test
    void aRowBeyondItsLimitIsAMiss() {
        results.canary(1, 1.6);
        measured("F1", 0, 1, 8.4);
        measured("rr.pick", 3, 1, 20.0);
        results.canary(1, 1.6);

        assertThat(page()).contains("| 2.38 | 1.60 | **miss** |").contains("Gates: 1 miss, 2 not measured.");
        assertThat(new Page(results, GATES, SCHEDULERS).missed()).isTrue();
    }

    @Test
    void aRowBesideASlowCanaryIsDisturbed() {
        results.canary(1, 1.6);
        measured("F1", 0, 1, 8.4);
        results.canary(1, 1.6);
        measured("rr.pick", 3, 1, 20.0);
        results.canary(1, 3.2);

        assertThat(page()).contains("| 1.60 | disturbed |").contains("~20.0 (2.38)");
        assertThat(new Page(results, GATES, SCHEDULERS).missed()).isFalse();
    }

    @Test
    void aFloorIsTheMedianOfItsQuietMeasurements() {
        results.canary(1, 1.6);
        measured("F1", 0, 1, 8.0);
        measured("F1", 0, 1, 9.0);
        measured("F1", 0, 1, 8.5);
        results.canary(1, 1.6);
        results.canary(1, 3.2);
        measured("F1", 0, 1, 30.0);
        results.canary(1, 1.6);

        assertThat(results.read(new Key("F1", 3, 1)).orElseThrow())
                .isEqualTo(new Results.Reading(new Value(8.5, 0, false), false));
    }

    @Test
    void twoThreadsAreNotJudgedWithoutTwoCores() {
        results.canary(1, 1.6);
        results.canary(2, 3.2);
        measured("F1", 0, 2, 37.0);
        measured("rr.pick", 3, 2, 20.0);
        results.canary(2, 3.2);

        assertThat(page()).contains("| 0.54 | 2.00 | not judged |").contains("**gates with 2 threads are not judged**");
    }

    @Test
    void bytesAreJudgedAlsoOnADisturbedMachine() {
        results.canary(1, 1.6);
        measured("persistence.size", 0, 1, 50);
        results.canary(1, 3.2);

        assertThat(page()).contains("| `persistence.size` |  |  |  |  |  | 50.0 B | 64.0 B | pass |");
    }

    @Test
    void aChoiceThatAllocatesIsAMiss() {
        results.add(new Key("wlc.overloaded", 16, 1), new Value(20, 24, true));

        assertThat(page()).contains("- `wlc.overloaded n=16 1t`: 24.0 B/op");
        assertThat(new Page(results, GATES, SCHEDULERS).missed()).isTrue();
    }

    @Test
    void whatCouldNotBeMeasuredIsNamed() {
        String page = new Page(results, GATES, SCHEDULERS)
                .render(Map.of("Cores", "2"), List.of(), Optional.empty(), List.of("`mh.pick n=3 1t`: why"));

        assertThat(page).contains("- Cores: 2").contains("- `mh.pick n=3 1t`: why");
    }

    @Test
    void thePlotHasALinePerSchedulerAndFloor() {
        measured("F1", 0, 1, 8.4);
        for (int n : Catalogue.SIZES) {
            measured("rr.pick", n, 1, 12);
            measured("wlc.open-close", n, 1, 10 * n);
        }

        String svg = new Plot(results).render(SCHEDULERS);

        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains(">rr  12.0<", ">wlc  10000.0<", ">F1  8.4<");
        assertThat(svg.split("<polyline", -1)).hasSize(4);
    }

    private void measured(String row, int n, int threads, double amount) {
        results.add(new Key(row, n, threads), new Value(amount, 0, false));
    }

    private String page() {
        List<Group> groups = results.keys().stream()
                .filter(key -> !"F1".equals(key.row()))
                .map(key -> new Group(
                        "Rows",
                        List.of(new Task(new Key("F1", 0, key.threads()), "Floors.f1", Map.of(), 1)),
                        List.of(new Task(key, "PickBenchmark.pick", Map.of(), 1)),
                        Pace.NORMAL))
                .toList();
        return new Page(results, GATES, SCHEDULERS)
                .render(Map.of("Cores", "2"), groups, Optional.of("plot.svg"), List.of());
    }
}
