package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.ElectionSimulation.Host;
import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Two to five routers on a network on which everything goes wrong, and then nothing any more. */
class ElectionSimulationTest {
    private static final int TOLERANCE = 100;

    private static VirtualRouter router(Random random, int interval, boolean preempt) {
        VirtualRouterBuilder builder = ElectionDrive.router()
                .advertisementInterval(Duration.ofMillis(interval))
                .priority(1 + random.nextInt(random.nextBoolean() ? 254 : 3))
                .option(Option.LOWER_PRIORITY_NO_ADVERT, random.nextInt(3) == 0)
                .option(Option.HIGHER_PRIORITY_SEND_ADVERT, random.nextInt(3) == 0);
        if (!preempt) {
            builder.noPreempt();
        } else if (random.nextInt(3) == 0) {
            builder.initialState(State.MASTER);
        } else if (random.nextInt(3) == 0) {
            builder.preempt(Duration.ofMillis(interval * 5L));
        }
        return builder.build();
    }

    private static ElectionSimulation disturbed(Random random, int interval, boolean preempt) {
        int count = 2 + random.nextInt(4);
        ElectionSimulation network = new ElectionSimulation(
                Stream.generate(() -> router(random, interval, preempt))
                        .limit(count)
                        .toList(),
                random);
        network.slowest = Math.max(1, interval / 100);
        for (int i = 0; i < 30; i++) {
            disturb(network, network.hosts.get(random.nextInt(count)), interval, random);
            network.run(random.nextInt(interval * 3));
        }
        return network;
    }

    private static void disturb(ElectionSimulation network, Host host, int interval, Random random) {
        int what = random.nextInt(8);
        if (what == 0) {
            network.lost = random.nextInt(1000);
        } else if (what == 1) {
            network.hosts.forEach(each -> each.side = random.nextInt(2));
        } else if (what == 2) {
            network.hosts.forEach(each -> each.side = 0);
        } else if (!host.alive) {
            network.start(host);
        } else if (what == 3) {
            host.asleepUntil = network.now + random.nextInt(interval * 10);
        } else if (host.asleepUntil <= network.now) {
            awake(network, host, what, random);
        }
    }

    private static void awake(ElectionSimulation network, Host host, int what, Random random) {
        long nanos = Duration.ofMillis(network.now).toNanos();
        if (what == 4) {
            network.stop(host);
        } else if (what == 5) {
            network.carryOut(host, host.election.priority(1 + random.nextInt(254), nanos));
        } else if (what == 6) {
            network.carryOut(host, host.election.fault());
        } else {
            network.carryOut(host, host.election.recovered(nanos));
        }
    }

    /** Ends all disturbances: who is not there begins, who sleeps wakes, what was lost is forgotten. */
    private static void heal(ElectionSimulation network) {
        network.lost = 0;
        long nanos = Duration.ofMillis(network.now).toNanos();
        for (Host host : network.hosts) {
            host.side = 0;
            host.asleepUntil = network.now;
            if (!host.alive) {
                network.start(host);
            }
            network.carryOut(host, host.election.recovered(nanos));
            host.changes = 0;
        }
        network.doubleMaster = 0;
        network.longestDoubleMaster = 0;
    }

    private static void settlesOnOneMaster(ElectionSimulation network, int interval) {
        heal(network);
        network.run(interval * 20L);
        assertThat(network.longestDoubleMaster).as("two masters").isLessThanOrEqualTo(interval + TOLERANCE);
        assertThat(network.masters()).hasSize(1);
        assertThat(network.hosts).allSatisfy(each -> {
            assertThat(each.changes).as("no flapping").isLessThanOrEqualTo(3);
            assertThat(each.hasAddresses).isEqualTo(each.isMaster());
        });
        long settled = network.now;
        network.run(interval * 20L);
        assertThat(network.hosts)
                .allSatisfy(each -> assertThat(each.lastChange).as("later").isLessThan(settled));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void theHighestPriorityIsTheOnlyMasterInTheEnd(@ForAll Random random) {
        int interval = random.nextInt(10) == 0 ? 1000 : 100;
        ElectionSimulation network = disturbed(random, interval, true);

        settlesOnOneMaster(network, interval);

        assertThat(network.masters().get(0).election.priority()).isEqualTo(network.highestPriority());
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void withoutPreemptionThereIsOneMasterInTheEnd(@ForAll Random random) {
        int interval = random.nextInt(10) == 0 ? 1000 : 100;
        ElectionSimulation network = disturbed(random, interval, false);

        settlesOnOneMaster(network, interval);
    }

    private static ElectionSimulation pair(int interval) {
        VirtualRouterBuilder builder = ElectionDrive.router().advertisementInterval(Duration.ofMillis(interval));
        ElectionSimulation network = new ElectionSimulation(
                List.of(builder.priority(150).build(), builder.priority(100).build()), new Random(1));
        network.hosts.forEach(network::start);
        network.run(interval * 10L);
        assertThat(network.masters()).containsExactly(network.hosts.get(0));
        return network;
    }

    @Test
    void aMasterThatDiesIsReplacedWithinThreeIntervalsAndSkew() {
        for (int interval : new int[] {1000, 100, 10}) {
            ElectionSimulation network = pair(interval);
            network.hosts.get(0).alive = false;

            network.run(interval * 4L);

            assertThat(network.masters()).containsExactly(network.hosts.get(1));
            assertThat(network.hosts.get(1).lastChange - interval * 10L)
                    .isLessThanOrEqualTo((long) (interval * (3 + 156.0 / 256)) + 2 + network.slowest);
        }
    }

    @Test
    void aMasterThatStopsIsReplacedWithinTheSkew() {
        ElectionSimulation network = pair(1000);
        network.stop(network.hosts.get(0));

        network.run(700);

        assertThat(network.masters()).containsExactly(network.hosts.get(1));
    }

    @Test
    void aMasterThatSleptFiveSecondsIsTheOnlyOneAtOnce() {
        IntStream.range(0, 50).map(each -> each * 20).forEach(offset -> {
            ElectionSimulation network = pair(1000);
            network.run(offset);
            network.hosts.get(0).asleepUntil = network.now + 5000;
            network.run(5000);
            assertThat(network.masters()).hasSize(2);
            network.doubleMaster = 0;
            network.longestDoubleMaster = 0;

            network.run(3000);

            assertThat(network.longestDoubleMaster).isLessThanOrEqualTo(10);
            assertThat(network.masters()).containsExactly(network.hosts.get(0));
        });
    }
}
