package io.lvs4j.scheduler;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener.Cause;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The templates of clients known by a key of the embedder's, such as the user's name, or by the server name that they ask for:
 * the rule of {@link PersistenceTable}, kept in a Caffeine cache. Costs some hundred bytes of garbage a connection and a short lock per key, and allows any key. A flow
 * without a key is scheduled as if there were no persistence.
 *
 * <p>When there is no room Caffeine chooses, by how often and how recently clients came, who gives way among those without a
 * connection. Those with one weigh nothing and stay; there may be as many of them again. A client beyond that is scheduled without
 * a template.
 *
 * <p>Concurrency: what changes a template is done inside an atomic operation of the cache on its key, and so are the calls of
 * listeners. Expired templates are not found, but counted for up to some two seconds more.
 */
final class KeyTable implements PersistenceTable {
    private final Cache<Object, Template> templates;
    private final Ticker ticker;
    private final TemplateListeners listeners;
    private final AtomicInteger connected = new AtomicInteger(); // templates with connections
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder unremembered = new LongAdder();
    private volatile Persistence settings;
    private volatile boolean closed;

    /** A template. Its counts are changed only inside atomic operations of the cache on its key. */
    private static final class Template {
        final Object client;
        final Destination destination;
        long deadline; // when it expires, if it has no connections
        int connections;

        Template(Object client, Destination destination) {
            this.client = client;
            this.destination = destination;
        }
    }

    /** Infinite while connections live. */
    private static final class Lifetime implements Expiry<Object, Template> {
        @Override
        public long expireAfterCreate(Object client, Template template, long now) {
            return lifetime(template, now);
        }

        @Override
        public long expireAfterUpdate(Object client, Template template, long now, long left) {
            return lifetime(template, now);
        }

        @Override
        public long expireAfterRead(Object client, Template template, long now, long left) {
            return left;
        }

        private static long lifetime(Template template, long now) {
            return template.connections > 0 ? Long.MAX_VALUE : Math.max(0, template.deadline - now);
        }
    }

    /** One look at a client's template; what it ends with. */
    private final class Look {
        final Flow flow;
        final Chooser chooser;

        @Nullable
        Lease lease;

        Look(Flow flow, Chooser chooser) {
            this.flow = flow;
            this.chooser = chooser;
        }

        @Nullable
        Template follow(Object client, @Nullable Template current) {
            if (current != null && usable(current.destination)) {
                hits.increment();
                return connect(current);
            }
            if (current != null) {
                forgotten(current, Cause.SERVER_GONE);
            }
            Destination chosen = chooser.choose(flow);
            if (chosen == null) {
                return null;
            }
            Template made = new Template(client, chosen);
            if (closed || chosen.retired()) {
                lease = new Lease(chosen, KeyTable.this, made); // will be revoked: the engine has newer rules
                return null;
            }
            if (connected.get() >= settings.maxEntries()) {
                unremembered.increment();
                lease = new Lease(chosen);
                return null;
            }
            misses.increment();
            assigned(made);
            return connect(made);
        }

        private boolean usable(Destination destination) {
            return chooser.allowsTemplate(destination) && !flow.hasTried(destination);
        }

        private Template connect(Template template) {
            if (template.connections++ == 0) {
                connected.incrementAndGet();
            }
            lease = new Lease(template.destination, KeyTable.this, template);
            return template;
        }
    }

    KeyTable(Persistence settings, Ticker ticker, TemplateListeners listeners) {
        this.settings = settings;
        this.ticker = ticker;
        this.listeners = listeners;
        this.templates = Caffeine.newBuilder()
                .maximumWeight(settings.maxEntries())
                .weigher((Object client, Template template) -> template.connections > 0 ? 0 : 1)
                .expireAfter(new Lifetime())
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .evictionListener(
                        (@Nullable Object client, @Nullable Template template, RemovalCause cause) -> forgotten(
                                Objects.requireNonNull(template),
                                cause == RemovalCause.EXPIRED ? Cause.EXPIRED : Cause.EVICTED))
                .build();
    }

    // ---------------------------------------------------------------- connections

    @Override
    public @Nullable Lease assign(Flow flow, Chooser chooser) {
        Object client = flow.key();
        if (client == null) {
            Destination chosen = chooser.choose(flow);
            return chosen == null ? null : new Lease(chosen);
        }
        Look look = new Look(flow, chooser);
        templates.asMap().compute(client, look::follow);
        return look.lease;
    }

    @Override
    public @Nullable Destination peek(Flow flow) {
        Object client = flow.key();
        Template template = client == null ? null : templates.policy().getIfPresentQuietly(client);
        return template == null ? null : template.destination;
    }

    @Override
    public void established(Lease lease) {}

    @Override
    public void release(Lease lease) {
        Template template = template(lease);
        templates.asMap().computeIfPresent(template.client, (client, current) -> {
            if (current == template && --current.connections == 0) {
                current.deadline = ticker.nanos() + settings.timeout().toNanos();
                connected.decrementAndGet();
            }
            return current;
        });
    }

    @Override
    public void discard(Lease lease) {
        Template template = template(lease);
        remove(template, Cause.SERVER_GONE);
    }

    private static Template template(Lease lease) {
        return (Template) Objects.requireNonNull(lease.entry());
    }

    private boolean remove(Template template, Cause cause) {
        boolean[] removed = {false};
        templates.asMap().computeIfPresent(template.client, (client, current) -> {
            if (current != template) {
                return current;
            }
            forgotten(current, cause);
            removed[0] = true;
            return null;
        });
        return removed[0];
    }

    private void assigned(Template template) {
        template.destination.templateAdded();
        listeners.assigned(template.client, template.destination.key());
    }

    private void forgotten(Template template, Cause cause) {
        template.destination.templateRemoved();
        if (template.connections > 0) {
            connected.decrementAndGet();
        }
        if (cause == Cause.EXPIRED) {
            expired.increment();
        } else if (cause == Cause.EVICTED) {
            evicted.increment();
        }
        listeners.forgotten(template.client, template.destination.key(), cause);
    }

    // ---------------------------------------------------------------- settings and servers

    @Override
    public boolean adopt(Persistence next) {
        if (next.by() != settings.by()) {
            return false;
        }
        if (next.maxEntries() != settings.maxEntries()) {
            room().setMaximum(next.maxEntries());
        }
        settings = next;
        return true;
    }

    private Policy.Eviction<Object, Template> room() {
        return templates.policy().eviction().orElseThrow();
    }

    @Override
    public void forget(Predicate<Destination> unwanted) {
        remove(unwanted, Cause.SERVER_GONE);
    }

    @Override
    public int evict(Predicate<Destination> unwanted) {
        return remove(unwanted, Cause.FORGOTTEN);
    }

    private int remove(Predicate<Destination> unwanted, Cause cause) {
        int removed = 0;
        for (Template template : templates.asMap().values()) {
            if (unwanted.test(template.destination) && remove(template, cause)) {
                removed++;
            }
        }
        return removed;
    }

    @Override
    public void close() {
        closed = true;
        remove(destination -> true, Cause.FORGOTTEN);
        expire();
    }

    @Override
    public void expire() {
        templates.cleanUp();
    }

    // ---------------------------------------------------------------- looking at it

    @Override
    public List<PersistenceTemplate> list() {
        List<PersistenceTemplate> list = new ArrayList<>();
        Duration timeout = settings.timeout();
        Policy.VarExpiration<Object, Template> times =
                templates.policy().expireVariably().orElseThrow();
        for (Template template : templates.asMap().values()) {
            times.getExpiresAfter(template.client)
                    .ifPresent(left -> list.add(new PersistenceTemplate(
                            template.client,
                            template.destination.key(),
                            template.connections,
                            template.connections > 0 ? timeout : left)));
        }
        return list;
    }

    @Override
    public boolean evict(Object key) {
        Template template = templates.policy().getIfPresentQuietly(key);
        return template != null && remove(template, Cause.FORGOTTEN);
    }

    /** {@inheritDoc} It holds any. */
    @Override
    public void requireKey(Object key) {}

    @Override
    public boolean restore(PersistenceTemplate template, Destination destination) {
        long left = ClientTable.nanos(template.expiresIn(), settings.timeout().toNanos());
        expire();
        if (left <= 0 || room().weightedSize().orElse(0) >= settings.maxEntries()) {
            return false;
        }
        boolean[] restored = {false};
        templates.asMap().compute(template.key(), (client, current) -> {
            if (current != null || closed || destination.retired()) {
                return current;
            }
            Template made = new Template(client, destination);
            made.deadline = ticker.nanos() + left;
            assigned(made);
            restored[0] = true;
            return made;
        });
        return restored[0];
    }

    @Override
    public PersistenceCounters counters() {
        expire();
        return new PersistenceCounters(
                list().size(), hits.sum(), misses.sum(), expired.sum(), evicted.sum(), unremembered.sum());
    }
}
