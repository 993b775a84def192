package io.lvs4j;

import io.lvs4j.spi.NameResolver;
import io.lvs4j.spi.Timers;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks the names of real servers up, again and again, and makes services follow what they stand for. A lookup that fails changes
 * nothing and is tried again soon: a server that worked is better than none. Everything here runs under the director's lock.
 */
final class NameLookups {
    private static final Logger log = LoggerFactory.getLogger(NameLookups.class);

    /** What name servers say about time is bounded: they must not make us ask all the time, or never again. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    static final Duration LONGEST = Duration.ofHours(1);

    /** After a failure, and how long a lookup may take. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** How long a server whose address is gone may keep its connections. */
    static final Duration DRAIN = Duration.ofMinutes(5);

    private final ServiceTable table;
    private final Drains drains;
    private final EventDispatcher events;
    private final BiFunction<Duration, Runnable, Timers.Cancellable> timers;
    private final Supplier<Optional<NameResolver>> resolverFactory;
    private final Map<ServiceKey, Map<NamedServer, Lookup>> lookups = new LinkedHashMap<>();
    private @Nullable NameResolver resolver;

    /** A name of a service, and the servers that came of it. */
    private static final class Lookup {
        final ServiceKey service;
        final NamedServer named;
        Set<ServerKey> servers = new LinkedHashSet<>();
        Set<ServerKey> leaving = new LinkedHashSet<>(); // gone from the answers, and drained
        Timers.Cancellable due = () -> {}; // the next lookup, or the deadline of the present one

        @Nullable
        Object asking; // the lookup under way

        boolean failed;

        Lookup(ServiceKey service, NamedServer named) {
            this.service = service;
            this.named = named;
        }

        /** Returns the servers that have come of it, those that are leaving included. */
        Set<ServerKey> described(VirtualService current) {
            leaving.removeIf(server -> current.realServer(server).isEmpty());
            Set<ServerKey> all = new LinkedHashSet<>(servers);
            all.addAll(leaving);
            return all;
        }
    }

    /**
     * Makes the lookups of a director.
     *
     * @param resolver who looks names up; null = the factory's, when it is first needed
     * @param timers runs a task later, under the director's lock, unless the director is closed by then
     */
    NameLookups(
            ServiceTable table,
            Drains drains,
            EventDispatcher events,
            BiFunction<Duration, Runnable, Timers.Cancellable> timers,
            @Nullable NameResolver resolver,
            Supplier<Optional<NameResolver>> resolverFactory) {
        this.table = table;
        this.drains = drains;
        this.events = events;
        this.timers = timers;
        this.resolver = resolver;
        this.resolverFactory = resolverFactory;
    }

    /** Refuses names that nobody can look up. */
    void requirePossible(VirtualService service) {
        if (!service.namedServers().isEmpty()) {
            requireResolver(service);
        }
    }

    private NameResolver requireResolver(VirtualService service) {
        NameResolver current = resolver;
        if (current == null) {
            current = resolverFactory
                    .get()
                    .orElseThrow(() -> new BackendException(
                            "look up",
                            service.namedServers().get(0).host(),
                            "no name resolver found; add io.lvs4j:lvs-health to the class path or module path",
                            null));
            resolver = current;
        }
        return current;
    }

    /**
     * Returns a description with the servers that its names stand for as far as that is known. Those of names that are described as
     * before are as they are, with what has been changed through handles.
     */
    VirtualService completed(VirtualService wanted) {
        Map<NamedServer, Lookup> known = lookups.getOrDefault(wanted.key(), Map.of());
        if (known.isEmpty()) {
            return wanted;
        }
        VirtualService current = table.runtime(wanted.key()).service();
        Set<ServerKey> named = new HashSet<>();
        known.values().forEach(lookup -> named.addAll(lookup.described(current)));
        List<RealServer> servers = new ArrayList<>(wanted.realServers());
        servers.removeIf(server -> named.contains(server.key()));
        Set<ServerKey> described = new HashSet<>();
        servers.forEach(server -> described.add(server.key()));
        for (NamedServer each : wanted.namedServers()) {
            known.entrySet().stream()
                    .filter(entry -> isSame(entry.getKey(), each))
                    .flatMap(entry -> entry.getValue().described(current).stream())
                    .filter(described::add)
                    .forEach(server -> servers.add(
                            known.containsKey(each)
                                    ? wanted.realServer(server)
                                            .or(() -> current.realServer(server))
                                            .orElseGet(() -> each.at(server))
                                    : each.at(server)));
        }
        return wanted.withRealServers(servers);
    }

    private static boolean isSame(NamedServer a, NamedServer b) {
        return a.host().equalsIgnoreCase(b.host()) && a.port() == b.port();
    }

    /** Begins the lookups that services want and ends the others: to be called when services may have changed. */
    void follow() {
        List<ServiceKey> served = table.keys();
        lookups.forEach((service, names) -> {
            if (!served.contains(service)) {
                names.values().forEach(NameLookups::end);
            }
        });
        lookups.keySet().retainAll(served);
        for (VirtualService service : table.descriptions()) {
            if (!service.namedServers().isEmpty() || lookups.containsKey(service.key())) {
                follow(service);
            }
        }
    }

    private void follow(VirtualService service) {
        Map<NamedServer, Lookup> before = lookups.getOrDefault(service.key(), Map.of());
        Map<NamedServer, Lookup> after = new LinkedHashMap<>();
        for (NamedServer named : service.namedServers()) {
            Lookup lookup = before.get(named);
            if (lookup == null) {
                lookup = new Lookup(service.key(), named);
                for (Lookup other : before.values()) {
                    if (isSame(other.named, named)) {
                        lookup.servers = other.servers;
                        lookup.leaving = other.leaving;
                    }
                }
                ask(lookup);
            }
            after.put(named, lookup);
        }
        before.forEach((named, lookup) -> {
            if (!after.containsKey(named)) {
                end(lookup);
            }
        });
        if (after.isEmpty()) {
            lookups.remove(service.key());
        } else {
            lookups.put(service.key(), after);
        }
    }

    private static void end(Lookup lookup) {
        lookup.due.cancel();
        lookup.asking = null;
    }

    private void ask(Lookup lookup) {
        Object token = new Object();
        lookup.asking = token;
        lookup.due = timers.apply(RETRY, () -> finish(lookup, token, null, "no answer within " + RETRY));
        requireResolver(table.runtime(lookup.service).service())
                .resolve(lookup.named.host())
                .whenComplete((answer, failure) ->
                        soon(() -> finish(lookup, token, answer, failure == null ? "" : reason(failure))));
    }

    private void soon(Runnable task) {
        Timers.Cancellable unused = timers.apply(Duration.ZERO, task);
        assert unused != null;
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private void finish(Lookup lookup, Object token, NameResolver.@Nullable Answer answer, String failure) {
        if (lookup.asking != token) {
            return; // too late, or nobody wants to know any more
        }
        lookup.due.cancel();
        lookup.asking = null;
        Duration next = RETRY;
        if (answer == null) {
            failed(lookup, failure);
        } else {
            try {
                take(lookup, answer.addresses());
                lookup.failed = false;
                next = bounded(answer.timeToLive());
            } catch (RuntimeException e) {
                failed(lookup, reason(e));
            }
        }
        lookup.due = timers.apply(next, () -> ask(lookup));
    }

    private static Duration bounded(Duration timeToLive) {
        if (timeToLive.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return timeToLive.compareTo(LONGEST) > 0 ? LONGEST : timeToLive;
    }

    /** Tells once, until a lookup succeeds again. */
    private void failed(Lookup lookup, String reason) {
        if (!lookup.failed) {
            lookup.failed = true;
            log.warn("{}: {} could not be looked up: {}", lookup.service, lookup.named.host(), reason);
            events.publish(new DirectorEvent.LookupFailed(
                    Instant.now(), lookup.service, lookup.named.host(), reason, List.copyOf(lookup.servers)));
        }
    }

    private void take(Lookup lookup, List<InetAddress> addresses) {
        ServiceRuntime runtime = table.runtime(lookup.service);
        Set<AddressFamily> families = families(runtime.key());
        Set<ServerKey> found = new LinkedHashSet<>();
        for (InetAddress address : addresses) {
            if (families.contains(AddressFamily.of(address))) {
                found.add(lookup.named.key(address));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("addresses: " + addresses + " (expected: at least one of " + families
                    + ", as " + runtime.key() + ")");
        }
        join(runtime, lookup, found);
        for (ServerKey gone : List.copyOf(lookup.servers)) {
            if (!found.contains(gone)) {
                leave(runtime, lookup, gone);
            }
        }
    }

    /** Clients and servers speak the same protocol of the Internet, as the kernel needs it. */
    private static Set<AddressFamily> families(ServiceKey key) {
        if (key instanceof ServiceKey.FirewallMark mark) {
            return Set.of(mark.family());
        }
        Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
        if (key instanceof ServiceKey.Listening listening) {
            listening.addresses().forEach(each -> families.add(AddressFamily.of(each.address())));
        }
        return families;
    }

    private void join(ServiceRuntime runtime, Lookup lookup, Set<ServerKey> found) {
        VirtualService next = runtime.service();
        for (ServerKey server : found) {
            if (next.realServer(server).isEmpty()) {
                next = next.withRealServer(lookup.named.at(server));
            }
        }
        table.requirePossible(next);
        table.change(runtime, next);
        for (ServerKey server : found) {
            if (!lookup.servers.contains(server) && runtime.drain(server) != null) {
                drains.cancel(runtime, server, lookup.named.settings().weight()); // it is back before it was gone
            }
        }
        lookup.servers.addAll(found);
        lookup.leaving.removeAll(found);
    }

    private void leave(ServiceRuntime runtime, Lookup lookup, ServerKey gone) {
        lookup.servers.remove(gone);
        if (runtime.service().realServer(gone).isPresent() && runtime.drain(gone) == null) {
            lookup.leaving.add(gone);
            var unused = drains.drain(runtime, gone, DRAIN); // tells by itself how it ended
        }
    }

    void close() {
        lookups.values().forEach(names -> names.values().forEach(NameLookups::end));
        lookups.clear();
        if (resolver != null) {
            resolver.close();
        }
    }
}
