package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Scheduling;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequences as measured on Linux 6.1 and 6.12 ip_vs, unless said otherwise. V1, V2, ... are the addresses connected to. */
class LocalityBasedLeastConnectionTest {
    private static final String V1 = "10.8.0.1";
    private static final String V2 = "10.8.0.2";
    private static final String[] V1_TO_V3 = Lab.addresses("10.8.0.", 3);
    private static final String[] V1_TO_V9 = Lab.addresses("10.8.0.", 9);

    @Test
    void aNewAddressGoesToTheLeastLoadedServerAndStays() {
        Lab finished = Lab.of("lblc", 1, 1, 1);
        assertThat(finished.finishTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");
        assertThat(finished.finishTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");

        Lab held = Lab.of("lblc", 10, 10, 10);
        assertThat(held.holdTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");
        assertThat(held.holdTo(V1_TO_V9)).isEqualTo("C B A C B A C B A");

        assertThat(Lab.of("lblc", 10, 20, 30).holdTo(V1_TO_V9)).isEqualTo("C B A C B C C B A");
    }

    @Test
    void anAddressThatHasMovedDoesNotGoBack() {
        Lab lab = Lab.of("lblc", 10, 10, 10);
        assertThat(lab.finishTo(V1, V1, V1)).isEqualTo("C C C");
        assertThat(lab.weight('C', 0).finishTo(V1, V1, V1)).isEqualTo("B B B");
        assertThat(lab.weight('C', 10).finishTo(V1, V1, V1)).isEqualTo("B B B");
    }

    @Test
    void anAddressLeavesARemovedServer() {
        Lab lab = Lab.of("lblc", 10, 10, 10);
        assertThat(lab.finishTo(V1, V2)).isEqualTo("C B");
        assertThat(lab.remove('B').finishTo(V2, V2, V2)).isEqualTo("A A A");
        assertThat(lab.add('B', 10).finishTo(V2, V2, V2)).isEqualTo("A A A");
    }

    @Test
    void aBusyServerKeepsTheAddressWhileNobodyIsHalfIdle() {
        assertThat(toV1(Lab.of("lblc", 4, 4, 4))).isEqualTo("CCCCCBBBBBAAAAAA");
        assertThat(toV1(Lab.of("lblc", 5, 4, 4))).isEqualTo("CCCCCBBBBBAAAAAA");
        assertThat(toV1(Lab.of("lblc", 3, 3, 3))).isEqualTo("CCCCBBBBAAAAAAAA");
        assertThat(toV1(Lab.of("lblc", 2, 2, 2))).isEqualTo("CCCBBBAAAAAAAAAA");
        assertThat(toV1(Lab.of("lblc", 1, 1, 1))).isEqualTo("CCBBAAAAAAAAAAAA");
    }

    private static String toV1(Lab lab) {
        return lab.hold(16).replace(" ", "");
    }

    @Test
    void aCachedServerIsUsedBeyondItsThreshold() {
        Lab lab = Lab.of("lblc", 4, 4, 4).thresholds('C', 2, 0);
        assertThat(lab.hold(8)).isEqualTo("C C C C C B B B");
        assertThat(lab.holdTo(V2, V2, V2, V2)).isEqualTo("A A A A");
    }

    @Test
    void weightZeroIsNeverChosen() {
        Lab lab = Lab.of("lblc", 0, 0, 0);
        assertThat(lab.pick(1)).isEqualTo("-");
        assertThat(lab.weight('A', 1).pick(1)).isEqualTo("A");
        assertThat(new Lab("lblc").pick(1)).isEqualTo("-");
    }

    @Test
    void aNewServerGetsNewAddresses() {
        Lab lab = Lab.of("lblc", 4, 4, 4);
        assertThat(lab.holdTo(V1_TO_V3)).isEqualTo("C B A");
        assertThat(lab.add('D', 4).holdTo(Lab.addresses("10.8.0.", 5))).isEqualTo("C B A D D");
    }

    @Test
    void inactiveConnectionsCountForANewAddress() {
        Lab lab = Lab.of("lblc", 1, 1, 1);
        assertThat(lab.finishTo(V1, V1)).isEqualTo("C C");
        assertThat(lab.finishTo(V2, "10.8.0.3", "10.8.0.4")).isEqualTo("B A B");
    }

    @Test // not measured
    void anAddressIsForgottenWhenItHasNotBeenUsedForTheExpiry() {
        Scheduler scheduler = scheduler(Duration.ofSeconds(30));
        List<Destination> list = Destinations.of(1, 1);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", V1);
        long now = Long.MAX_VALUE - 5; // the clock may wrap
        assertThat(pick(scheduler, flow, now)).isSameAs(list.get(0));
        list.get(0).bind(); // from now on the other one is less loaded
        now += 29_000_000_000L;
        assertThat(pick(scheduler, flow, now)).isSameAs(list.get(0));
        now += 29_999_999_999L;
        assertThat(pick(scheduler, flow, now)).isSameAs(list.get(0));
        now += 30_000_000_000L;
        assertThat(pick(scheduler, flow, now)).isSameAs(list.get(1));
    }

    @Test
    void itIs24HoursIfNotSaidOtherwise() {
        Scheduler scheduler = new LocalityBasedLeastConnection(Scheduling.of("lblc"));
        List<Destination> list = Destinations.of(1, 1);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", V1);
        pick(scheduler, flow, 0);
        list.get(0).bind();
        long day = Duration.ofDays(1).toNanos();
        assertThat(pick(scheduler, flow, day - 1)).isSameAs(list.get(0));
        assertThat(pick(scheduler, flow, 2 * day)).isSameAs(list.get(1));
        assertThat(scheduler.usesTime()).isTrue();
    }

    @Test
    void saysWhyAnAddressGoesWhere() {
        Scheduler scheduler = scheduler(Duration.ofHours(1));
        List<Destination> list = Destinations.of(1, 3);
        scheduler.update(list);
        Flow flow = Lab.flow("10.7.0.1", V1);
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        list.get(0), "the address connected to is new; this one has the least load for its weight"));
        scheduler.pick(flow);
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(list.get(0), "the address connected to is its own"));
        for (int i = 0; i < 2; i++) {
            list.get(0).bind();
            list.get(0).establish();
        }
        assertThat(scheduler.explain(flow))
                .contains(new Scheduler.Choice(
                        list.get(1),
                        "the address connected to leaves 10.9.0.1:8000, which has too much to do; this one has the least load"
                                + " for its weight"));
        list.forEach(Destination::stopServing);
        assertThat(scheduler.explain(flow).orElseThrow().destination()).isNull();
    }

    private static Scheduler scheduler(Duration expiry) {
        return Schedulers.create(Scheduling.of("lblc").withExpiry(expiry));
    }

    private static Destination pick(Scheduler scheduler, Flow flow, long now) {
        flow.time(now);
        return scheduler.pick(flow);
    }
}
