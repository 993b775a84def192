package io.lvs4j.scheduler;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code rr}: destinations take turns. The next after the one used last that can be used, in list order; weights other than 0
 * do not matter.
 *
 * <p>As {@code ip_vs_rr.c}: the turn survives changes of the list, and when the destination used last is removed the turn
 * goes back by one, so that nobody is passed over. Destinations with weight 0 and overloaded ones are skipped and keep their
 * place. When nobody can be used, the turn stays where it is.
 *
 * <p>Concurrency: the list is an immutable snapshot; the turn moves by compare-and-set.
 */
final class RoundRobin implements Scheduler {
    private volatile Turn turn = new Turn(new Destination[0], -1);

    /** The list and the index of the destination used last, -1 before the first use. */
    private static final class Turn {
        final Destination[] list;
        final AtomicInteger last;

        Turn(Destination[] list, int last) {
            this.list = list;
            this.last = new AtomicInteger(last);
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Turn current = turn;
        Destination[] list = current.list;
        while (true) {
            int last = current.last.get();
            int chosen = next(list, last, flow);
            if (chosen < 0) {
                return null;
            }
            if (current.last.compareAndSet(last, chosen)) {
                return list[chosen];
            }
        }
    }

    private static int next(Destination[] list, int last, Flow flow) {
        int index = last;
        for (int i = 0; i < list.length; i++) {
            index = index + 1 >= list.length ? 0 : index + 1;
            if (flow.canUse(list[index])) {
                return index;
            }
        }
        return -1;
    }

    @Override
    public void update(List<Destination> destinations) {
        Destination[] list = destinations.toArray(Destination[]::new);
        turn = new Turn(list, resume(turn, destinations));
    }

    /** Finds where the turn is in the new list: at the destination used last or, if it has gone, the one before it. */
    private static int resume(Turn before, List<Destination> destinations) {
        for (int i = before.last.get(); i >= 0; i--) {
            int index = destinations.indexOf(before.list[i]);
            if (index >= 0) {
                return index;
            }
        }
        return -1;
    }
}
