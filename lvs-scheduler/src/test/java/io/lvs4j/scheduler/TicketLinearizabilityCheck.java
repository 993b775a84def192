package io.lvs4j.scheduler;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Places are given out one after the other, each once a cycle, also while the number of tickets is set back. */
public class TicketLinearizabilityCheck {
    private static final int LENGTH = 3;
    private static final long BEFORE_SET_BACK = (1L << 61) - 3;

    private final Ticket ticket = new Ticket(LENGTH, BEFORE_SET_BACK);

    @Operation
    public int take() {
        return ticket.position(ticket.take());
    }

    @Operation
    public int next() {
        return ticket.position(ticket.upcoming());
    }

    @Test
    void whoSetsBackLosesNoTicket() {
        Interleavings.race(
                InTurn.class,
                Scenario.of(TicketLinearizabilityCheck.class)
                        .first("take")
                        .first("take")
                        .thread("take")
                        .then("take")
                        .thread("take")
                        .then("take"));
    }

    @Test
    void anyInterleavingGivesOutEachPlaceInTurn() {
        Interleavings.explore(TicketLinearizabilityCheck.class, InTurn.class);
    }

    @Test
    void threadsAtFullSpeedGetEachPlaceInTurn() {
        Interleavings.stress(TicketLinearizabilityCheck.class, InTurn.class);
    }

    /** The specification: a number that goes round. */
    public static final class InTurn {
        private int next = (int) (BEFORE_SET_BACK % LENGTH);

        public int take() {
            int taken = next;
            next = (next + 1) % LENGTH;
            return taken;
        }

        public int next() {
            return next;
        }
    }
}
