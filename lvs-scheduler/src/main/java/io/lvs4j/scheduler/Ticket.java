package io.lvs4j.scheduler;

/**
 * Gives out the positions in a cycle, one after the other, to any number of threads: one atomic addition each. The counter is
 * alone in its cache lines.
 *
 * <p>A ticket is a number that grows by one; its position is the ticket modulo the length of the cycle. Long before the number
 * overflows it is set back by whole cycles, which changes no position.
 */
class Ticket extends PaddedCounter {
    private static final long SET_BACK = 1L << 61;

    private final int length;
    private final long reciprocal; // 2^63 / length, rounded down

    /**
     * Makes a counter.
     *
     * @param length of the cycle, 1 or more
     * @param first the first ticket to be given out
     */
    Ticket(int length, long first) {
        this.length = length;
        this.reciprocal = Long.MAX_VALUE / length;
        this.count = first;
    }

    /** Takes the next ticket. */
    final long take() {
        long ticket = (long) COUNT.getAndAdd((PaddedCounter) this, 1L);
        return ticket < SET_BACK ? ticket : setBack(ticket);
    }

    private long setBack(long ticket) {
        long wholeCycles =
                (ticket / length - 1) * length; // one remains: ticket 0 is special, nobody was served before it
        long now = upcoming();
        if (now >= SET_BACK) {
            COUNT.compareAndSet((PaddedCounter) this, now, now - wholeCycles);
        }
        return ticket - wholeCycles;
    }

    /** Returns the ticket that will be taken next. */
    final long upcoming() {
        return count;
    }

    /** Makes another ticket the next one, unless somebody has taken one meanwhile: then it is too late and nothing happens. */
    final void move(long from, long to) {
        COUNT.compareAndSet((PaddedCounter) this, from, to);
    }

    /** Returns the position of a ticket in the cycle: {@code ticket % length} without a division. */
    final int position(long ticket) {
        long position = ticket - Math.multiplyHigh(ticket << 1, reciprocal) * length; // the quotient may be 1 too small
        return (int) (position >= length ? position - length : position);
    }

    /** Returns the earliest ticket, not before another one, that has a position. */
    final long nextWith(int position, long notBefore) {
        long ticket = notBefore - position(notBefore) + position;
        return ticket < notBefore ? ticket + length : ticket;
    }
}
