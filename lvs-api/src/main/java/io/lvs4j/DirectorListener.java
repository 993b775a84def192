package io.lvs4j;

/**
 * Hears what happens in a director. Called on one thread of the director, one event at a time, in order; a listener that is
 * slow delays other listeners but neither connections nor checks, and what it throws is logged.
 */
@FunctionalInterface
public interface DirectorListener {
    /**
     * Called for every event.
     *
     * @param event what happened
     */
    void onEvent(DirectorEvent event);
}
