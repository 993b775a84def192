package io.lvs4j.scheduler;

import io.lvs4j.Scheduling;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code lblc}: the address that a client connects to stays on one destination, until that one has too much to do. For a farm
 * of transparent caches, where one service stands for many addresses. Follows {@code ip_vs_lblc.c}.
 *
 * <p>The rule:
 * <pre>
 *   cached = cache[address]
 *   if cached serves, has weight &gt; 0, and not (cached.active &gt; cached.weight
 *                                              and some destination has active * 2 &lt; weight)
 *       return cached
 *   cache[address] = the choice of wlc
 *   return it
 * </pre>
 * So a weight should be near the number of connections that a server is meant to have. An address that has moved does not go
 * back. As in the kernel, a cached destination is used even when its threshold says that it is overloaded; the choice of wlc
 * passes over such ones.
 *
 * <p>An address that has not been used for the expiry, 24 hours if not said otherwise, is forgotten; {@link LocalityTable} says
 * how that differs from the kernel.
 *
 * <p>Concurrency: an address's destination is one volatile field; for the rest see {@link LocalityTable} and
 * {@link CacheFarm}. Only a new address allocates anything.
 */
final class LocalityBasedLeastConnection implements Scheduler {
    private final LocalityTable<Entry> cache;
    private final CacheFarm farm = new CacheFarm();

    LocalityBasedLeastConnection(Scheduling settings) {
        cache = new LocalityTable<>(settings);
    }

    private static final class Entry extends LocalityTable.Entry {
        volatile Destination destination;

        Entry(Flow flow, Destination destination) {
            super(flow);
            this.destination = destination;
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Entry entry = cache.use(flow);
        if (entry != null) {
            Destination cached = entry.destination;
            if (stays(cached, flow)) {
                return cached;
            }
        }
        Destination chosen = farm.leastLoaded(flow);
        if (chosen != null) {
            if (entry != null) {
                entry.destination = chosen;
            } else {
                cache.add(new Entry(flow, chosen));
            }
        }
        return chosen;
    }

    /** The flags of a remembered destination do not tell whether it serves: when it has gone, its counts may be another's. */
    private boolean stays(Destination cached, Flow flow) {
        return cached.serving() && cached.weight() > 0 && !farm.overburdened(cached) && !flow.hasTried(cached);
    }

    @Override
    public void update(List<Destination> destinations) {
        farm.update(destinations);
    }

    @Override
    public boolean usesTime() {
        return true;
    }

    @Override
    public Optional<Choice> explain(Flow flow) {
        Entry entry = cache.find(flow);
        Destination cached = entry == null ? null : entry.destination;
        if (cached != null && stays(cached, flow)) {
            return Optional.of(new Choice(cached, "the address connected to is its own"));
        }
        String why = cached == null
                ? "the address connected to is new"
                : "the address connected to leaves " + cached.key()
                        + (farm.overburdened(cached) ? ", which has too much to do" : ", which cannot be used");
        Destination chosen = farm.leastLoaded(flow);
        return Optional.of(new Choice(
                chosen,
                why
                        + (chosen == null
                                ? ", and no server can be used"
                                : "; this one has the least load for its weight")));
    }
}
