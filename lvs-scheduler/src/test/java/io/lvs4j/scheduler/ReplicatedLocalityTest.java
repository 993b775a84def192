package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Scheduling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code lblcr}. Sequences as measured on Linux 6.1 and 6.12 ip_vs, unless said otherwise. */
class ReplicatedLocalityTest {
    private static final String V1 = "10.8.0.1";
    private static final String V2 = "10.8.0.2";
    private static final String[] V1_TO_V9 = Lab.addresses("10.8.0.", 9);
    private static final long EXPIRY = Duration.ofSeconds(30).toNanos();

    @Test
    void aNewAddressGoesToTheLeastLoadedServerAndStays() {
        Lab finished = Lab.of("lblcr", 1, 1, 1);
        assertThat(finished.finishTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");
        assertThat(finished.finishTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");

        Lab held = Lab.of("lblcr", 10, 10, 10);
        assertThat(held.holdTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");
        assertThat(held.holdTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");
    }

    @Test
    void anAddressLeavesARemovedServer() {
        Lab lab = Lab.of("lblcr", 10, 20, 30);
        assertThat(lab.holdTo(V1_TO_V9)).isEqualTo("C B A C B C C B A");
        assertThat(lab.hold(3)).isEqualTo("C C C");
        assertThat(lab.finishTo(V1)).isEqualTo("C");
        assertThat(lab.weight('C', 0).hold(3)).isEqualTo("B B B");
        assertThat(lab.weight('C', 10).hold(3)).isEqualTo("B B B");
        assertThat(lab.finishTo(V2)).isEqualTo("B");
        assertThat(lab.remove('B').holdTo(V2, V2, V2)).isEqualTo("A A A");
        assertThat(lab.add('B', 10).holdTo(V2, V2, V2)).isEqualTo("A A A");
    }

    @Test
    void aBusyAddressGetsMoreServers() {
        assertThat(toV1(Lab.of("lblcr", 4, 4, 4))).isEqualTo("CCCCCBBBBBAAAAAA");
        assertThat(toV1(Lab.of("lblcr", 5, 4, 4))).isEqualTo("CCCCCBBBBBAAAAAA");
        assertThat(toV1(Lab.of("lblcr", 3, 3, 3))).isEqualTo("CCCCBBBBAAAAABCA");
        assertThat(toV1(Lab.of("lblcr", 2, 2, 2))).isEqualTo("CCCBBBAAAABCABCA");
        assertThat(toV1(Lab.of("lblcr", 1, 1, 1))).isEqualTo("CCBBAAABCABCABCA");
    }

    private static String toV1(Lab lab) {
        return lab.hold(16).replace(" ", "");
    }

    @Test
    void anOverloadedMemberIsPassedOver() {
        Lab lab = Lab.of("lblcr", 4, 4, 4).thresholds('C', 2, 0);
        assertThat(lab.hold(8)).isEqualTo("C C B B B B B A");
        assertThat(lab.holdTo(V2, V2, V2, V2)).isEqualTo("A A A A");
    }

    @Test // not measured
    void theMostLoadedMemberLeavesASetThatHasNotChangedForTheExpiry() {
        Scheduler scheduler = Schedulers.create(Scheduling.of("lblcr").withExpiry(Duration.ofSeconds(30)));
        List<Destination> list = Destinations.of(1, 4);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        assertThat(pick(scheduler, flow, 0)).isSameAs(list.get(0));
        activate(list.get(0), 2); // too much, and the other one has less than half
        assertThat(pick(scheduler, flow, 1)).isSameAs(list.get(1));
        assertThat(scheduler.explain(flow).orElseThrow().reason())
                .isEqualTo("it has the least load for its weight of the 2 servers of the address connected to");

        activate(list.get(1), 12); // now the load of the first is less for its weight
        assertThat(pick(scheduler, flow, EXPIRY)).isSameAs(list.get(0));
        assertThat(pick(scheduler, flow, EXPIRY + 1)).isSameAs(list.get(0)); // not longer than the expiry yet
        assertThat(pick(scheduler, flow, EXPIRY + 2)).isSameAs(list.get(0)); // the second one leaves
        assertThat(scheduler.explain(flow).orElseThrow().reason())
                .isEqualTo("it has the least load for its weight of the 1 servers of the address connected to");
        for (int i = 0; i < 12; i++) {
            list.get(1).unbindActive();
        }
        list.get(0).unbindActive();
        assertThat(pick(scheduler, flow, EXPIRY + 3)).isSameAs(list.get(0));
    }

    @Test // not measured
    void anAddressThatIsNotUsedForTheExpiryIsForgotten() {
        Scheduler scheduler = Schedulers.create(Scheduling.of("lblcr").withExpiry(Duration.ofSeconds(30)));
        List<Destination> list = Destinations.of(1, 1);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        assertThat(pick(scheduler, flow, 0)).isSameAs(list.get(0));
        activate(list.get(0), 1);
        assertThat(pick(scheduler, flow, EXPIRY - 1)).isSameAs(list.get(0));
        assertThat(pick(scheduler, flow, 2 * EXPIRY - 1)).isSameAs(list.get(1));
        assertThat(scheduler.usesTime()).isTrue();
    }

    @Test // not measured: the kernel keeps it
    void aMemberThatWasRemovedForGoodLeavesFirst() {
        Scheduler scheduler = Schedulers.create(Scheduling.of("lblcr").withExpiry(Duration.ofSeconds(30)));
        List<Destination> list = Destinations.of(1, 4);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        Destination first = pick(scheduler, flow, 0);
        activate(first, 2);
        Destination second = pick(scheduler, flow, 1);
        scheduler.update(list.subList(1, 2));
        first.retire();
        assertThat(pick(scheduler, flow, EXPIRY)).isSameAs(second);
        assertThat(pick(scheduler, flow, EXPIRY + 2)).isSameAs(second);
        assertThat(scheduler.explain(flow).orElseThrow().reason()).contains("of the 1 servers");
    }

    @Test
    void saysWhyAnAddressGoesWhere() {
        Scheduler scheduler = Schedulers.create(Scheduling.of("lblcr"));
        List<Destination> list = Destinations.of(1, 3);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        list.get(0),
                        "the address connected to is new; this one has the least load for its weight of all"));
        scheduler.pick(flow);
        activate(list.get(0), 2);
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        list.get(1),
                        "the servers of the address connected to have too much to do; this one has the least load for its"
                                + " weight of all"));
        list.forEach(Destination::stopServing);
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        null, "of the servers of the address connected to none can be used, nor any other"));
    }

    private static void activate(Destination destination, int connections) {
        for (int i = 0; i < connections; i++) {
            destination.bind();
            destination.establish();
        }
    }

    private static Destination pick(Scheduler scheduler, Flow flow, long now) {
        flow.time(now);
        return scheduler.pick(flow);
    }
}
