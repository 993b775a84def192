package io.lvs4j.scheduler;

import static io.lvs4j.scheduler.OracleTest.first;
import static io.lvs4j.scheduler.OracleTest.run;

import io.lvs4j.Scheduling;
import io.lvs4j.scheduler.OracleTest.Model;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** As {@link OracleTest}, for the schedulers that go by weight first. */
class OracleWeightTest {
    private static final Comparator<Destination> HEAVIEST =
            Comparator.comparingInt(Destination::weight).reversed();

    @Property(tries = 100)
    void fo(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run(Scheduling.of("fo"), seed, maxWeight, list -> address -> first(list, HEAVIEST));
    }

    @Property(tries = 150)
    void ovf(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        run(
                Scheduling.of("ovf"),
                seed,
                maxWeight,
                list -> address -> first(
                        list.stream().filter(d -> d.active() <= d.weight()).toList(), HEAVIEST));
    }

    /** With the kernel's tickets, as long as nobody is overloaded, two random numbers decide. */
    @Property(tries = 150)
    void twos(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int maxWeight) {
        Random bits = new Random(seed);
        Random sameBits = new Random(seed);
        run(new TwoRandomChoices(bits::nextLong), seed, maxWeight, list -> new Drawing(list, sameBits));
    }

    /** The kernel's walk; if it meets a ticket of an overloaded server it draws again, as the scheduler does. */
    private static final class Drawing implements Model {
        private static final int ATTEMPTS = 4;

        private final List<Destination> list;
        private final Random random;

        Drawing(List<Destination> list, Random random) {
            this.list = list;
            this.random = random;
        }

        @Override
        public @Nullable Destination pick(long address) {
            List<Destination> weighted =
                    list.stream().filter(d -> d.weight() > 0).toList();
            if (weighted.isEmpty()) {
                return null;
            }
            long bits = random.nextLong();
            Destination one = draw(weighted, bits >>> 32);
            Destination two = draw(weighted, bits & 0xffff_ffffL);
            if (one == null || two == null) {
                return one == null ? two : one;
            }
            return two.overhead() * one.weight() < one.overhead() * two.weight() ? two : one;
        }

        private @Nullable Destination draw(List<Destination> weighted, long bits) {
            List<Destination> usable =
                    weighted.stream().filter(Destination::available).toList();
            long left = bits;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long ticket = left * (sum(weighted) + 1) / (1L << 32);
                Destination owner = walk(weighted, ticket);
                if (ticket == 0 || owner.available()) {
                    return ticket > 0 ? owner : usable.isEmpty() ? null : usable.get(0);
                }
                left = random.nextLong() >>> 32;
            }
            return usable.isEmpty() ? null : walk(usable, left * (sum(usable) + 1) / (1L << 32));
        }

        private static long sum(List<Destination> list) {
            return list.stream().mapToLong(Destination::weight).sum();
        }

        private static Destination walk(List<Destination> list, long ticket) {
            long left = ticket;
            for (Destination destination : list) {
                left -= destination.weight();
                if (left <= 0) {
                    return destination;
                }
            }
            throw new AssertionError(ticket);
        }
    }
}
