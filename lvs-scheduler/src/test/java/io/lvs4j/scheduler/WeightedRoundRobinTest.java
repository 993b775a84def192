package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WeightedRoundRobinTest {

    @TestFactory
    Stream<DynamicTest> sequencesAreTheKernels() throws IOException {
        return Measured.lines("wrr-linux-6.1.txt").map(line -> DynamicTest.dynamicTest(line, () -> replay(line)));
    }

    private static void replay(String line) {
        Matcher words = Pattern.compile("(\\S+) \\(([\\d,]+)\\) (.*)").matcher(line);
        assertThat(words.matches()).isTrue();
        int[] weights =
                Stream.of(words.group(2).split(",")).mapToInt(Integer::parseInt).toArray();
        Lab lab = words.group(1).equals("at-once") ? Lab.of("rr", weights).scheduler("wrr") : Lab.of("wrr", weights);
        for (String step : words.group(3).split(" ")) {
            if (!step.startsWith("[")) {
                assertThat(lab.pick(step.length()).replace(" ", "")).isEqualTo(step);
            } else if (step.charAt(1) == '+') {
                lab.add(step.charAt(2), number(step, 4));
            } else if (step.charAt(1) == '-') {
                lab.remove(step.charAt(2));
            } else {
                lab.weight(step.charAt(1), number(step, 4));
            }
        }
    }

    private static int number(String step, int from) {
        return Integer.parseInt(step.substring(from, step.length() - 1));
    }

    @Test // measured on Linux 6.1 ip_vs
    void theSameSchedulerKeepsTheTurnAndAFreshOneStartsAtTheTop() {
        Lab lab = Lab.of("wrr", 1, 2, 3);
        assertThat(lab.pick(4)).isEqualTo("C B A C");
        assertThat(lab.scheduler("wrr").pick(8)).isEqualTo("C B C B A C C B");
        assertThat(lab.scheduler("rr").scheduler("wrr").pick(8)).isEqualTo("C C B C B A C C");
    }

    @Test // measured on Linux 6.1 ip_vs
    void overloadedServersArePassedOver() {
        Lab lab = Lab.of("wrr", 1, 2, 3).thresholds('C', 2, 0);
        assertThat(lab.hold(12)).isEqualTo("C B A C B B A B B A B B");
    }

    @Test // measured on Linux 6.1 ip_vs
    void afterTotalFailureItStartsAtTheTop() {
        Lab lab = Lab.of("wrr", 1, 2, 3)
                .thresholds('A', 1, 0)
                .thresholds('B', 2, 0)
                .thresholds('C', 2, 0);
        assertThat(lab.hold(8)).isEqualTo("C B A C B - - -");
        lab.finishOf('B', 'B', 'C', 'C').expire('B', 'B', 'C', 'C');
        assertThat(lab.hold(8)).isEqualTo("C C B B - - - -");
    }

    @Test
    void anEditOfAThresholdRestartsThePassAsAnyEdit() {
        Lab lab = Lab.of("wrr", 1, 1, 1);
        assertThat(lab.pick(2)).isEqualTo("C B");
        assertThat(lab.thresholds('A', 9, 0).pick(3)).isEqualTo("C B A");
    }

    @Property(tries = 200)
    void overACycleEveryServerIsChosenInProportionToItsWeight(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 40) Integer> weights) {
        List<Destination> list = Destinations.of(weights);
        WeightedRoundRobin scheduler = new WeightedRoundRobin();
        scheduler.update(list);
        Flow flow = new Flow();
        int sum = weights.stream().mapToInt(w -> w).sum();
        var picks = Stream.generate(() -> scheduler.pick(flow))
                .limit(sum) // the cycle is sum / gcd long
                .collect(Collectors.groupingBy(d -> d, Collectors.counting()));
        for (Destination destination : list) {
            assertThat(picks.getOrDefault(destination, 0L)).isEqualTo(destination.weight());
        }
    }

    @Test
    void aHeavyServerAmongManyLightOnesIsFoundAtOnce() {
        List<Integer> weights = new java.util.ArrayList<>(java.util.Collections.nCopies(100, 1));
        weights.set(50, 65535);
        List<Destination> list = Destinations.of(weights);
        WeightedRoundRobin scheduler = new WeightedRoundRobin();
        scheduler.update(list);
        for (int i = 0; i < 65534; i++) {
            assertThat(scheduler.pick(new Flow())).isSameAs(list.get(50));
        }
        for (Destination destination : list) {
            assertThat(scheduler.pick(new Flow())).isSameAs(destination);
        }
        assertThat(scheduler.pick(new Flow())).isSameAs(list.get(50));
    }

    @Property(tries = 100)
    void overACycleEachServerGetsItsWeight(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 60) Integer> weights) {
        List<Destination> list = Destinations.of(weights);
        WeightedRoundRobin scheduler = new WeightedRoundRobin();
        scheduler.update(list);
        int step = weights.stream().reduce(0, WeightedRoundRobinTest::greatestCommonDivisor);
        Map<Destination, Integer> served = new HashMap<>();
        int turns = weights.stream().mapToInt(Integer::intValue).sum() / Math.max(step, 1);
        for (int i = 0; i < 3 * turns; i++) {
            served.merge(scheduler.pick(new Flow()), 1, Integer::sum);
        }
        for (Destination destination : list) {
            assertThat(served.getOrDefault(destination, 0)).isEqualTo(3 * destination.weight() / Math.max(step, 1));
        }
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
