package io.lvs4j.scheduler;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.lvs4j.Persistence;
import io.lvs4j.spi.Ticker;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The persistence templates of one service: which client (or client network) belongs to which destination.
 *
 * <p>A template is held while any of its connections lives. Without one it expires {@code timeout} after the last new
 * connection or the last end of one, whichever came later. The kernel re-arms a template that still controls connections in
 * steps of 60 s instead, and its connections linger in TIME_WAIT; both only make it live longer there.
 *
 * <p>At most {@value #CAPACITY} templates are kept; Caffeine chooses which one gives way. Thread-safe: looking up, assigning
 * and releasing one client are atomic, so that a burst of one client's first connections goes to one server.
 */
final class PersistenceTable {
    private static final int CAPACITY = 1 << 18;

    private final Cache<ClientKey, Template> templates;
    private volatile Persistence settings;

    /** A client's address with the bits that do not count cleared. */
    private record ClientKey(long high, long low) {}

    /** A template. Its fields are changed only inside atomic operations of the table on its key. */
    final class Template {
        private final ClientKey client;
        private final Destination destination;
        private int connections;

        private Template(ClientKey client, Destination destination) {
            this.client = client;
            this.destination = destination;
        }

        Destination destination() {
            return destination;
        }

        /** Returns whether it belongs to that table. */
        boolean in(@Nullable PersistenceTable table) {
            return table == PersistenceTable.this;
        }

        /** Says that one of its connections is over. */
        void release() {
            templates.asMap().computeIfPresent(client, (key, current) -> {
                if (current == this) {
                    connections--;
                }
                return current;
            });
        }

        /** Forgets it, so that the client is scheduled anew. */
        void discard() {
            templates.asMap().remove(client, this);
        }
    }

    /** Infinite while connections live, the timeout otherwise. */
    private final class Lifetime implements Expiry<ClientKey, Template> {
        @Override
        public long expireAfterCreate(ClientKey key, Template template, long now) {
            return lifetime(template);
        }

        @Override
        public long expireAfterUpdate(ClientKey key, Template template, long now, long left) {
            return lifetime(template);
        }

        @Override
        public long expireAfterRead(ClientKey key, Template template, long now, long left) {
            return left;
        }

        private long lifetime(Template template) {
            return template.connections > 0
                    ? Long.MAX_VALUE
                    : settings.timeout().toNanos();
        }
    }

    PersistenceTable(Persistence settings, Ticker ticker) {
        this.settings = settings;
        this.templates = Caffeine.newBuilder()
                .maximumSize(CAPACITY)
                .expireAfter(new Lifetime())
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .removalListener((@Nullable ClientKey key, @Nullable Template template, RemovalCause cause) -> {
                    if (template != null) {
                        template.destination.templateRemoved();
                    }
                })
                .build();
    }

    /** Returns whether the templates stay meaningful under new settings, and takes those over if so. */
    boolean adopt(Persistence next) {
        boolean sameClients = next.ipv4PrefixLength() == settings.ipv4PrefixLength()
                && next.ipv6PrefixLength() == settings.ipv6PrefixLength();
        if (sameClients) {
            settings = next;
        }
        return sameClients;
    }

    /**
     * Finds the client's template, or makes one with the destination chosen for it, and counts a connection on it.
     *
     * @param usable whether the destination of a template that is there may be used
     * @param choice chooses the destination of a new template
     * @return null if there is no destination for the flow
     */
    @Nullable
    Template assign(Flow flow, Predicate<Destination> usable, Supplier<@Nullable Destination> choice) {
        return templates.asMap().compute(clientOf(flow), (client, current) -> {
            Template template = current;
            if (template == null || !usable.test(template.destination)) {
                Destination chosen = choice.get();
                if (chosen == null) {
                    return null;
                }
                template = new Template(client, chosen);
                chosen.templateAdded();
            }
            template.connections++;
            return template;
        });
    }

    /** Forgets the templates of some destinations. */
    void evict(Predicate<Destination> unwanted) {
        templates.asMap().values().removeIf(template -> unwanted.test(template.destination));
    }

    /** Forgets all templates. */
    void clear() {
        templates.invalidateAll();
    }

    /** Removes what has expired, but for the last second or so, so that the destinations' counts are nearly exact. */
    void expire() {
        templates.cleanUp();
    }

    private ClientKey clientOf(Flow flow) {
        long high = flow.clientHigh();
        long low = flow.clientLow();
        Persistence current = settings;
        if (Flow.isIpv4(high, low)) {
            return new ClientKey(high, low & (-1L << (32 - current.ipv4PrefixLength())));
        }
        int prefix = current.ipv6PrefixLength();
        return new ClientKey(
                prefix >= 64 ? high : high & (-1L << (64 - prefix)), prefix <= 64 ? 0 : low & (-1L << (128 - prefix)));
    }
}
