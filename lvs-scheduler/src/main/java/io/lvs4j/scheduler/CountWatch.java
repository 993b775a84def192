package io.lvs4j.scheduler;

/**
 * Hears of every change of one destination's counts and flags: how a scheduler keeps an order of destinations by load. Called
 * by the thread that carries the connection, after the change; calls for one destination may overlap and overtake each other,
 * so what counts is what {@link Destination#counts()} says when the call reads it.
 */
interface CountWatch {

    /**
     * The word of counts has changed.
     *
     * @param before as it was
     * @param after as it became
     */
    void changed(long before, long after);
}
