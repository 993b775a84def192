package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.RealServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scan and the tree always agree with the rule as such. */
class LoadIndexTest {
    private static final Flow FLOW = new Flow();

    @Property(tries = 200)
    void scanAndTreeFindTheFirstOfTheLeast(
            @ForAll long seed, @ForAll Load load, @ForAll @IntRange(min = 1, max = 300) int servers) {
        Random random = new Random(seed);
        int maxWeight = random.nextBoolean() ? 3 : RealServer.MAX_WEIGHT;
        Roster roster = new Roster();
        List<Destination> list = new ArrayList<>();
        for (int i = 0; i < Math.min(servers, Roster.BLOCK); i++) {
            list.add(0, roster.create(server(i, 1).key()));
        }
        boolean shuffled = random.nextBoolean();
        if (shuffled) {
            Collections.shuffle(list, random); // as servers do that have come back
        }
        for (Destination destination : list) {
            int weight = random.nextInt(maxWeight + 1);
            destination.configure(server(0, weight), weight, true);
        }
        WinnerTree tree = new WinnerTree(load, list);
        tree.build();
        LoadIndex scan = DenseScan.suits(list) ? new DenseScan(load, list) : tree;
        List<Destination> active = new ArrayList<>();
        List<Destination> inactive = new ArrayList<>();
        for (int step = 0; step < 500; step++) {
            change(random, list, active, inactive);
            Destination expected = scan.leastByList(FLOW);
            assertThat(scan.least()).as("scan, step %d", step).isSameAs(expected);
            assertThat(tree.least()).as("tree, step %d", step).isSameAs(expected);
            Destination stored = tree.winner();
            assertThat(stored.available() ? stored : null)
                    .as("what the tree holds, step %d", step)
                    .isSameAs(expected);
        }
    }

    private static void change(
            Random random, List<Destination> list, List<Destination> active, List<Destination> inactive) {
        int action = random.nextInt(8);
        if (action == 0 && !active.isEmpty()) {
            Destination destination = active.remove(random.nextInt(active.size()));
            destination.beginClose();
            inactive.add(destination);
        } else if (action == 1 && !inactive.isEmpty()) {
            inactive.remove(random.nextInt(inactive.size())).unbindInactive();
        } else if (action == 2 && !active.isEmpty()) {
            active.remove(random.nextInt(active.size())).unbindActive();
        } else if (action == 3) {
            Destination destination = list.get(random.nextInt(list.size()));
            destination.configure(
                    server(0, destination.weight()).toBuilder()
                            .upperThreshold(random.nextInt(4))
                            .build(),
                    destination.weight(),
                    random.nextInt(4) > 0);
        } else {
            Destination destination = list.get(random.nextInt(list.size()));
            destination.bind();
            if (action < 6) {
                destination.establish();
                active.add(destination);
            } else {
                inactive.add(destination);
            }
        }
    }

    @Test
    void theScanIsForCellsThatAreCloseTogether() {
        Roster roster = new Roster();
        List<Destination> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Destination destination = roster.create(server(i, 1).key());
            destination.configure(server(i, 1), 1, true);
            all.add(0, destination);
        }
        assertThat(LoadIndex.of(Load.OVERHEAD, all.subList(240, 300))).isInstanceOf(DenseScan.class);
        assertThat(LoadIndex.of(Load.OVERHEAD, all.subList(200, 300))).isInstanceOf(WinnerTree.class);
        assertThat(LoadIndex.of(Load.OVERHEAD_ALONE, all.subList(200, 300))).isInstanceOf(DenseScan.class);
        assertThat(LoadIndex.of(Load.OVERHEAD, List.of(all.get(100), all.get(290))))
                .as("far apart")
                .isInstanceOf(WinnerTree.class);
        assertThat(LoadIndex.of(Load.OVERHEAD, all.subList(40, 50)))
                .as("in two blocks")
                .isInstanceOf(WinnerTree.class);
        assertThat(LoadIndex.of(Load.OVERHEAD, List.of()).least()).isNull();
    }

    @Test
    void theGreatestLoadsAndWeightsDoNotOverflow() {
        for (Load load : Load.values()) {
            List<Destination> list = Destinations.of(1, RealServer.MAX_WEIGHT, RealServer.MAX_WEIGHT - 1);
            int many = 1 << 20;
            for (int i = 0; i < many; i++) {
                list.get(1).bind();
                list.get(1).establish();
                list.get(2).bind();
                list.get(2).establish();
            }
            list.get(0).configure(server(0, 0), 0, true);
            WinnerTree tree = new WinnerTree(load, list);
            tree.build();
            Destination expected = list.get(1); // the heavier one, or the first of two equals
            assertThat(new DenseScan(load, list).least()).as("%s", load).isSameAs(expected);
            assertThat(tree.least()).as("%s", load).isSameAs(expected);
        }
    }

    /** Nothing is lost when threads change counts while lists come and go: in the end the tree holds what the rule says. */
    @ParameterizedTest
    @EnumSource(Load.class)
    void afterAStressTheTreeIsRight(Load load) throws Exception {
        List<Destination> list = new ArrayList<>(
                Destinations.of(new Random(1).ints(100, 1, 9).boxed().toList()));
        WinnerTree tree = new WinnerTree(load, list);
        tree.build();
        int threads = 3;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Random random = new Random(t);
            Thread carrier = new Thread(() -> {
                for (int i = 0; i < 100_000; i++) {
                    Destination destination = list.get(random.nextInt(list.size()));
                    destination.bind();
                    destination.establish();
                    if (random.nextInt(50) > 0) {
                        destination.unbindActive();
                    }
                }
                done.countDown();
            });
            carrier.setDaemon(true);
            carrier.start();
        }
        while (done.getCount() > 0) {
            Collections.shuffle(list, new Random(list.hashCode()));
            tree = new WinnerTree(load, list);
            tree.build();
            done.await(1, TimeUnit.MILLISECONDS);
        }
        assertThat(tree.winner()).isSameAs(tree.leastByList(FLOW));
    }

    private static RealServer server(int number, int weight) {
        return RealServer.builder("10.9." + number / 250 + "." + (number % 250 + 1), 8000)
                .weight(weight)
                .build();
    }
}
