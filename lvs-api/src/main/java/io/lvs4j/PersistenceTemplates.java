package io.lvs4j;

import java.util.Collection;
import java.util.List;

/**
 * The persistence templates of one service: which client belongs to which real server. Thread-safe, off the path of
 * connections. Get it from {@link ServiceHandle#persistence()}.
 */
public interface PersistenceTemplates {

    /** {@return all templates that have not expired, in no order} To carry them over, give them to {@link #restore}. */
    List<PersistenceTemplate> list();

    /**
     * Forgets one client: its next connection is scheduled anew. Open connections go on.
     *
     * @param key the client's {@link java.net.InetAddress}, or the key that the embedder gave
     * @return whether there was such a template
     */
    boolean evict(Object key);

    /**
     * Forgets all clients of a server. Open connections go on.
     *
     * @param server address and port
     * @return how many there were
     */
    int evict(ServerKey server);

    /**
     * Takes over templates that another director, or this one earlier, had. Those of servers that may not be used are left
     * out, as are expired ones, those for which there is no room, and clients that have a template already.
     *
     * @param templates as {@link #list} gave them; their connections are not counted
     * @return how many were taken over
     * @throws IllegalArgumentException if a key is not of the kind that the service persists by; nothing has changed
     */
    int restore(Collection<PersistenceTemplate> templates);

    /** {@return the counters} */
    PersistenceCounters counters();

    /**
     * Adds a listener.
     *
     * @param listener hears of every change from now on
     */
    void addListener(PersistenceListener listener);

    /**
     * Removes a listener.
     *
     * @param listener one that was added
     */
    void removeListener(PersistenceListener listener);
}
