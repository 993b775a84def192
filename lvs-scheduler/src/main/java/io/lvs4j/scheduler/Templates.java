package io.lvs4j.scheduler;

import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.ServerKey;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an embedder sees of a service's templates. It outlives tables: other settings may need another table, while listeners and
 * counters go on. Thread-safe.
 */
final class Templates implements PersistenceTemplates {
    private static final PersistenceCounters NONE = new PersistenceCounters(0, 0, 0, 0, 0, 0);

    private final Function<ServerKey, @Nullable Destination> usable;
    private final TemplateListeners listeners = new TemplateListeners();
    private volatile @Nullable PersistenceTable table;
    private @Nullable PersistenceTable leaving; // guarded by this, as is past
    private PersistenceCounters past = NONE;

    /** Gives out the destination of a server that a template may name now, or null. */
    Templates(Function<ServerKey, @Nullable Destination> usable) {
        this.usable = usable;
    }

    TemplateListeners listeners() {
        return listeners;
    }

    /** Sets the table in use. The one before goes on to count until it is {@link #retire retired}. */
    synchronized void use(@Nullable PersistenceTable next) {
        if (next != table) {
            leaving = table;
            table = next;
        }
    }

    /** Ends a table that is not in use any more. */
    synchronized void retire(PersistenceTable before) {
        before.close();
        past = sum(past, before.counters());
        leaving = null;
    }

    @Override
    public List<PersistenceTemplate> list() {
        PersistenceTable current = table;
        return current == null ? List.of() : current.list();
    }

    @Override
    public boolean evict(Object key) {
        PersistenceTable current = table;
        return current != null && current.evict(Objects.requireNonNull(key, "key"));
    }

    @Override
    public int evict(ServerKey server) {
        Objects.requireNonNull(server, "server");
        PersistenceTable current = table;
        return current == null
                ? 0
                : current.evict(destination -> destination.key().equals(server));
    }

    @Override
    public int restore(Collection<PersistenceTemplate> templates) {
        PersistenceTable current = table;
        if (current == null) {
            return 0;
        }
        List<PersistenceTemplate> all = List.copyOf(templates);
        all.forEach(template -> current.requireKey(template.key()));
        int restored = 0;
        for (PersistenceTemplate template : all) {
            Destination destination = usable.apply(template.server());
            if (destination != null && current.restore(template, destination)) {
                if (usable.apply(template.server()) == destination) {
                    restored++;
                } else {
                    current.evict(template.key()); // a change that has forgotten the server's templates came between
                }
            }
        }
        return restored;
    }

    @Override
    public synchronized PersistenceCounters counters() {
        PersistenceCounters counters = past;
        if (leaving != null) {
            counters = sum(counters, leaving.counters());
        }
        PersistenceTable current = table;
        return current == null ? counters : sum(counters, current.counters());
    }

    private static PersistenceCounters sum(PersistenceCounters past, PersistenceCounters current) {
        return new PersistenceCounters(
                current.templates(),
                past.hits() + current.hits(),
                past.misses() + current.misses(),
                past.expired() + current.expired(),
                past.evicted() + current.evicted(),
                past.unremembered() + current.unremembered());
    }

    @Override
    public void addListener(PersistenceListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeListener(PersistenceListener listener) {
        listeners.remove(listener);
    }
}
