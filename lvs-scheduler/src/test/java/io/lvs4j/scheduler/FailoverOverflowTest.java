package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Scheduling;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code fo} and {@code ovf}. Sequences as measured on Linux 6.1 and 6.12 ip_vs, unless said otherwise. */
class FailoverOverflowTest {

    @Test
    void failoverUsesTheHeaviest() {
        assertThat(Lab.of("fo", 2, 3, 3).hold(3)).isEqualTo("C C C");
        Lab lab = Lab.of("fo", 1, 3, 2);
        assertThat(lab.hold(3)).isEqualTo("B B B");
        assertThat(lab.weight('B', 0).hold(3)).isEqualTo("C C C");
        assertThat(lab.weight('A', 5).hold(2)).isEqualTo("A A");
    }

    @Test
    void failoverPassesOverAnOverloadedServer() {
        assertThat(Lab.of("fo", 1, 3, 2).thresholds('B', 2, 0).hold(4)).isEqualTo("B B C C");
    }

    @Test // not measured
    void failoverGoesBackWhenTheHeaviestReturns() {
        Lab lab = Lab.of("fo", 1, 3, 2);
        assertThat(lab.serving('B', false).pick(2)).isEqualTo("C C");
        assertThat(lab.serving('B', true).pick(2)).isEqualTo("B B");
        assertThat(lab.remove('B', 'C').pick(1)).isEqualTo("A");
        assertThat(lab.remove('A').pick(1)).isEqualTo("-");
    }

    @Test
    void overflowFillsTheHeaviestAndOneMore() {
        assertThat(held("ovf", 12, 2, 3, 3)).isEqualTo("CCCCBBBBAAA-");
        Lab lab = Lab.of("ovf", 1, 3, 2);
        assertThat(lab.hold(10)).isEqualTo("B B B B C C C A A -");
        assertThat(lab.finishOf('B', 'B').hold(4)).isEqualTo("B B - -");
    }

    private static String held(String scheduler, int count, int... weights) {
        return Lab.of(scheduler, weights).hold(count).replace(" ", "");
    }

    @Test // not measured
    void overflowHonoursThresholdsToo() {
        assertThat(Lab.of("ovf", 1, 3, 2).thresholds('B', 2, 0).hold(8)).isEqualTo("B B C C C A A -");
    }

    @Test // not measured
    void aRaisedWeightMakesRoom() {
        Lab lab = Lab.of("ovf", 1, 2);
        assertThat(lab.hold(6)).isEqualTo("B B B A A -");
        assertThat(lab.weight('A', 3).hold(3)).isEqualTo("A A -");
    }

    @Test
    void aServerThatCannotBeReachedIsPassedOver() {
        Lab lab = Lab.of("fo", 1, 3, 2);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        Lease first = lab.engine().acquire(flow);
        assertThat(Lab.letter(first.server())).isEqualTo('B');
        first.connectFailed();
        flow.exclude(first);
        assertThat(Lab.letter(lab.engine().acquire(flow).server())).isEqualTo('C');
    }

    @Test
    void theyExplainTheirChoice() {
        List<Destination> list = Destinations.of(2, 3, 0);
        assertThat(explain("fo", list))
                .isEqualTo(new Scheduler.Choice(
                        list.get(1), "weight 3 is the greatest of the 2 of 3 servers that can be used"));
        list.get(0).bind();
        list.get(0).establish();
        assertThat(explain("ovf", list.subList(0, 1)))
                .isEqualTo(new Scheduler.Choice(
                        list.get(0),
                        "weight 2 is the greatest of the 1 of 1 servers with no more active connections than their weight,"
                                + " and it has 1"));
        assertThat(explain("fo", list.subList(2, 3)))
                .isEqualTo(new Scheduler.Choice(null, "none of 1 servers can be used"));
        assertThat(explain("ovf", List.of()))
                .isEqualTo(new Scheduler.Choice(
                        null, "none of 0 servers can be used and has no more active connections than its weight"));
    }

    private static Scheduler.Choice explain(String name, List<Destination> list) {
        Scheduler scheduler = Schedulers.create(Scheduling.of(name));
        scheduler.update(list);
        return scheduler.explain(Lab.flow("10.7.0.1", "10.8.0.1")).orElseThrow();
    }
}
