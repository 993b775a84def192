package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceListener.Cause;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link ClientSegment segments} of one {@link ClientTable} share: their arrays, how many templates there may be in all,
 * and who is to know of them.
 *
 * <p>Concurrency: the array of a segment is written under the segment's lock and read by anybody. The number of templates does not
 * change when one takes the place of another, so a flood at a full table only reads it.
 */
final class ClientRoom {
    private static final int ENTRIES_PER_SEGMENT = 4096; // keeps an array below half a region of 1 MiB, G1's limit
    private static final int MANY = 1 << 16;
    private static final long PAUSE_NANOS = 1_000_000_000;

    private static final VarHandle ARRAYS = MethodHandles.arrayElementVarHandle(long[][].class);

    private final Roster servers;
    private final TemplateListeners listeners;
    private final long[][] arrays; // one per segment; apart from the segments, whose lines every change touches
    private final AtomicInteger entries = new AtomicInteger();
    private volatile long timeoutNanos;
    private volatile int maxEntries;
    private volatile int mostHomes;

    ClientRoom(Persistence settings, Roster servers, TemplateListeners listeners) {
        this.servers = servers;
        this.listeners = listeners;
        int bits = 32 - Integer.numberOfLeadingZeros((settings.maxEntries() - 1) / ENTRIES_PER_SEGMENT);
        this.arrays = new long[1 << bits][];
        Arrays.fill(arrays, Slots.NONE);
        configure(settings);
    }

    /** Takes over timeout and size. */
    void configure(Persistence settings) {
        timeoutNanos = settings.timeout().toNanos();
        maxEntries = settings.maxEntries();
        long share = (maxEntries + arrays.length - 1L) / arrays.length;
        mostHomes = maxEntries <= Slots.WINDOW ? 1 : ClientSegment.homesFor(share);
    }

    /** Returns how many segments there are, a power of two. */
    int segments() {
        return arrays.length;
    }

    /** Returns how much memory the slots take. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < arrays.length; i++) {
            long[] words = words(i);
            bytes += words == Slots.NONE ? 0 : 8L * words.length;
        }
        return bytes;
    }

    /** Returns the slots of a segment. */
    long[] words(int segment) {
        return (long[]) ARRAYS.getAcquire(arrays, segment);
    }

    /** Sets the slots of a segment. */
    void words(int segment, long[] words) {
        ARRAYS.setRelease(arrays, segment, words);
    }

    /** Returns how long a template lives after its last connection. */
    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Returns how many homes a segment may have. */
    int mostHomes() {
        return mostHomes;
    }

    /** Returns how long nobody need look at everything again, if there is much to look at. */
    long pause() {
        return entries.get() > MANY ? PAUSE_NANOS : 0;
    }

    /** Returns the destination of a template word; null if there is none any more. */
    @Nullable
    Destination find(long template) {
        return template == TemplateWord.FREE ? null : servers.get(TemplateWord.number(template));
    }

    /** As {@link #find}, where the template is certain. */
    Destination destination(long template) {
        Destination destination = servers.get(TemplateWord.number(template));
        if (destination == null) {
            throw new IllegalStateException("template of released destination " + TemplateWord.number(template));
        }
        return destination;
    }

    /** Reserves the right to fill a slot, if the table is not full. */
    boolean reserve() {
        int max = maxEntries;
        int current = entries.get();
        while (current < max) {
            if (entries.compareAndSet(current, current + 1)) {
                return true;
            }
            current = entries.get();
        }
        return false;
    }

    /** Gives the right to fill a slot back. */
    void giveBack() {
        entries.decrementAndGet();
    }

    /** Whether there are more templates than there may be. */
    boolean overfull() {
        return entries.get() > maxEntries;
    }

    /** Tells whom it concerns about a new template. */
    void added(long high, long low, Destination destination) {
        destination.templateAdded();
        if (!listeners.none()) {
            listeners.assigned(ClientHash.address(high, low), destination.key());
        }
    }

    /** Tells whom it concerns about the end of a template. */
    void removed(long high, long low, long template, Cause cause) {
        Destination destination = destination(template);
        destination.templateRemoved();
        if (!listeners.none()) {
            listeners.forgotten(ClientHash.address(high, low), destination.key(), cause);
        }
    }
}
