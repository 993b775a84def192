package io.lvs4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a change does, in the order in which it is done. Comparing is by key: equal services and servers are left alone.
 *
 * @param changes the steps; empty = nothing to do
 */
public record Plan(List<Change> changes) {
    /** Copies the list. */
    public Plan {
        changes = List.copyOf(changes);
    }

    /** {@return whether there is nothing to do} */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Returns one line per step, each beginning with {@code +}, {@code -} or {@code ~}. */
    @Override
    public String toString() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }

    /** One step of a plan. */
    public sealed interface Change {
        /** {@return the service that changes} */
        ServiceKey service();
    }

    /**
     * A service appears with all of its servers.
     *
     * @param description the new service
     */
    public record AddService(VirtualService description) implements Change {
        @Override
        public ServiceKey service() {
            return description.key();
        }

        @Override
        public String toString() {
            return "+ " + description + " " + description.realServers();
        }
    }

    /**
     * A service disappears; its connections are reset.
     *
     * @param service its key
     */
    public record RemoveService(ServiceKey service) implements Change {
        @Override
        public String toString() {
            return "- " + service;
        }
    }

    /**
     * Settings of a service change; its connections go on.
     *
     * @param before the description so far
     * @param after the new description
     */
    public record UpdateService(VirtualService before, VirtualService after) implements Change {
        @Override
        public ServiceKey service() {
            return after.key();
        }

        @Override
        public String toString() {
            // Without the servers, whose changes are steps of their own.
            return "~ " + after.key() + " "
                    + Differences.between(before.withRealServers(List.of()), after.withRealServers(List.of()));
        }
    }

    /**
     * A server joins a service.
     *
     * @param service the service's key
     * @param server the server
     */
    public record AddServer(ServiceKey service, RealServer server) implements Change {
        @Override
        public String toString() {
            return "+ " + service + " -> " + server;
        }
    }

    /**
     * A server leaves a service; its connections are reset.
     *
     * @param service the service's key
     * @param server the server's key
     */
    public record RemoveServer(ServiceKey service, ServerKey server) implements Change {
        @Override
        public String toString() {
            return "- " + service + " -> " + server;
        }
    }

    /**
     * Settings of a server change; its connections go on.
     *
     * @param service the service's key
     * @param before the server so far
     * @param after the server's new settings
     */
    public record UpdateServer(ServiceKey service, RealServer before, RealServer after) implements Change {
        @Override
        public String toString() {
            return "~ " + service + " -> " + after.key() + " " + Differences.between(before, after);
        }
    }

    /** Compares whole tables: removals first (they free addresses), then changes, then new services. */
    static Plan between(Collection<VirtualService> before, Collection<VirtualService> after) {
        Map<ServiceKey, VirtualService> old = byKey(before);
        Map<ServiceKey, VirtualService> wanted = byKey(after);
        List<Change> changes = new ArrayList<>();
        for (ServiceKey key : old.keySet()) {
            if (!wanted.containsKey(key)) {
                changes.add(new RemoveService(key));
            }
        }
        for (VirtualService service : after) {
            VirtualService current = old.get(service.key());
            if (current != null) {
                changes.addAll(between(current, service).changes());
            }
        }
        for (VirtualService service : after) {
            if (!old.containsKey(service.key())) {
                changes.add(new AddService(service));
            }
        }
        return new Plan(changes);
    }

    /** Compares two descriptions of one service. */
    static Plan between(VirtualService before, VirtualService after) {
        List<Change> changes = new ArrayList<>();
        if (!before.withRealServers(List.of()).equals(after.withRealServers(List.of()))) {
            changes.add(new UpdateService(before, after));
        }
        for (RealServer server : before.realServers()) {
            if (after.realServer(server.key()).isEmpty()) {
                changes.add(new RemoveServer(after.key(), server.key()));
            }
        }
        for (RealServer server : after.realServers()) {
            before.realServer(server.key()).ifPresent(current -> {
                if (!current.equals(server)) {
                    changes.add(new UpdateServer(after.key(), current, server));
                }
            });
        }
        for (RealServer server : after.realServers()) {
            if (before.realServer(server.key()).isEmpty()) {
                changes.add(new AddServer(after.key(), server));
            }
        }
        return new Plan(changes);
    }

    private static Map<ServiceKey, VirtualService> byKey(Collection<VirtualService> services) {
        Map<ServiceKey, VirtualService> map = new LinkedHashMap<>();
        for (VirtualService service : services) {
            map.put(service.key(), service);
        }
        return map;
    }
}
