package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The slots of one segment of a {@link ClientTable}, four words each in one array:
 * <pre>
 *   0  upper half of the client's address, bits that do not count cleared
 *   1  lower half
 *   2  when the template expires, if none of its connections lives
 *   3  {@link TemplateWord}; 0 if the slot is free
 * </pre>
 * A client lives in one of the {@value #WINDOW} slots from the one that the lower bits of its hash name, its home.
 *
 * <p>Concurrency: anybody reads. Who gives a slot to a client or takes it away holds the lock of the segment, makes the template
 * word 0 first and sets it last. So if the template word is what it was before the address was read, they belong together: the
 * stamp in it is another one for each template. To count is a compare-and-set of that word. In an array that a segment has grown
 * out of every word is 0.
 */
final class Slots {
    /** How many slots a client may be in. */
    static final int WINDOW = 16;

    /** Words per slot. */
    static final int SLOT = 4;

    /** Words per window. */
    static final int REACH = WINDOW * SLOT;

    /** The array of a segment that never had a template. Nobody writes to it. */
    static final long[] NONE = new long[REACH];

    private static final int NEAR = 4;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int DEADLINE = 2;
    private static final int TEMPLATE = 3;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private Slots() {}

    /** Returns an array with so many homes. */
    static long[] create(int homes) {
        return new long[(homes + WINDOW - 1) * SLOT];
    }

    /** Returns how many slots are the home of somebody: all but the last ones, which are others' windows' ends. */
    static int homes(long[] words) {
        return words.length / SLOT - (WINDOW - 1);
    }

    /** Returns where the window of a client begins. */
    static int home(long[] words, long hash) {
        return (int) (((hash & 0xffff_ffffL) * homes(words)) >>> 32) * SLOT;
    }

    // ---------------------------------------------------------------- by anybody

    /**
     * Returns the slot of a client, or -1. Both are certain under the lock only. Nearly every client is in one of the first
     * {@value #NEAR} slots, which are compared without a branch: a guess about which one it is would be wrong half of the time.
     */
    static int find(long[] words, long hash, long high, long low) {
        int first = home(words, hash);
        int near = differs(words, first, low)
                | differs(words, first + SLOT, low) << 1
                | differs(words, first + 2 * SLOT, low) << 2
                | differs(words, first + 3 * SLOT, low) << 3;
        int at = first + Integer.numberOfTrailingZeros(~near) * SLOT;
        if (near != (1 << NEAR) - 1 && template(words, at, high, low) != TemplateWord.FREE) {
            return at;
        }
        return findFurther(words, first, high, low);
    }

    /** Returns 0 if the lower half of a slot's address is this, 1 if not. */
    private static int differs(long[] words, int at, long low) {
        long difference = (long) WORDS.getOpaque(words, at + LOW) ^ low;
        return (int) ((difference | -difference) >>> 63);
    }

    private static int findFurther(long[] words, int first, long high, long low) {
        for (int at = first; at < first + REACH; at += SLOT) {
            if ((long) WORDS.getOpaque(words, at + LOW) == low && template(words, at, high, low) != TemplateWord.FREE) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the template word of a slot if it is the client's, which is certain once the word is found unchanged; 0 if not. */
    static long template(long[] words, int at, long high, long low) {
        long template = (long) WORDS.getAcquire(words, at + TEMPLATE);
        return (long) WORDS.getOpaque(words, at + LOW) == low && (long) WORDS.getOpaque(words, at + HIGH) == high
                ? template
                : TemplateWord.FREE;
    }

    static long template(long[] words, int at) {
        return (long) WORDS.getAcquire(words, at + TEMPLATE);
    }

    /** Whether a template word is what it was, so that whatever was read in between belongs to it. */
    static boolean unchanged(long[] words, int at, long template) {
        VarHandle.acquireFence();
        return (long) WORDS.getOpaque(words, at + TEMPLATE) == template;
    }

    static boolean change(long[] words, int at, long template, long changed) {
        return WORDS.compareAndSet(words, at + TEMPLATE, template, changed);
    }

    static long deadline(long[] words, int at) {
        return (long) WORDS.getOpaque(words, at + DEADLINE);
    }

    static void setDeadline(long[] words, int at, long deadline) {
        WORDS.setOpaque(words, at + DEADLINE, deadline);
    }

    // ---------------------------------------------------------------- under the lock

    static long high(long[] words, int at) {
        return words[at + HIGH];
    }

    static long low(long[] words, int at) {
        return words[at + LOW];
    }

    /** Fills a free slot. */
    static void put(long[] words, int at, long high, long low, long deadline, long template) {
        VarHandle.releaseFence(); // who sees the new address sees that the old template is gone
        WORDS.setOpaque(words, at + HIGH, high);
        WORDS.setOpaque(words, at + LOW, low);
        WORDS.setOpaque(words, at + DEADLINE, deadline);
        WORDS.setRelease(words, at + TEMPLATE, template);
    }

    /** Frees a slot. Returns its template word. */
    static long clear(long[] words, int at) {
        return (long) WORDS.getAndSet(words, at + TEMPLATE, TemplateWord.FREE);
    }

    /** Returns the first free slot in a window of an array that nobody else sees, or -1. */
    private static int firstFree(long[] words, int first) {
        for (int at = first; at < first + REACH; at += SLOT) {
            if (words[at + TEMPLATE] == TemplateWord.FREE) {
                return at;
            }
        }
        return -1;
    }

    /** Moves all templates to an empty array that nobody sees yet. Returns false, and leaves them, if a window overflows. */
    static boolean move(long[] words, long[] next, Hashing hashing) {
        int[] moves = new int[words.length / SLOT];
        for (int i = 0; i < moves.length; i++) {
            int from = i * SLOT;
            if (template(words, from) != TemplateWord.FREE) {
                int to = firstFree(next, home(next, hashing.hash(words[from + HIGH], words[from + LOW])));
                if (to < 0) {
                    return false;
                }
                next[to + HIGH] = words[from + HIGH];
                next[to + LOW] = words[from + LOW];
                next[to + TEMPLATE] = 1; // taken
                moves[i] = to + 1;
            }
        }
        for (int i = 0; i < moves.length; i++) {
            if (moves[i] > 0) {
                int from = i * SLOT;
                int to = moves[i] - 1;
                long template = clear(words, from);
                next[to + DEADLINE] = deadline(words, from);
                next[to + TEMPLATE] = template;
            }
        }
        return true;
    }

    /** Gives a client's hash. */
    interface Hashing {
        long hash(long high, long low);
    }
}
