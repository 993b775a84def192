package io.lvs4j.scheduler;

/** What an algorithm takes for a destination's load, made of its {@link Counts}. */
enum Load {
    /** {@code lc}: active * 256 + inactive, whatever the weight. */
    OVERHEAD_ALONE("active * 256 + inactive", false, Counts.OVERHEAD_SHIFT, 0, 0),
    /** {@code wlc}: active * 256 + inactive. */
    OVERHEAD("(active * 256 + inactive) / weight", true, Counts.OVERHEAD_SHIFT, 0, 0),
    /** {@code sed}: active connections with the new one. */
    EXPECTED_DELAY("(active + 1) / weight", true, 0, 1, 1),
    /** {@code nq}: the same, but nothing if there is no active connection. */
    EXPECTED_DELAY_UNLESS_IDLE("0 if idle, else (active + 1) / weight", true, 0, 0, 1);

    private final String formula;
    private final boolean weighted;

    /** How far the number is shifted in the word of counts; it reaches up to the flags or over the lowest bits. */
    private final int shift;

    private final long mask;

    /** The load of a destination where the number is 0, and what is added to the number otherwise. */
    final int whenNone;

    private final int otherwiseAdded;

    Load(String formula, boolean weighted, int shift, int whenNone, int otherwiseAdded) {
        this.formula = formula;
        this.weighted = weighted;
        this.shift = shift;
        this.mask = shift == 0 ? Counts.ACTIVE_MASK : ~Counts.FLAGS >>> shift;
        this.whenNone = whenNone;
        this.otherwiseAdded = otherwiseAdded;
    }

    /** Whether the load is divided by the weight. */
    boolean weighted() {
        return weighted;
    }

    /** Returns the load, 0..2^38. */
    long of(long counts) {
        long number = (counts >>> shift) & mask;
        return number == 0 ? whenNone : number + otherwiseAdded;
    }

    /** Returns what the load is divided by. */
    int divisor(Destination destination) {
        return weighted ? destination.weight() : 1;
    }

    @Override
    public String toString() {
        return formula;
    }
}
