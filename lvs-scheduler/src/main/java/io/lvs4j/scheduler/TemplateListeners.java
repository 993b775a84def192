package io.lvs4j.scheduler;

import io.lvs4j.PersistenceListener;
import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears of the templates of one service. What a listener throws is logged, and the next one is called. Thread-safe. */
final class TemplateListeners {
    private static final Logger log = LoggerFactory.getLogger(TemplateListeners.class);

    private volatile List<PersistenceListener> all = List.of();

    /** Whether nobody listens, so that there is no need to find out what there would be to hear. */
    boolean none() {
        return all.isEmpty();
    }

    synchronized void add(PersistenceListener listener) {
        List<PersistenceListener> next = new ArrayList<>(all);
        next.add(listener);
        all = List.copyOf(next);
    }

    synchronized void remove(PersistenceListener listener) {
        List<PersistenceListener> next = new ArrayList<>(all);
        next.remove(listener);
        all = List.copyOf(next);
    }

    void assigned(Object key, ServerKey server) {
        for (PersistenceListener listener : all) {
            try {
                listener.assigned(key, server);
            } catch (RuntimeException e) {
                log.warn("persistence listener failed on {} -> {}", key, server, e);
            }
        }
    }

    void forgotten(Object key, ServerKey server, PersistenceListener.Cause cause) {
        for (PersistenceListener listener : all) {
            try {
                listener.forgotten(key, server, cause);
            } catch (RuntimeException e) {
                log.warn("persistence listener failed on {} -> {}, {}", key, server, cause, e);
            }
        }
    }
}
