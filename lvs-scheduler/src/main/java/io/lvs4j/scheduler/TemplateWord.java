package io.lvs4j.scheduler;

/**
 * The word of a client's slot that says which server the client belongs to and what there is to count:
 * <pre>
 *   bits 63..48   the destination's number + 1; the word is 0 if and only if the slot is free
 *   bit  47       assured: a connection has been established
 *   bits 46..27   stamp, 1 or more, another for each template
 *   bits 26..22   hits that the table's counter does not have yet
 *   bits 21..0    live connections
 * </pre>
 */
final class TemplateWord {
    static final long FREE = 0;
    static final int MAX_LIVE = (1 << 22) - 1;
    static final int MAX_NUMBER = (1 << 16) - 2;
    static final int MAX_STAMP = (1 << 20) - 1;
    static final int MAX_HITS = 31;
    static final long ASSURED = 1L << 47;

    private static final int STAMP_SHIFT = 27;
    private static final int HITS_SHIFT = 22;
    private static final long HITS = (long) MAX_HITS << HITS_SHIFT;

    private TemplateWord() {}

    static long of(int number, int stamp, int live, boolean assured) {
        return (number + 1L) << 48 | (assured ? ASSURED : 0) | (long) stamp << STAMP_SHIFT | live;
    }

    static int number(long word) {
        return (int) (word >>> 48) - 1;
    }

    static boolean assured(long word) {
        return (word & ASSURED) != 0;
    }

    static int stamp(long word) {
        return (int) (word >>> STAMP_SHIFT) & MAX_STAMP;
    }

    /** Returns the stamp that comes after another. */
    static int nextStamp(int stamp) {
        return stamp % MAX_STAMP + 1;
    }

    static int hits(long word) {
        return (int) (word >>> HITS_SHIFT) & MAX_HITS;
    }

    static long withoutHits(long word) {
        return word & ~HITS;
    }

    static int live(long word) {
        return (int) word & MAX_LIVE;
    }

    /** One connection more, and one hit more or, if there is no room for that, none. */
    static long hit(long word) {
        return hits(word) == MAX_HITS ? withoutHits(word) + 1 : word + (1 << HITS_SHIFT) + 1;
    }

    /** One connection fewer. */
    static long ended(long word) {
        return word - 1;
    }
}
