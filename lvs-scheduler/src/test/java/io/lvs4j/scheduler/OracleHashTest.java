package io.lvs4j.scheduler;

import static io.lvs4j.scheduler.OracleTest.port;
import static io.lvs4j.scheduler.OracleTest.run;

import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.OracleTest.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** As {@link OracleTest}, for the schedulers that hash. */
class OracleHashTest {
    private static final SipHash FIRST = new SipHash(2654435761L, 2654435761L);
    private static final SipHash SECOND = new SipHash(2654446892L, 2654446892L);

    @Property(tries = 80)
    void sh(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int maxWeight,
            @ForAll boolean fallback,
            @ForAll boolean withPort,
            @ForAll boolean old) {
        Scheduling scheduling = scheduling("sh", fallback, SchedulerFlag.SH_FALLBACK, withPort, SchedulerFlag.SH_PORT);
        if (old) {
            Set<SchedulerFlag> flags = new HashSet<>(scheduling.flags());
            flags.add(SchedulerFlag.SH_OLD_HASH);
            scheduling = scheduling.withFlags(flags.toArray(SchedulerFlag[]::new));
        }
        run(scheduling, seed, maxWeight, list -> address -> {
            List<Destination> turns = new ArrayList<>();
            while (turns.size() < 256 && !list.isEmpty()) {
                for (Destination d : list) {
                    for (int i = 0; i < Math.max(1, d.weight()); i++) {
                        turns.add(d);
                    }
                }
            }
            return owner(turns, address + (withPort ? port(address) : 0), fallback, old);
        });
    }

    @Property(tries = 50)
    void dh(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight, @ForAll boolean old) {
        Scheduling scheduling = Scheduling.of("dh");
        run(
                old ? scheduling.withFlags(SchedulerFlag.DH_OLD_HASH) : scheduling,
                seed,
                maxWeight,
                list -> address -> owner(list, address, false, old));
    }

    private static @Nullable Destination owner(List<Destination> turns, long number, boolean fallback, boolean old) {
        if (turns.isEmpty()) {
            return null;
        }
        long product = (number & 0xffff_ffffL) * (old ? 2_654_435_761L : 0x61c8_8647L);
        int bucket = (int) ((old ? product : product / (1L << 24)) & 0xff);
        Destination owner = turns.get(bucket % turns.size());
        for (int i = 0; i < 256 && fallback && !owner.available(); i++) {
            owner = turns.get((2 * bucket + i) % 256 % turns.size());
        }
        return owner.available() ? owner : null;
    }

    @Property(tries = 60)
    void mh(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int maxWeight,
            @ForAll boolean fallback,
            @ForAll boolean withPort) {
        Scheduling scheduling = scheduling("mh", fallback, SchedulerFlag.MH_FALLBACK, withPort, SchedulerFlag.MH_PORT);
        run(scheduling.withTableSize(251), seed, maxWeight, list -> new Maglev(list, fallback, withPort));
    }

    /** The paper's way, with whole permutations, and the kernel's fallback. */
    private static final class Maglev implements Model {
        private static final int SIZE = 251;
        private static final int MAX_TURNS = 15; // 4 bits

        private final List<Destination> list;
        private final boolean fallback;
        private final boolean withPort;
        private final Map<Destination, Integer> lastWeights = new HashMap<>();
        private final Map<Integer, Destination> owners = new HashMap<>();

        Maglev(List<Destination> list, boolean fallback, boolean withPort) {
            this.list = list;
            this.fallback = fallback;
            this.withPort = withPort;
        }

        @Override
        public void edited() {
            lastWeights.keySet().retainAll(new HashSet<>(list));
            for (Destination d : list) {
                lastWeights.merge(d, d.weight(), (last, weight) -> weight > 0 ? weight : last);
            }
            owners.clear();
            Map<Destination, Integer> turns = turns();
            Map<Destination, List<Integer>> wishes = new HashMap<>();
            turns.keySet().forEach(d -> wishes.put(d, permutation(d)));
            while (owners.size() < SIZE && !turns.isEmpty()) {
                for (Destination d : list) {
                    for (int turn = 0; turn < turns.getOrDefault(d, 0) && owners.size() < SIZE; turn++) {
                        List<Integer> left = wishes.get(d);
                        left.removeIf(owners::containsKey);
                        owners.put(left.get(0), d);
                    }
                }
            }
        }

        private Map<Destination, Integer> turns() {
            Map<Destination, Integer> turns = new HashMap<>(lastWeights);
            turns.values().removeIf(weight -> weight == 0);
            int divisor = 60;
            while (!divides(divisor, turns)) {
                divisor--;
            }
            int by = divisor;
            turns.replaceAll((d, weight) -> weight / by);
            int halvings = 0;
            for (int max = turns.values().stream().mapToInt(w -> w).max().orElse(0); max > MAX_TURNS; max /= 2) {
                halvings++;
            }
            int shift = halvings;
            turns.replaceAll((d, weight) -> Math.max(weight >> shift, 1));
            return turns;
        }

        private static boolean divides(int divisor, Map<Destination, Integer> weights) {
            return weights.values().stream().allMatch(weight -> weight % divisor == 0);
        }

        private static List<Integer> permutation(Destination destination) {
            int number = number(destination);
            long offset = Integer.toUnsignedLong(FIRST.hash(number)) % SIZE;
            long skip = Integer.toUnsignedLong(SECOND.hash(number)) % (SIZE - 1) + 1;
            List<Integer> permutation = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                permutation.add((int) ((offset + i * skip) % SIZE));
            }
            return permutation;
        }

        private static int number(Destination destination) {
            byte[] bytes = destination.key().address().getAddress();
            int address = 0;
            for (byte b : bytes) {
                address = address << 8 | (b & 0xff);
            }
            return address + destination.key().port();
        }

        @Override
        public @Nullable Destination pick(long address) {
            int number = (int) address + (withPort ? port(address) : 0);
            int entry = entry(number);
            Destination owner = owners.get(entry);
            for (int i = 0; i < SIZE && fallback && owner != null && !owner.available(); i++) {
                owner = owners.get(entry(number + (entry + i) % SIZE));
            }
            return owner != null && owner.available() ? owner : null;
        }

        private static int entry(int number) {
            return (int) (Integer.toUnsignedLong(FIRST.hash(number)) % SIZE);
        }
    }

    private static Scheduling scheduling(
            String name, boolean fallback, SchedulerFlag fallbackFlag, boolean withPort, SchedulerFlag portFlag) {
        Set<SchedulerFlag> flags = new HashSet<>();
        if (fallback) {
            flags.add(fallbackFlag);
        }
        if (withPort) {
            flags.add(portFlag);
        }
        return Scheduling.of(name).withFlags(flags.toArray(SchedulerFlag[]::new));
    }
}
