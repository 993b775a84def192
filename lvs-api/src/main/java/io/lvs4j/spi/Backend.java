package io.lvs4j.spi;

import io.lvs4j.BackendException;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A data plane: carries out the server sets that a director decides on.
 *
 * <p>One director owns one backend: it calls {@link #start} once and {@link #close} last. It calls {@code add},
 * {@code update}, {@code quiesce} and {@code remove} one at a time, from threads of the embedder or its own;
 * {@code counters} and {@code connections} may come at any time from any thread between start and close, {@code connections}
 * also while that call or another is under way.
 */
public interface Backend extends AutoCloseable {

    /** How often the kernel's estimator looks: 2 s. */
    Duration ESTIMATION_INTERVAL = Duration.ofSeconds(2);

    /** {@return the name that messages use, such as {@code netty}} */
    String name();

    /** {@return what it can honour} Callable before {@link #start}. */
    Capabilities capabilities();

    /**
     * Refuses a description that this backend cannot honour here, before anything changes. Callable after {@link #start}.
     *
     * @param service the description
     * @throws UnsupportedSettingException if it cannot, naming the setting, the backend and the remedy
     */
    default void require(VirtualService service) {
        capabilities().require(name(), service);
    }

    /**
     * Makes the backend ready.
     *
     * @param ticker the clock for timeouts
     * @throws BackendException if it cannot run here; the message says why and what to do
     */
    void start(Ticker ticker);

    /**
     * Begins to serve.
     *
     * @param pool a service that is not there yet and that {@link #require} lets pass
     * @throws BackendException if it cannot, for example because a listen address is in use; nothing is left behind
     */
    void add(Pool pool);

    /**
     * Changes settings and servers of a service. Established connections go on, except those of servers that the pool no
     * longer names: they are reset. When the call has returned, a server that is not serving gets no new connection.
     *
     * @param pool a service that is there
     * @throws BackendException if it cannot; then everything is as before
     */
    void update(Pool pool);

    /**
     * Stops taking new connections; those that are established go on.
     *
     * @param service a service that is there
     */
    void quiesce(ServiceKey service);

    /**
     * Ends a service: stops taking connections and resets those that there are.
     *
     * @param service a service that is there
     * @throws BackendException if it cannot; the service then counts as there, may be updated, and may be removed again,
     *     whatever of it has already gone
     */
    void remove(ServiceKey service);

    /**
     * {@return the counters of a service} They may lag behind a little; the numbers of open connections and of templates
     * that a drain waits for may not.
     *
     * @param service a service that is there
     */
    ServiceCounters counters(ServiceKey service);

    /**
     * {@return the persistence templates of a service, if it is persistent and this backend can show them} The object stays
     * valid while the service is there, whatever is changed about it.
     *
     * @param service a service that is there
     */
    default Optional<PersistenceTemplates> persistence(ServiceKey service) {
        return Optional.empty();
    }

    /**
     * {@return the connections of a service that have been given to a server, and its templates} The default lists the templates of
     * {@link #persistence}: enough for a backend that does not know who its clients are. Others list connections first, and do not
     * hold up those who carry them, however many there are.
     *
     * @param service a service that was there when this was called, and may have gone meanwhile
     * @param most how many to list, 1..{@value ConnectionEntries#MAX}; the others are counted
     * @throws IllegalArgumentException if there is no such service any more
     * @throws IllegalStateException if the backend has been closed meanwhile
     * @throws BackendException if it cannot look
     */
    default ConnectionEntries connections(ServiceKey service, int most) {
        List<ConnectionEntry> templates =
                persistence(service).map(PersistenceTemplates::list).orElse(List.of()).stream()
                        .flatMap(template -> ConnectionEntry.of(service, template).stream())
                        .toList();
        int listed = Math.min(most, templates.size());
        return new ConnectionEntries(templates.subList(0, listed), templates.size() - listed);
    }

    /**
     * {@return how often {@link #repair} is to be called; zero = never, the default} Asked once, after {@link #start}.
     */
    default Duration repairInterval() {
        return Duration.ZERO;
    }

    /**
     * {@return how often to look at the counters for {@link io.lvs4j.Rates}; zero = never, the default} Backends whose
     * counters cost little say {@link #ESTIMATION_INTERVAL}. Always the same.
     */
    default Duration rateInterval() {
        return Duration.ZERO;
    }

    /**
     * Looks whether the data plane still is as it was told to be, and mends it where somebody else has changed it. Comes from
     * the thread that also adds and updates, never at the same time.
     *
     * @return what was found and mended; a service that changes again and again may be left alone for a while
     * @throws BackendException if it cannot look or mend; whatever it throws, it is asked again after the interval
     */
    default List<Repair> repair() {
        return List.of();
    }

    /** Ends all services and frees every thread, descriptor and buffer. Idempotent. */
    @Override
    void close();
}
