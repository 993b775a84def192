package io.lvs4j.scheduler;

import io.lvs4j.Scheduling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * {@code lblcr}: as {@link LocalityBasedLeastConnection lblc}, but an address that is too much for one destination gets a set
 * of them. For a farm of transparent caches in which one address may be very popular. Follows {@code ip_vs_lblcr.c}.
 *
 * <p>The rule:
 * <pre>
 *   least = in set[address], the member with the least (active * 256 + inactive) / weight
 *   if set[address] has more than one member and has not changed for longer than the expiry
 *       take the member with the greatest quotient out of it
 *   if there is a least one, and not (least.active &gt; least.weight and some destination has active * 2 &lt; weight)
 *       return least
 *   add the choice of wlc to set[address]
 *   return it
 * </pre>
 * Members that do not serve, have weight 0 or are overloaded are passed over for the least; for the greatest only those with
 * weight 0. Of equals, the member that was added last counts. The choice of wlc may be a member already; then the set does not
 * change.
 *
 * <p>An address that has not been used for the expiry, 24 hours if not said otherwise, is forgotten; {@link LocalityTable} says
 * how that differs from the kernel.
 *
 * <p>Difference: a destination that has been removed for good leaves a set when the set changes, and before all others when it
 * shrinks. The kernel keeps such a member, and it counts again if the server is added anew.
 *
 * <p>Concurrency: a set is immutable and exchanged by compare-and-set; for the rest see {@link LocalityTable} and
 * {@link CacheFarm}. A pick that changes no set allocates nothing.
 */
final class LocalityBasedLeastConnectionWithReplication implements Scheduler {
    private final LocalityTable<Entry> cache;
    private final CacheFarm farm = new CacheFarm();

    LocalityBasedLeastConnectionWithReplication(Scheduling settings) {
        cache = new LocalityTable<>(settings);
    }

    private static final class Entry extends LocalityTable.Entry {
        private static final AtomicReferenceFieldUpdater<Entry, ServerSet> SET =
                AtomicReferenceFieldUpdater.newUpdater(Entry.class, ServerSet.class, "set");

        volatile ServerSet set;

        Entry(Flow flow, Destination first) {
            super(flow);
            set = new ServerSet(new Destination[] {first}, flow.time());
        }

        boolean exchange(ServerSet before, ServerSet after) {
            return SET.compareAndSet(this, before, after);
        }

        void add(Destination destination, long now) {
            ServerSet before = set;
            while (!before.contains(destination)) {
                if (exchange(before, before.with(destination, now))) {
                    return;
                }
                before = set;
            }
        }
    }

    /** The members, the last added first, and when one came or went. Immutable. */
    private static final class ServerSet {
        final Destination[] members;
        final long changed;

        ServerSet(Destination[] members, long changed) {
            this.members = members;
            this.changed = changed;
        }

        boolean contains(Destination destination) {
            for (Destination member : members) {
                if (member == destination) {
                    return true;
                }
            }
            return false;
        }

        ServerSet with(Destination destination, long now) {
            Destination[] next = new Destination[members.length + 1];
            next[0] = destination;
            int count = 1;
            for (Destination member : members) {
                if (!member.retired()) {
                    next[count++] = member;
                }
            }
            return new ServerSet(Arrays.copyOf(next, count), now);
        }

        ServerSet without(Destination destination, long now) {
            return new ServerSet(
                    Arrays.stream(members)
                            .filter(member -> member != destination)
                            .toArray(Destination[]::new),
                    now);
        }

        @Nullable
        Destination least(Flow flow) {
            Destination least = null;
            for (Destination member : members) {
                if (member.serving() // a remembered one that has gone: its counts and flags may be another's
                        && flow.canUse(member)
                        && (least == null || member.overhead() * least.weight() < least.overhead() * member.weight())) {
                    least = member;
                }
            }
            return least;
        }

        @Nullable
        Destination greatest() {
            Destination greatest = null;
            for (Destination member : members) {
                if (member.retired()) {
                    return member;
                }
                if (member.weight() > 0
                        && (greatest == null
                                || member.overhead() * greatest.weight() > greatest.overhead() * member.weight())) {
                    greatest = member;
                }
            }
            return greatest;
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Entry entry = cache.use(flow);
        if (entry != null) {
            ServerSet set = entry.set;
            Destination least = set.least(flow);
            if (set.members.length > 1 && flow.time() - set.changed > cache.expiryNanos()) {
                shrink(entry, set, flow.time());
            }
            if (least != null && !farm.overburdened(least)) {
                return least;
            }
        }
        Destination chosen = farm.leastLoaded(flow);
        if (chosen != null) {
            if (entry != null) {
                entry.add(chosen, flow.time());
            } else {
                cache.add(new Entry(flow, chosen));
            }
        }
        return chosen;
    }

    private static void shrink(Entry entry, ServerSet set, long now) {
        Destination greatest = set.greatest();
        if (greatest != null) {
            entry.exchange(set, set.without(greatest, now)); // if it fails, another thread has changed the set
        }
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
        ServerSet set = entry == null ? null : entry.set;
        Destination least = set == null ? null : set.least(flow);
        if (set != null && least != null && !farm.overburdened(least)) {
            return Optional.of(new Choice(
                    least,
                    "it has the least load for its weight of the " + set.members.length
                            + " servers of the address connected to"));
        }
        String why = set == null
                ? "the address connected to is new"
                : least == null
                        ? "of the servers of the address connected to none can be used"
                        : "the servers of the address connected to have too much to do";
        Destination chosen = farm.leastLoaded(flow);
        return Optional.of(new Choice(
                chosen,
                why + (chosen == null ? ", nor any other" : "; this one has the least load for its weight of all")));
    }
}
