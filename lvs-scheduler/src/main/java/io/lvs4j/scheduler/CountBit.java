package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bit that says whether one destination's counts fulfil a condition, in an array with those of others: so a scheduler finds
 * one that does without looking at every destination.
 *
 * <p>Concurrency: the threads that carry connections keep the bit. Only a change that makes the condition true or false
 * touches it. Whoever has set it reads the counts again and sets it once more if they say otherwise by now, so of writers that
 * overtake each other the last one leaves what is true.
 */
abstract class CountBit implements CountWatch {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final Destination destination;
    private final long[] words;
    private final int place;

    CountBit(Destination destination, long[] words, int place) {
        this.destination = destination;
        this.words = words;
        this.place = place;
    }

    /** Returns an array for so many bits, all of them false. */
    static long[] words(int bits) {
        return new long[(bits + Long.SIZE - 1) / Long.SIZE];
    }

    /** Returns {@link Long#SIZE} bits of an array. */
    static long word(long[] words, int index) {
        return (long) WORDS.getVolatile(words, index);
    }

    /** Whether the condition is fulfilled. */
    abstract boolean holds(long counts);

    /** Begins to hear of the destination's changes, and sets the bit second, so that no change is lost between. */
    final void watch() {
        destination.watch(this);
        refresh();
    }

    @Override
    public void changed(long before, long after) {
        if (holds(before) != holds(after)) {
            refresh();
        }
    }

    private void refresh() {
        boolean wanted;
        do {
            wanted = holds(destination.counts());
            if (wanted) {
                WORDS.getAndBitwiseOr(words, place / Long.SIZE, 1L << place);
            } else {
                WORDS.getAndBitwiseAnd(words, place / Long.SIZE, ~(1L << place));
            }
        } while (wanted != holds(destination.counts()));
    }
}
