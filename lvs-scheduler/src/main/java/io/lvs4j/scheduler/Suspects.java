package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a service that are suspected of not answering: a client would wait for them in vain. While there is another
 * server, {@link DecisionEngine#acquire} gives none of them out. Suspicion ends with {@link #clear}, and when the server leaves the
 * pool or stops serving. Almost always there is none. Thread-safe.
 */
public final class Suspects {
    private static final Destination[] NOBODY = {};

    private final Function<ServerKey, @Nullable Destination> destinations;
    private volatile Destination[] list = NOBODY;

    Suspects(Function<ServerKey, @Nullable Destination> destinations) {
        this.destinations = destinations;
    }

    /** Returns them; not to be changed. */
    Destination[] list() {
        return list;
    }

    /**
     * Suspects a server.
     *
     * @param server a server
     * @return whether it serves and was not suspect before
     */
    public boolean add(ServerKey server) {
        Destination destination = destinations.apply(server);
        return destination != null && add(destination);
    }

    private synchronized boolean add(Destination destination) {
        if (!destination.serving() || contains(destination.key())) {
            return false; // what has left meanwhile is not suspected any more
        }
        List<Destination> more = new ArrayList<>(List.of(list));
        more.add(destination);
        list = more.toArray(NOBODY);
        return true;
    }

    /**
     * Ends the suspicion of a server.
     *
     * @param server a server
     * @return whether it was suspect
     */
    public boolean clear(ServerKey server) {
        return list.length > 0 && removeIf(suspect -> suspect.key().equals(server));
    }

    synchronized boolean removeIf(Predicate<Destination> cleared) {
        List<Destination> fewer = new ArrayList<>(List.of(list));
        boolean changed = fewer.removeIf(cleared);
        if (changed) {
            list = fewer.toArray(NOBODY);
        }
        return changed;
    }

    /**
     * {@return whether a server is suspect}
     *
     * @param server a server
     */
    public boolean contains(ServerKey server) {
        for (Destination suspect : list) {
            if (suspect.key().equals(server)) {
                return true;
            }
        }
        return false;
    }
}
