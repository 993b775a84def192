package io.lvs4j.scheduler;

/** One look at a row of slots, for a client and for room at the same time. Used under the segment's lock. */
final class WindowScan {
    /** The first free slot, or -1. */
    int free;

    /** The slot of who gives way, or -1. */
    int victim;

    /** The template word of who gives way. */
    long template;

    private long rank;

    /** Returns the client's slot; or -1, and then knows of a free slot, and of who gives way. */
    int scan(long[] words, int first, int end, long high, long low, long now) {
        int firstFree = -1;
        int least = -1;
        long leastTemplate = TemplateWord.FREE;
        long leastRank = Usefulness.LIMIT;
        for (int at = first; at < end; at += Slots.SLOT) {
            long word = Slots.template(words, at);
            if (word == TemplateWord.FREE) {
                firstFree = firstFree < 0 ? at : firstFree;
            } else if (Slots.low(words, at) == low && Slots.high(words, at) == high) {
                return at;
            } else {
                long next = Usefulness.rank(word, Slots.deadline(words, at) - now);
                if (next < leastRank) {
                    least = at;
                    leastTemplate = word;
                    leastRank = next;
                }
            }
        }
        free = firstFree;
        victim = least;
        template = leastTemplate;
        rank = leastRank;
        return -1;
    }

    /** Whether who gives way has expired. */
    boolean victimExpired() {
        return victim >= 0 && Usefulness.isExpired(rank);
    }
}
