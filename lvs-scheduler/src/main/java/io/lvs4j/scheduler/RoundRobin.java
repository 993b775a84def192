package io.lvs4j.scheduler;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code rr}: destinations take turns. The next after the one used last that can be used, in list order; weights other than 0
 * do not matter.
 *
 * <p>As {@code ip_vs_rr.c}: the turn survives changes of the list, and when the destination used last is removed the turn
 * goes back by one, so that nobody is passed over. Destinations with weight 0 and overloaded ones are skipped and keep their
 * place. When nobody can be used, the turn stays where it is.
 *
 * <p>Concurrency: the list is an immutable snapshot; whose turn it is says a {@link Ticket}. Who draws the turn of a
 * destination that cannot be used takes the next one that can, and moves the turn behind it if nobody else has drawn since.
 */
final class RoundRobin implements Scheduler {
    private volatile Turns turns = new Turns(new Destination[0], 0);

    /** A list and whose turn it is. Ticket 0 means that nobody has been used yet. */
    private static final class Turns extends Ticket {
        final Destination[] list;

        Turns(Destination[] list, long next) {
            super(Math.max(list.length, 1), next);
            this.list = list;
        }

        /** Returns how many places after that one the first destination is that can be used, or -1. */
        int distance(int place, Flow flow) {
            int index = place;
            for (int i = 0; i < list.length; i++) {
                if (flow.canUse(list[index])) {
                    return i;
                }
                index = index + 1 == list.length ? 0 : index + 1;
            }
            return -1;
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Turns current = turns;
        if (current.list.length == 0) {
            return null;
        }
        long ticket = current.take();
        Destination destination = current.list[current.position(ticket)];
        return flow.canUse(destination) ? destination : pickLater(current, ticket, flow);
    }

    private static @Nullable Destination pickLater(Turns current, long ticket, Flow flow) {
        int skipped = current.distance(current.position(ticket), flow);
        if (skipped < 0) {
            current.move(ticket + 1, ticket);
            return null;
        }
        current.move(ticket + 1, ticket + 1 + skipped);
        return current.list[current.position(ticket + skipped)];
    }

    @Override
    public void update(List<Destination> destinations) {
        turns = new Turns(destinations.toArray(Destination[]::new), 1 + last(turns, destinations));
    }

    /** Finds the destination used last, or if it has gone the one before it, in the new list; -1 for none. */
    private static int last(Turns before, List<Destination> destinations) {
        long next = before.upcoming();
        if (next > 0) {
            for (int i = before.position(next - 1); i >= 0 && i < before.list.length; i--) {
                int index = destinations.indexOf(before.list[i]);
                if (index >= 0) {
                    return index;
                }
            }
        }
        return -1;
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        Turns current = turns;
        int place = current.position(current.upcoming());
        int skipped = current.distance(place, flow);
        return Optional.of(
                skipped < 0
                        ? new Choice(null, "nobody is available to take a turn")
                        : new Choice(
                                current.list[(place + skipped) % current.list.length],
                                "its turn, number " + (place + 1) + " of " + current.list.length
                                        + (skipped == 0 ? "" : ", after " + skipped + " skipped")));
    }
}
