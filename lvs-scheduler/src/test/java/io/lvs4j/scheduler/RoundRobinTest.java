package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sequences as measured on Linux 6.1 ip_vs, unless said otherwise. */
class RoundRobinTest {

    @Test
    void destinationsTakeTurnsLastAddedFirst() {
        assertThat(Lab.of("rr", 1, 1, 1).pick(7)).isEqualTo("C B A C B A C");
    }

    @Test
    void weightsDoNotMatter() {
        assertThat(Lab.of("rr", 1, 2, 3).pick(7)).isEqualTo("C B A C B A C");
    }

    @Test
    void anAddedServerComesWhenTheTurnReachesTheHead() {
        assertThat(Lab.of("rr", 1, 1, 1).add('D', 1).pick(8)).isEqualTo("D C B A D C B A");
        assertThat(after(1, Lab.of("rr", 1, 1, 1)).add('D', 1).pick(8)).isEqualTo("B A D C B A D C");
        assertThat(after(2, Lab.of("rr", 1, 1, 1)).add('D', 1).pick(8)).isEqualTo("A D C B A D C B");
        assertThat(after(3, Lab.of("rr", 1, 1, 1)).add('D', 1).pick(8)).isEqualTo("D C B A D C B A");
    }

    @Test
    void nobodyIsPassedOverWhenTheServerUsedLastIsRemoved() {
        assertThat(after(1, Lab.of("rr", 1, 1, 1, 1)).remove('D').pick(7)).isEqualTo("C B A C B A C");
        assertThat(after(2, Lab.of("rr", 1, 1, 1, 1)).remove('C').pick(7)).isEqualTo("B A D B A D B");
        assertThat(after(3, Lab.of("rr", 1, 1, 1, 1)).remove('B').pick(7)).isEqualTo("A D C A D C A");
        assertThat(after(4, Lab.of("rr", 1, 1, 1, 1)).remove('A').pick(7)).isEqualTo("D C B D C B D");
        assertThat(after(2, Lab.of("rr", 1, 1, 1, 1)).remove('C', 'D').pick(5)).isEqualTo("B A B A B");
    }

    @Test
    void aServerThatComesBackIsNewAtTheHead() {
        assertThat(readded(1, 'D')).isEqualTo("C B A C B A C ; B A D C B A D C");
        assertThat(readded(2, 'C')).isEqualTo("B A D B A D B ; A C D B A C D B");
        assertThat(readded(3, 'B')).isEqualTo("A D C A D C A ; B D C A B D C A");
        assertThat(readded(4, 'A')).isEqualTo("D C B D C B D ; C B A D C B A D");
    }

    private static String readded(int picksBefore, char server) {
        Lab lab = after(picksBefore, Lab.of("rr", 1, 1, 1, 1)).remove(server);
        return lab.pick(7) + " ; " + lab.add(server, 1).pick(8);
    }

    @Test
    void theNextServerMayBeRemoved() {
        assertThat(after(2, Lab.of("rr", 1, 1, 1, 1)).remove('B').pick(5)).isEqualTo("A D C A D");
    }

    @Test
    void aQuiescedServerIsSkippedAndKeepsItsPlace() {
        Lab lab = Lab.of("rr", 1, 0, 1);
        assertThat(lab.pick(6)).isEqualTo("C A C A C A");
        assertThat(lab.weight('B', 1).pick(7)).isEqualTo("C B A C B A C");

        Lab justUsed = after(2, Lab.of("rr", 1, 1, 1)).weight('B', 0);
        assertThat(justUsed.pick(5)).isEqualTo("A C A C A");
        assertThat(justUsed.weight('B', 1).pick(6)).isEqualTo("C B A C B A");

        Lab nextUp = after(1, Lab.of("rr", 1, 1, 1)).weight('B', 0);
        assertThat(nextUp.pick(5)).isEqualTo("A C A C A");
        assertThat(nextUp.weight('B', 7).pick(6)).isEqualTo("C B A C B A");
    }

    @Test
    void aRefusedConnectionDoesNotTakeATurn() {
        Lab lab = Lab.of("rr", 0, 0, 0);
        assertThat(lab.pick(2)).isEqualTo("- -");
        assertThat(lab.weight('A', 1).pick(2)).isEqualTo("A A");
        assertThat(lab.weight('C', 1).pick(4)).isEqualTo("C A C A");
    }

    @Test
    void withoutServersThereIsNone() {
        assertThat(new Lab("rr").pick(2)).isEqualTo("- -");
        Lab emptied = after(2, Lab.of("rr", 1, 1, 1)).remove('A', 'B', 'C');
        assertThat(emptied.pick(1)).isEqualTo("-");
        assertThat(emptied.add('A', 1).add('B', 1).add('C', 1).pick(5)).isEqualTo("C B A C B");
    }

    @Test
    void anotherSchedulerForgetsTheTurnAndTheSameOneDoesNot() {
        Lab lab = after(2, Lab.of("rr", 1, 1, 1)).scheduler("rr");
        assertThat(lab.pick(4)).isEqualTo("A C B A");
        assertThat(lab.scheduler("lc").scheduler("rr").pick(4)).isEqualTo("C B A C");
    }

    @Test
    void overloadedServersAreSkipped() {
        Lab lab = Lab.of("rr", 1, 1, 1)
                .thresholds('A', 1, 0)
                .thresholds('B', 1, 0)
                .thresholds('C', 1, 0);
        assertThat(lab.hold(5)).isEqualTo("C B A - -");
        assertThat(lab.finishOf('B').expire('B').hold(2)).isEqualTo("B -");
    }

    private static Lab after(int picks, Lab lab) {
        lab.pick(picks);
        return lab;
    }
}
