package io.lvs4j.scheduler;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
 * <p>Differences: the kernel forgets an address that has not been used for 24 hours, or for 6 minutes when there are more than
 * 16384. Here nothing is forgotten by time. There is room for {@value #CAPACITY} addresses in sets of {@value #WAYS}; when a
 * set is full, the address in it that has gone unused longest gives way, time being counted in addresses that were new.
 *
 * <p>Concurrency: the list is an immutable snapshot. An entry's address never changes; its destination is one volatile field.
 * A new entry is put in by compare-and-set. Only a new address allocates anything.
 */
final class LocalityBasedLeastConnection implements Scheduler {
    private static final int CAPACITY = 1 << 14;
    private static final int WAYS = 8;
    private static final int SET_BITS = 11; // CAPACITY / WAYS sets
    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

    private final AtomicReferenceArray<@Nullable Entry> cache = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicInteger newAddresses = new AtomicInteger();
    private final WeightedLeastConnection leastLoaded = new WeightedLeastConnection();
    private volatile Destination[] list = {};

    private static final class Entry {
        final long high;
        final long low;
        volatile Destination destination;
        volatile int lastUse;

        Entry(long high, long low, Destination destination, int lastUse) {
            this.high = high;
            this.low = low;
            this.destination = destination;
            this.lastUse = lastUse;
        }

        boolean isFor(long otherHigh, long otherLow) {
            return low == otherLow && high == otherHigh;
        }
    }

    @Override
    public @Nullable Destination pick(Flow flow) {
        Destination[] current = list;
        Entry entry = find(flow.destinationHigh(), flow.destinationLow());
        if (entry != null) {
            Destination cached = entry.destination;
            if (stays(cached, current) && !flow.hasTried(cached)) {
                return cached;
            }
        }
        Destination chosen = leastLoaded.pick(flow);
        if (chosen != null) {
            if (entry != null) {
                entry.destination = chosen;
            } else {
                remember(flow.destinationHigh(), flow.destinationLow(), chosen);
            }
        }
        return chosen;
    }

    private static boolean stays(Destination cached, Destination[] list) {
        int weight = cached.weight();
        if (weight == 0 || !cached.serving()) {
            return false;
        }
        if (cached.active() > weight) {
            for (Destination other : list) {
                if (other.active() * 2L < other.weight()) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable Entry find(long high, long low) {
        int first = firstOfSet(high, low);
        for (int i = first; i < first + WAYS; i++) {
            Entry entry = cache.get(i);
            if (entry != null && entry.isFor(high, low)) {
                int now = newAddresses.get();
                if (entry.lastUse != now) {
                    entry.lastUse = now;
                }
                return entry;
            }
        }
        return null;
    }

    private void remember(long high, long low, Destination destination) {
        int now = newAddresses.incrementAndGet();
        Entry entry = new Entry(high, low, destination, now);
        int first = firstOfSet(high, low);
        while (true) {
            int slot = first;
            Entry leaving = null;
            for (int i = first; i < first + WAYS; i++) {
                Entry other = cache.get(i);
                if (other == null) {
                    slot = i;
                    leaving = null;
                    break;
                }
                if (other.isFor(high, low)) { // another thread was first; as in the kernel, the later choice counts
                    other.destination = destination;
                    return;
                }
                if (leaving == null || now - other.lastUse > now - leaving.lastUse) {
                    slot = i;
                    leaving = other;
                }
            }
            if (cache.compareAndSet(slot, leaving, entry)) {
                return;
            }
        }
    }

    private static int firstOfSet(long high, long low) {
        long mixed = (high * GOLDEN_RATIO ^ low) * GOLDEN_RATIO;
        return (int) (mixed >>> (64 - SET_BITS)) * WAYS;
    }

    @Override
    public void update(List<Destination> destinations) {
        list = destinations.toArray(Destination[]::new);
        leastLoaded.update(destinations);
    }
}
