package io.lvs4j.scheduler;

/**
 * How a destination's counts and flags share one {@code long}, so that they change together by one atomic addition and are
 * read together by one load:
 * <pre>
 *   bit 63        not usable: weight 0, failed, in maintenance, or not in the list
 *   bit 62        overloaded: had its upper threshold of connections
 *   bits 61..24   overhead: active * 256 + inactive, IPVS's measure of load
 *   bits 23..0    active
 * </pre>
 * The overhead of a destination that must not be used is greater than any other's if the flags are read as part of it.
 */
final class Counts {
    static final long UNUSABLE = 1L << 63;
    static final long OVERLOADED = 1L << 62;
    static final long FLAGS = UNUSABLE | OVERLOADED;

    static final int FLAGS_SHIFT = 62;

    static final int OVERHEAD_SHIFT = 24;
    static final long ACTIVE_MASK = (1L << OVERHEAD_SHIFT) - 1;

    /** What is added for a connection that is inactive, and for one that is active. */
    static final long INACTIVE = 1L << OVERHEAD_SHIFT;

    static final long ACTIVE = (256L << OVERHEAD_SHIFT) + 1;

    private Counts() {}

    static int active(long counts) {
        return (int) (counts & ACTIVE_MASK);
    }

    static int inactive(long counts) {
        return (int) (overhead(counts) - 256L * active(counts));
    }

    static long overhead(long counts) {
        return (counts & ~FLAGS) >>> OVERHEAD_SHIFT;
    }

    static long total(long counts) {
        return overhead(counts) - 255L * active(counts);
    }

    static boolean available(long counts) {
        return counts >>> FLAGS_SHIFT == 0;
    }
}
