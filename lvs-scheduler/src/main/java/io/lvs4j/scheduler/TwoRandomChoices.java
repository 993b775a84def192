package io.lvs4j.scheduler;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code twos}: two destinations are drawn at random, and the less loaded one gets the connection. Nearly as even as
 * {@code wlc}, without all directors choosing the same server at once. Follows {@code ip_vs_twos.c}, after Mitzenmacher, "The
 * Power of Two Choices in Randomized Load Balancing".
 *
 * <p>The rule: let the tickets 0..T be dealt to the destinations that are not overloaded and whose weight is not 0, where T is
 * the sum of their weights: in list order, as many to each as its weight is, and to the first one more. Two tickets are drawn,
 * perhaps of the same destination. The second one's owner wins if its {@code (active * 256 + inactive) / weight} is less, else
 * the first one's. (Nobody meant the first one to have a ticket more, but so it is in the kernel.)
 *
 * <p>How: tickets are dealt to all with a weight when the list changes, in a table or, when there are more than
 * {@value #MAX_TABLE}, as limits to search in. Ticket 0 is the first usable destination's; whoever draws a ticket of one
 * that cannot be used draws again, which leaves the odds among the others as they should be. After {@value #PATIENCE} times
 * in vain the tickets of those that can be used are counted, as the kernel does always.
 *
 * <p>Differences: quotients are compared in 64 bits; the kernel's 32 overflow. A draw takes 32 random bits, so the odds are
 * exact to a part in 2^32 / T.
 *
 * <p>{@link #explain} cannot foretell what will be drawn. It names a destination that nobody beats if it is drawn, and says
 * how many tickets it has.
 *
 * <p>Concurrency: the tickets are an immutable snapshot; random bits are the thread's own.
 */
final class TwoRandomChoices implements Scheduler {
    private static final int MAX_TABLE = 1 << 16;
    private static final int PATIENCE = 4;

    private final LongSupplier randomBits;
    private volatile Tickets tickets = new Tickets(List.of());

    TwoRandomChoices() {
        this(() -> ThreadLocalRandom.current().nextLong());
    }

    /** For tests, which know what will be drawn: the upper half decides the first draw, the lower half the second. */
    TwoRandomChoices(LongSupplier randomBits) {
        this.randomBits = randomBits;
    }

    /** The destinations with a weight, in list order, and who owns which ticket. */
    private static final class Tickets {
        final Destination[] list;
        final long last;
        final Destination[] table; // owner by ticket; empty if there are too many
        final long[] limits; // the last ticket of each destination

        Tickets(List<Destination> destinations) {
            list = destinations.stream().filter(d -> d.weight() > 0).toArray(Destination[]::new);
            limits = new long[list.length];
            long dealt = 0;
            for (int i = 0; i < list.length; i++) {
                dealt += list[i].weight();
                limits[i] = dealt;
            }
            last = dealt;
            table = new Destination[last < MAX_TABLE ? (int) last + 1 : 0];
            int ticket = 0;
            for (int i = 0; i < list.length && table.length > 0; i++) {
                Arrays.fill(table, ticket, (int) limits[i] + 1, list[i]);
                ticket = (int) limits[i] + 1;
            }
        }

        Destination owner(long ticket) {
            if (table.length > 0) {
                return table[(int) ticket];
            }
            int found = Arrays.binarySearch(limits, ticket);
            return list[found < 0 ? -found - 1 : found];
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Tickets current = tickets;
        if (current.list.length == 0) {
            return null;
        }
        long bits = randomBits.getAsLong();
        Destination first = draw(current, bits >>> 32, flow);
        Destination second = draw(current, bits & 0xffff_ffffL, flow);
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return lighter(first, second);
    }

    /** Returns the one with less load for its weight, of equals the first. */
    private static Destination lighter(Destination first, Destination second) {
        return second.overhead() * first.weight() < first.overhead() * second.weight() ? second : first;
    }

    /** Draws one ticket. */
    private @Nullable Destination draw(Tickets tickets, long bits, Flow flow) {
        for (int attempt = 0; attempt < PATIENCE; attempt++) {
            long ticket = scaled(bits, tickets.last + 1);
            Destination owner = tickets.owner(ticket);
            if (flow.canUse(owner)) {
                return owner;
            }
            if (ticket == 0) {
                return firstUsable(tickets.list, flow);
            }
            bits = randomBits.getAsLong() >>> 32;
        }
        return drawAmongUsable(tickets.list, bits, flow);
    }

    private static long scaled(long bits, long bound) {
        return (bits * bound) >>> 32;
    }

    private static @Nullable Destination firstUsable(Destination[] list, Flow flow) {
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static @Nullable Destination drawAmongUsable(Destination[] list, long bits, Flow flow) {
        long left = scaled(bits, sumOfUsable(list, flow) + 1);
        Destination owner = null;
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                owner = candidate;
                left -= candidate.weight();
                if (left <= 0) {
                    break;
                }
            }
        }
        return owner;
    }

    private static long sumOfUsable(Destination[] list, Flow flow) {
        long sum = 0;
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                sum += candidate.weight();
            }
        }
        return sum;
    }

    @Override
    public void update(List<Destination> destinations) {
        tickets = new Tickets(destinations);
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        Destination[] list = tickets.list;
        Destination lightest = null;
        for (Destination candidate : list) {
            if (flow.canUse(candidate)) {
                lightest = lightest == null ? candidate : lighter(lightest, candidate);
            }
        }
        if (lightest == null) {
            return Optional.of(new Choice(null, "no server can be used"));
        }
        long own = lightest.weight() + (lightest == firstUsable(list, flow) ? 1L : 0L);
        return Optional.of(new Choice(
                lightest,
                "two of " + (sumOfUsable(list, flow) + 1) + " tickets are drawn at random; it has " + own
                        + " of them, and no other server has less load for its weight"));
    }
}
