package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.spi.Ticker;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The persistence templates of one service: which client belongs to which destination. {@link ClientTable} knows clients by
 * their addresses, {@link KeyTable} by keys of the embedder's.
 *
 * <p>The rule: a template is held while any of its connections lives. Without one it expires {@code timeout} after the last new
 * connection or the last end of one, whichever came later. The kernel re-arms a template that still controls connections in
 * steps of 60 s instead, and its connections linger in TIME_WAIT; both only make it live longer there. One service has one
 * table, and a client is the same whatever address, port or protocol of the service it connects to: so services with many
 * ports, control and data connections of FTP, and firewall marks need no rule of their own.
 *
 * <p>Thread-safe. To find a client's template or to make one is one atomic step, so a burst of a client's first connections goes
 * to one server.
 */
interface PersistenceTable {

    /** Decides on destinations; asked while a client's template is being looked up. */
    interface Chooser {
        /**
         * {@return whether the destination of a template that is there may be used}
         *
         * @param destination the destination
         */
        boolean allowsTemplate(Destination destination);

        /**
         * {@return the destination of a new template; null if there is none}
         *
         * @param flow the client's first flow
         */
        @Nullable
        Destination choose(Flow flow);
    }

    /** Returns an empty table of the kind that the settings ask for. */
    static PersistenceTable of(Persistence settings, Roster servers, Ticker ticker, TemplateListeners listeners) {
        return settings.by() == Persistence.By.CLIENT_ADDRESS
                ? new ClientTable(settings, servers, ticker, listeners)
                : new KeyTable(settings, ticker, listeners);
    }

    /**
     * Finds the template of a flow's client, or makes one with the destination chosen for it, and counts a connection on it. A
     * template that has expired, whose destination may not be used or has been tried in vain is replaced.
     *
     * @param flow the flow, with the time
     * @return a lease that is not counted on its destination yet; null if there is no destination for the flow
     */
    @Nullable
    Lease assign(Flow flow, Chooser chooser);

    /** Returns the destination of a client's template, if it has one that has not expired. Changes nothing. */
    @Nullable
    Destination peek(Flow flow);

    /** Notes that the connection of a lease has been established. */
    void established(Lease lease);

    /** Notes that the connection of a lease is over. Once per lease. */
    void release(Lease lease);

    /** Forgets the template that a lease was counted on, so that the client is scheduled anew. */
    void discard(Lease lease);

    /** Takes over new settings and returns true, or returns false if they make its templates meaningless. */
    boolean adopt(Persistence next);

    /** Forgets the templates of destinations that may not be used any more. */
    void forget(Predicate<Destination> unwanted);

    /** Forgets all templates, and makes no more: leases that it gives out from now on belong to no template. */
    void close();

    /** Removes what has expired, so that the destinations' numbers of templates are right. */
    void expire();

    /** See {@link io.lvs4j.PersistenceTemplates#list}. */
    List<PersistenceTemplate> list();

    /** Forgets one client. Returns whether it had a template. */
    boolean evict(Object key);

    /** Forgets the clients of some destinations because somebody asked for it. Returns how many there were. */
    int evict(Predicate<Destination> unwanted);

    /**
     * Refuses keys of templates that this table cannot hold.
     *
     * @throws IllegalArgumentException naming what it expects
     */
    void requireKey(Object key);

    /** Takes over a template, if the client has none and there is room. Returns whether it has. */
    boolean restore(PersistenceTemplate template, Destination destination);

    /** Returns the counters since the table was made. */
    PersistenceCounters counters();
}
