package io.lvs4j.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final List<String> ALL =
            List.of("rr", "wrr", "lc", "wlc", "sed", "nq", "twos", "fo", "ovf", "sh", "dh", "mh", "lblc", "lblcr");

    @Test
    void listsOfSizesAndLimitsGoTogether() {
        List<Gate> gates = Gate.parse(List.of("# a comment", "", "lc.open-close  3/1000  1  1.5/6.5  F2"));

        assertThat(gates)
                .containsExactly(
                        new Gate(new Key("lc.open-close", 3, 1), 1.5, new Key("F2", 3, 1)),
                        new Gate(new Key("lc.open-close", 1000, 1), 6.5, new Key("F2", 1000, 1)));
    }

    @Test
    void oneLimitHoldsForAllSizes() {
        assertThat(Gate.parse(List.of("rr.pick * 2 2.0 F1")))
                .extracting(gate -> gate.row().n(), Gate::limit)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, 2.0),
                        org.assertj.core.groups.Tuple.tuple(16, 2.0),
                        org.assertj.core.groups.Tuple.tuple(100, 2.0),
                        org.assertj.core.groups.Tuple.tuple(1000, 2.0));
    }

    @Test
    void aReferenceMayHaveAnotherNumberOfThreads() {
        assertThat(Gate.parse(List.of("persistence.hit - 2 1.2 persistence.hit@1")))
                .containsExactly(new Gate(new Key("persistence.hit", 0, 2), 1.2, new Key("persistence.hit", 0, 1)));
    }

    @Test
    void aLineThatIsNotUnderstoodIsQuoted() {
        assertThatThrownBy(() -> Gate.parse(List.of("rr.pick * 1 1.6")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rr.pick * 1 1.6");
        assertThatThrownBy(() -> Gate.parse(List.of("lc.open-close 3/16/100 1 1.5/2.4 F2")))
                .hasMessageContaining("lc.open-close");
    }

    @Test
    void everyGateIsAboutRowsOfTheCatalogue() {
        Set<Key> measured = tasks().map(Task::key).collect(Collectors.toSet());

        for (Gate gate : Gate.parse(Suite.gatesTable())) {
            assertThat(measured).contains(gate.row());
            if (!gate.absolute()) {
                assertThat(measured)
                        .containsAnyOf(gate.reference(), gate.reference().withoutServers());
            }
        }
    }

    @Test
    void everyRowOfTheCatalogueIsABenchmark() {
        tasks().forEach(task -> {
            String[] name = task.benchmark().split("\\.");
            assertThat(methods("io.lvs4j.benchmarks." + name[0])).contains(name[1]);
        });
    }

    @Test
    void everySchedulerHasAGate() {
        Set<String> gated = Gate.parse(Suite.gatesTable()).stream()
                .map(gate -> gate.row().row().split("\\.")[0])
                .collect(Collectors.toSet());

        assertThat(gated).containsAll(ALL);
    }

    private static Stream<Task> tasks() {
        return IntStream.of(1, 2)
                .boxed()
                .flatMap(threads -> new Catalogue(ALL, threads).groups().stream())
                .flatMap(group -> Stream.concat(group.floors().stream(), group.tasks().stream()));
    }

    private static List<String> methods(String type) {
        try {
            return Stream.of(Class.forName(type).getMethods())
                    .filter(method -> method.isAnnotationPresent(org.openjdk.jmh.annotations.Benchmark.class))
                    .map(java.lang.reflect.Method::getName)
                    .toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
