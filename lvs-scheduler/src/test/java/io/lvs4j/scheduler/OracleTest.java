package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.RealServer;
import io.lvs4j.Scheduling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Every scheduler chooses as an obvious, slow model of it does, over random weights, edits of the list and connections.
 */
class OracleTest {
    private static final int STEPS = 400;

    /** A model: told of every edit, asked for every choice. The list is the live one. */
    interface Model {
        @Nullable
        Destination pick(long address);

        default void edited() {}

        default void removed(int unused) {}

        /** The time of the picks to come. */
        default void at(long unused) {}
    }

    @Property(tries = 150)
    void rr(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run("rr", seed, maxWeight, list -> new Model() {
            private @Nullable Destination last;

            @Override
            public @Nullable Destination pick(long address) {
                int start = last == null ? 0 : list.indexOf(last) + 1;
                for (int i = 0; i < list.size(); i++) {
                    Destination candidate = list.get((start + i) % list.size());
                    if (candidate.available()) {
                        last = candidate;
                        return candidate;
                    }
                }
                return null;
            }

            @Override
            public void removed(int index) {
                if (list.get(index) == last) {
                    last = index == 0 ? null : list.get(index - 1);
                }
            }
        });
    }

    @Property(tries = 300)
    void wrr(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int maxWeight) {
        run("wrr", seed, maxWeight, WalkingTheList::new);
    }

    /** The kernel's walk, pass by pass. */
    private static final class WalkingTheList implements Model {
        private final List<Destination> list;
        private int position = -1;
        private int level;
        private int top;
        private int step = 1;

        WalkingTheList(List<Destination> list) {
            this.list = list;
        }

        @Override
        public void edited() {
            List<Integer> weights =
                    list.stream().map(Destination::weight).filter(w -> w > 0).toList();
            int max = weights.stream().mapToInt(w -> w).max().orElse(0);
            step = IntStream.rangeClosed(1, Math.max(max, 1))
                    .filter(d -> weights.stream().allMatch(w -> w % d == 0))
                    .max()
                    .orElse(1);
            step = weights.isEmpty() ? 1 : step;
            top = max - (step - 1);
            position = -1;
            if (level > top || level == 0) {
                level = top;
            } else if (step > 1) {
                level = level / step * step + 1;
            }
        }

        @Override
        public @Nullable Destination pick(long address) {
            if (top == 0) {
                return null;
            }
            int last = position;
            int stop = -2; // nowhere
            boolean lastPass = false;
            boolean restarted = false;
            while (true) {
                while (++position < list.size()) {
                    Destination candidate = list.get(position);
                    if (candidate.available() && candidate.weight() >= level) {
                        return candidate;
                    }
                    if (position == stop) {
                        return null; // the last pass has come round to where the walk began
                    }
                }
                position = -1;
                level -= step;
                if (level <= 0) {
                    level = top;
                    if (lastPass || last == -1) {
                        return null; // the last pass was a whole one
                    }
                    restarted = true;
                }
                lastPass = level <= step;
                if (lastPass && restarted && last != -1) {
                    stop = last;
                }
            }
        }
    }

    @Property(tries = 100)
    void lc(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run("lc", seed, maxWeight, list -> address -> first(list, Comparator.comparingLong(Destination::overhead)));
    }

    @Property(tries = 100)
    void wlc(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run("wlc", seed, maxWeight, list -> address -> first(list, byLoadPerWeight()));
    }

    static Comparator<Destination> byLoadPerWeight() {
        return Comparator.comparingDouble(d -> (double) d.overhead() / d.weight()); // exact enough for small numbers
    }

    /** The first of the least. */
    static @Nullable Destination first(List<Destination> list, Comparator<Destination> order) {
        return list.stream().filter(Destination::available).min(order).orElse(null);
    }

    private static void run(String name, long seed, int maxWeight, Function<List<Destination>, Model> models) {
        run(Scheduling.of(name), seed, maxWeight, models);
    }

    static void run(Scheduling scheduling, long seed, int maxWeight, Function<List<Destination>, Model> models) {
        run(Schedulers.create(scheduling), seed, maxWeight, models);
    }

    static void run(Scheduler scheduler, long seed, int maxWeight, Function<List<Destination>, Model> models) {
        Random random = new Random(seed);
        List<Destination> list = new ArrayList<>();
        Model model = models.apply(list);
        scheduler.update(list);
        model.edited();
        long now = 0;
        List<Destination> connections = new ArrayList<>();
        int added = 0;
        Roster roster = new Roster();
        for (int step = 0; step < STEPS; step++) {
            int action = random.nextInt(20);
            if (action == 0 || list.isEmpty()) {
                RealServer server = server(added++, random.nextInt(maxWeight + 1), random);
                Destination destination = roster.create(server.key());
                destination.configure(server, server.weight(), true);
                list.add(0, destination);
                edited(scheduler, model, list);
            } else if (action == 1 && list.size() > 2) {
                int gone = random.nextInt(list.size());
                model.removed(gone);
                list.remove(gone).stopServing();
                edited(scheduler, model, list);
            } else if (action == 2) {
                Destination edited = list.get(random.nextInt(list.size()));
                int weight = random.nextInt(maxWeight + 1);
                edited.configure(server(0, weight, random), weight, true);
                edited(scheduler, model, list);
            } else if (action < 8 && !connections.isEmpty()) {
                connections.remove(random.nextInt(connections.size())).unbindActive();
            } else {
                long address = random.nextInt(50) * 2654435761L & 0xffff_ffffL;
                long mapped = 0xffff_0000_0000L | address;
                Flow flow = new Flow().set(0, mapped, port(address), 0, mapped, 1);
                now += random.nextInt(1000) * 1_000_000L;
                flow.time(now);
                model.at(now);
                Destination expected = model.pick(address);
                assertThat(scheduler.pick(flow)).as("step %d of %s", step, list).isSameAs(expected);
                if (expected != null) {
                    expected.bind();
                    expected.establish();
                    connections.add(expected);
                }
            }
        }
    }

    /** The client's port in a flow from this address. */
    static int port(long address) {
        return (int) (address >>> 16);
    }

    private static RealServer server(int number, int weight, Random random) {
        return RealServer.builder("10.9." + number / 250 + "." + (number % 250 + 1), 8000)
                .weight(weight)
                .upperThreshold(random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 0)
                .build();
    }

    private static void edited(Scheduler scheduler, Model model, List<Destination> list) {
        scheduler.update(list);
        model.edited();
    }
}
