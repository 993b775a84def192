package io.lvs4j.scheduler;

import io.lvs4j.Scheduling;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lblc} and {@code lblcr} know of the addresses that clients connect to. An address is forgotten when it has not
 * been used for the expiry: looking it up then finds nothing, to the tenth of a millisecond.
 *
 * <p>Differences from the kernel, which looks for expired addresses twice an hour: here their room is reclaimed when new
 * addresses come, {@value #SWEPT} slots at a time. When more than {@value #CROWDED} are known, those that have been idle for 6
 * minutes go too, as in the kernel. The kernel has no other limit; here there is room for {@value #CAPACITY} in sets of
 * {@value #WAYS}, and when a set is full the address in it that has been idle longest gives way.
 *
 * <p>Concurrency: an entry's address never changes. A slot is filled and emptied by compare-and-set. Only a new address allocates
 * anything, and a known one writes its last use at most 10,000 times a second. When two threads
 * bring the same new address at the same time, one of their two entries counts.
 *
 * @param <E> what is known of an address
 */
final class LocalityTable<E extends LocalityTable.Entry> {
    private static final int CAPACITY_BITS = 16;
    private static final int CAPACITY = 1 << CAPACITY_BITS;
    private static final int WAYS = 8;
    private static final int SWEPT = 16;
    private static final int CROWDED = 1 << 14;
    private static final Duration DEFAULT_EXPIRY = Duration.ofHours(24);
    private static final long CROWDED_EXPIRY_NANOS = Duration.ofMinutes(6).toNanos();
    private static final long USE_GRAIN_NANOS = 100_000;
    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

    private final AtomicReferenceArray<@Nullable E> slots = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicInteger known = new AtomicInteger();
    private final AtomicInteger hand = new AtomicInteger();
    private final long expiryNanos;

    /** An address and when it was used last. */
    abstract static class Entry {
        final long high;
        final long low;
        volatile long lastUse;

        Entry(Flow flow) {
            high = flow.destinationHigh();
            low = flow.destinationLow();
            lastUse = flow.time();
        }

        boolean isFor(long otherHigh, long otherLow) {
            return low == otherLow && high == otherHigh;
        }

        long idle(long now) {
            return now - lastUse;
        }
    }

    LocalityTable(Scheduling settings) {
        expiryNanos = settings.expiry().orElse(DEFAULT_EXPIRY).toNanos();
    }

    long expiryNanos() {
        return expiryNanos;
    }

    /** Returns how many addresses have a slot, those included that have expired since. */
    int known() {
        return known.get();
    }

    /** Counts the slots that are taken, to compare with {@link #known()}. */
    int count() {
        int count = 0;
        for (int i = 0; i < CAPACITY; i++) {
            count += slots.get(i) == null ? 0 : 1;
        }
        return count;
    }

    /** Looks the address up that a flow connects to, and notes that it is used. */
    @Nullable
    E use(Flow flow) {
        E entry = find(flow);
        if (entry != null && flow.time() - entry.lastUse >= USE_GRAIN_NANOS) {
            entry.lastUse = flow.time();
        }
        return entry;
    }

    /** Looks the address up that a flow connects to. */
    @Nullable
    E find(Flow flow) {
        long high = flow.destinationHigh();
        long low = flow.destinationLow();
        int home = home(high, low);
        for (int way = 0; way < WAYS; way++) {
            E entry = slots.get(slot(home, way));
            if (entry != null && entry.isFor(high, low) && entry.idle(flow.time()) < expiryNanos) {
                return entry;
            }
        }
        return null;
    }

    /** Puts an entry in that was not found. */
    void add(E entry) {
        long now = entry.lastUse;
        sweep(now);
        boolean added = false;
        while (!added) {
            int slot = slotFor(entry, now);
            E leaving = slots.get(slot);
            added = slots.compareAndSet(slot, leaving, entry);
            if (added && leaving == null) {
                known.incrementAndGet();
            }
        }
    }

    /** Finds the slot of the same address, else an empty one, else the one that has been idle longest. */
    private int slotFor(E entry, long now) {
        int home = home(entry.high, entry.low);
        int chosen = home;
        long longest = -1;
        for (int way = 0; way < WAYS; way++) {
            int slot = slot(home, way);
            E other = slots.get(slot);
            if (other != null && other.isFor(entry.high, entry.low)) {
                return slot;
            }
            long idle = other == null ? Long.MAX_VALUE : Math.max(other.idle(now), 0);
            if (idle > longest) {
                longest = idle;
                chosen = slot;
            }
        }
        return chosen;
    }

    /** Empties the next few slots whose addresses have been idle for too long. */
    private void sweep(long now) {
        int from = hand.getAndAdd(SWEPT);
        for (int i = from; i < from + SWEPT; i++) {
            int slot = i & (CAPACITY - 1);
            E entry = slots.get(slot);
            if (entry != null && entry.idle(now) >= allowedIdleNanos() && slots.compareAndSet(slot, entry, null)) {
                known.decrementAndGet();
            }
        }
    }

    private long allowedIdleNanos() {
        return known.get() > CROWDED ? Math.min(expiryNanos, CROWDED_EXPIRY_NANOS) : expiryNanos;
    }

    /** Where an address is looked for first. */
    private static int home(long high, long low) {
        long mixed = ((high * GOLDEN_RATIO) ^ low) * GOLDEN_RATIO;
        return (int) (mixed >>> (Long.SIZE - CAPACITY_BITS));
    }

    /** Where it is looked for next: once around its set. */
    private static int slot(int home, int way) {
        return (home & -WAYS) | ((home + way) & (WAYS - 1));
    }
}
