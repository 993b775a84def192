package io.lvs4j.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Gives out the places of a cycle, one after the other, to any number of threads: one atomic addition each. The counter is
 * alone in its cache lines.
 *
 * <p>A ticket is a number that grows by one; its place is the ticket modulo the length of the cycle. Long before the number
 * overflows it is set back by whole cycles, which changes no place.
 */
final class Ticket {
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MIDDLE = 8; // 64 bytes on either side
    private static final long SET_BACK = 1L << 61;

    private final long[] line = new long[2 * MIDDLE + 1];
    private final int length;
    private final long reciprocal; // 2^63 / length, rounded down

    /**
     * Makes a counter.
     *
     * @param length of the cycle, 1 or more
     * @param next the first ticket to be given out
     */
    Ticket(int length, long next) {
        this.length = length;
        this.reciprocal = Long.MAX_VALUE / length;
        COUNTER.setVolatile(line, MIDDLE, next);
    }

    /** Takes the next ticket. */
    long take() {
        long ticket = (long) COUNTER.getAndAdd(line, MIDDLE, 1L);
        return ticket < SET_BACK ? ticket : setBack(ticket);
    }

    private long setBack(long ticket) {
        long wholeCycles =
                (ticket / length - 1) * length; // one remains: ticket 0 is special, nobody was served before it
        long now = next();
        if (now >= SET_BACK) {
            COUNTER.compareAndSet(line, MIDDLE, now, now - wholeCycles);
        }
        return ticket - wholeCycles;
    }

    /** Returns the ticket that will be taken next. */
    long next() {
        return (long) COUNTER.getVolatile(line, MIDDLE);
    }

    /** Makes another ticket the next one, unless somebody has taken one meanwhile: then it is too late and nothing happens. */
    void move(long from, long to) {
        COUNTER.compareAndSet(line, MIDDLE, from, to);
    }

    /** Returns the place of a ticket in the cycle: {@code ticket % length} without a division. */
    int place(long ticket) {
        long place = ticket - Math.multiplyHigh(ticket << 1, reciprocal) * length; // the quotient may be 1 too small
        return (int) (place >= length ? place - length : place);
    }

    /** Returns the earliest ticket, not before another one, that has a place. */
    long nextWith(int place, long notBefore) {
        long ticket = notBefore - place(notBefore) + place;
        return ticket < notBefore ? ticket + length : ticket;
    }
}
