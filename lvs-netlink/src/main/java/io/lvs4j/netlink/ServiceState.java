package io.lvs4j.netlink;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One kernel service with its destinations: as it is, or as it should be. {@link #changes} leads from one to the other.
 *
 * @param service its settings
 * @param destinations its destinations, in the order in which they are or shall be added; each address and port once
 */
record ServiceState(IpvsService service, List<IpvsDestination> destinations) {
    ServiceState {
        destinations = List.copyOf(destinations);
    }

    /** Returns the same service with servers that take no new connections. */
    ServiceState quiesced() {
        return new ServiceState(
                service,
                destinations.stream()
                        .map(destination -> destination.withWeight(0))
                        .toList());
    }

    /** Whether both are the same but for the order of destinations. */
    boolean isSame(ServiceState other) {
        return service.equals(other.service) && Set.copyOf(destinations).equals(Set.copyOf(other.destinations));
    }

    /**
     * Returns what to do, as little as possible, so that the kernel's service becomes another. Servers come before others go and
     * gain weight before others lose it, so that there is no moment without one; and this order is the in-process engine's, on
     * which the order of servers depends.
     *
     * @param before what there is; empty = no such service
     * @param after what there should be; empty = no such service
     */
    static List<IpvsChange> changes(Optional<ServiceState> before, Optional<ServiceState> after) {
        if (after.isEmpty()) {
            return before.<List<IpvsChange>>map(state ->
                            List.of(new IpvsChange.RemoveService(state.service().key())))
                    .orElse(List.of());
        }
        IpvsService settings = after.get().service();
        List<IpvsChange> changes = new ArrayList<>();
        if (before.isEmpty()) {
            changes.add(new IpvsChange.AddService(settings));
        } else if (!before.get().service().equals(settings)) {
            changes.add(new IpvsChange.EditService(settings));
        }
        changes.addAll(destinationChanges(
                settings.key(),
                before.map(ServiceState::destinations).orElse(List.of()),
                after.get().destinations()));
        return changes;
    }

    private static List<IpvsChange> destinationChanges(
            IpvsServiceKey key, List<IpvsDestination> before, List<IpvsDestination> after) {
        Map<Server, IpvsDestination> old = byServer(before);
        List<IpvsChange> added = new ArrayList<>();
        List<IpvsChange> raised = new ArrayList<>();
        List<IpvsChange> lowered = new ArrayList<>();
        Set<Server> kept = new LinkedHashSet<>();
        for (IpvsDestination next : after) {
            Server server = Server.of(next);
            IpvsDestination current = old.get(server);
            kept.add(server);
            if (current == null) {
                added.add(new IpvsChange.AddDestination(key, next));
            } else if (!current.equals(next)) {
                (next.weight() > current.weight() ? raised : lowered).add(new IpvsChange.EditDestination(key, next));
            }
        }
        List<IpvsChange> changes = new ArrayList<>(added);
        changes.addAll(raised);
        changes.addAll(lowered);
        for (IpvsDestination current : before) {
            if (!kept.contains(Server.of(current))) {
                changes.add(new IpvsChange.RemoveDestination(key, current.address(), current.port()));
            }
        }
        return changes;
    }

    private static Map<Server, IpvsDestination> byServer(List<IpvsDestination> destinations) {
        Map<Server, IpvsDestination> map = new LinkedHashMap<>();
        destinations.forEach(destination -> map.put(Server.of(destination), destination));
        return map;
    }

    /** What makes a destination itself. */
    private record Server(InetAddress address, int port) {
        static Server of(IpvsDestination destination) {
            return new Server(destination.address(), destination.port());
        }
    }
}
