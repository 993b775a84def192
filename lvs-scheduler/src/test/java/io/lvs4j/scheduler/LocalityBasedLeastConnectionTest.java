package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test // not measured: the kernel's limits go by time
    void theAddressUnusedLongestGivesWay() {
        LocalityBasedLeastConnection scheduler = new LocalityBasedLeastConnection();
        List<Destination> list = Destinations.of(1, 1);
        scheduler.update(list);
        Flow kept = Lab.flow("10.7.0.1", "10.8.0.1");
        Destination owner = scheduler.pick(kept);
        owner.bind(); // from now on the other one is less loaded, and new addresses go there
        for (int i = 0; i < 200_000; i++) {
            Destination other = scheduler.pick(new Flow().set(0, 0, 1, i, i, 1));
            assertThat(other).isNotSameAs(owner);
            assertThat(scheduler.pick(kept)).isSameAs(owner);
        }
        for (int i = 0; i < 200_000; i++) {
            scheduler.pick(new Flow().set(0, 0, 1, -i, i, 1));
        }
        assertThat(scheduler.pick(kept)).isNotSameAs(owner);
    }
}
