package io.lvs4j.netty;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a service knows of its clients' sources, for limits per source: how many connections each has, and how full its token
 * bucket is. Shared by all event loops, so the limits hold for the service as a whole. Bounded: a fixed number of slots, in sets
 * of {@value #WAYS}; the hash says which set a source belongs to.
 *
 * <p>A bucket is one number, the moment at which it will be full again (the generic cell rate algorithm of ATM, ITU-T I.371): a
 * token moves that moment on by the interval of the rate, and there is none if it would be further away than a whole burst.
 *
 * <p>When a set is full, a source without connections gives way, and of those the one whose bucket is the fullest: one with a
 * full bucket is worth nothing, for a new source begins with one. Sources with connections stay. Where all have some, a new
 * source is admitted without being remembered, so no flood of sources locks anybody out; what it has is then not limited. Up to
 * some half as many sources with connections as there are slots that hardly happens.
 *
 * <p>Exact for a source that is remembered. One that gave way begins anew with a full bucket.
 *
 * <p>Concurrency: a set is changed under the lock of its stripe, held for a look at {@value #WAYS} slots; there are {@value
 * #STRIPES} stripes. Nothing is allocated but a stripe's slots, once, when it gets its first source. A source with connections
 * stays in its slot, so the slot's number is enough to end a connection.
 */
final class SourceTable {
    /** No slot: the source is not remembered. */
    static final int NO_SLOT = -1;

    /** Turned away: the source has as many connections as it may have. */
    static final int FULL = -2;

    /** Turned away: the source has no token left. */
    static final int TOO_FAST = -3;

    /** How many slots there are, unless a test wants fewer: 4 MiB if all are used. */
    static final int SLOTS = 1 << 17;

    private static final int WAYS = 16;
    private static final int STRIPES = 128;

    // a slot
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int CONNECTIONS = 2; // and one more, 0 = free
    private static final int FULL_AT_NANOS = 3;
    private static final int WORDS = 4;

    // Secret, so that nobody can send what all falls into one set.
    private final long[] multipliers =
            new SecureRandom().longs(2).map(n -> n | 1).toArray();
    private final Stripe[] stripes;
    private final int setsPerStripe;

    private static final class Stripe {
        private final int words;
        private long @Nullable [] slots;

        Stripe(int words) {
            this.words = words;
        }

        long[] slots() {
            long[] all = slots;
            if (all == null) {
                all = new long[words];
                slots = all;
            }
            return all;
        }
    }

    /** Makes an empty table; the number of slots is a power of two, of at least one set. */
    SourceTable(int slots) {
        int sets = slots / WAYS;
        stripes = new Stripe[Math.min(sets, STRIPES)];
        setsPerStripe = sets / stripes.length;
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe(setsPerStripe * WAYS * WORDS);
        }
    }

    /**
     * Counts a connection of a source, if it may have one more.
     *
     * @param limit connections at a time
     * @param intervalNanos how long a token takes to come; 0 = no rate to keep
     * @param burstNanos how long a whole burst takes to come
     * @return the slot, to be given to {@link #closed}; or {@link #NO_SLOT}, {@link #FULL} or {@link #TOO_FAST}
     */
    int opened(long high, long low, int limit, long intervalNanos, long burstNanos, long nowNanos) {
        int set = set(high, low);
        Stripe stripe = stripes[set / setsPerStripe];
        synchronized (stripe) {
            long[] slots = stripe.slots();
            int slot = claim(slots, set, high, low, nowNanos);
            if (slot == NO_SLOT) {
                return NO_SLOT;
            }
            int at = offset(slot);
            if (slots[at + CONNECTIONS] > limit) {
                return FULL;
            }
            if (intervalNanos > 0) {
                long debt = Math.max(0, Math.min(slots[at + FULL_AT_NANOS] - nowNanos, burstNanos));
                boolean token = debt + intervalNanos <= burstNanos;
                slots[at + FULL_AT_NANOS] = nowNanos + debt + (token ? intervalNanos : 0); // no debt of an earlier rate
                if (!token) {
                    return TOO_FAST;
                }
            }
            slots[at + CONNECTIONS]++;
            return slot;
        }
    }

    /** Takes back what {@link #opened} has just counted, the token, too. */
    void withdrawn(int slot, long intervalNanos) {
        Stripe stripe = stripes[slot / WAYS / setsPerStripe];
        synchronized (stripe) {
            long[] slots = stripe.slots();
            int at = offset(slot);
            slots[at + CONNECTIONS]--;
            slots[at + FULL_AT_NANOS] -= intervalNanos;
        }
    }

    /** Ends a connection that was counted in a slot. */
    void closed(int slot) {
        Stripe stripe = stripes[slot / WAYS / setsPerStripe];
        synchronized (stripe) {
            stripe.slots()[offset(slot) + CONNECTIONS]--;
        }
    }

    /** Returns where a slot begins among those of its stripe. */
    private int offset(int slot) {
        return slot % (setsPerStripe * WAYS) * WORDS;
    }

    private int set(long high, long low) {
        long hash = (high ^ (high >>> 32)) * multipliers[0];
        hash = (hash ^ (hash >>> 29) ^ low) * multipliers[1];
        return (int) (hash >>> 33) & (stripes.length * setsPerStripe - 1);
    }

    /** Returns the slot of a source, a new one if need be; or {@link #NO_SLOT}. */
    private int claim(long[] slots, int set, long high, long low, long nowNanos) {
        int chosen = NO_SLOT;
        long chosenDebt = Long.MAX_VALUE;
        for (int slot = set * WAYS; slot < (set + 1) * WAYS; slot++) {
            int at = offset(slot);
            long connections = slots[at + CONNECTIONS];
            if (connections > 0 && slots[at + LOW] == low && slots[at + HIGH] == high) {
                return slot;
            }
            if (connections <= 1) { // free, or without connections
                long debt = connections == 0 ? Long.MIN_VALUE : Math.max(0, slots[at + FULL_AT_NANOS] - nowNanos);
                if (debt < chosenDebt) {
                    chosen = slot;
                    chosenDebt = debt;
                }
            }
        }
        if (chosen != NO_SLOT) {
            int at = offset(chosen);
            slots[at + HIGH] = high;
            slots[at + LOW] = low;
            slots[at + CONNECTIONS] = 1;
            slots[at + FULL_AT_NANOS] = nowNanos;
        }
        return chosen;
    }

    /** Returns how many slots are taken, by sources with connections or without. */
    int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                long[] slots = stripe.slots;
                for (int at = CONNECTIONS; slots != null && at < slots.length; at += WORDS) {
                    size += slots[at] > 0 ? 1 : 0;
                }
            }
        }
        return size;
    }
}
