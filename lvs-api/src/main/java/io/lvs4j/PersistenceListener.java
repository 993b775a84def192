package io.lvs4j;

/**
 * Hears of persistence templates as they come and go. Called by the thread that makes the decision, while it decides: it must
 * be quick, and must call neither the director nor {@link PersistenceTemplates}. For one client the calls come in the order of
 * the changes. What it throws is logged and otherwise ignored.
 */
public interface PersistenceListener {

    /** Why a template is no more. */
    enum Cause {
        /** Its time had run out. Reported when its place is needed or somebody looks, not to the second. */
        EXPIRED,
        /** There was no room, and it was the least useful. */
        EVICTED,
        /** Its server can no longer be used: quiesced, failed or removed. */
        SERVER_GONE,
        /** It was asked for, or persistence was switched off or set differently. */
        FORGOTTEN
    }

    /**
     * A client was given a server.
     *
     * @param key as in {@link PersistenceTemplate}
     * @param server the server
     */
    void assigned(Object key, ServerKey server);

    /**
     * A client is no longer bound to its server.
     *
     * @param key as in {@link PersistenceTemplate}
     * @param server the server
     * @param cause why
     */
    void forgotten(Object key, ServerKey server, Cause cause);
}
