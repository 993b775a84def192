package io.lvs4j.vrrp;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the routers of a {@link SyncGroup} track: each its own, and all of them the group's. keepalived's rules, so that their priorities do not
 * drift apart:
 *
 * <ul>
 *   <li>What a router tracks with a weight is not looked at, but its interfaces, whose failure is a fault; the group's setting {@code
 *       trackingWeight} lets weights be what they are.
 *   <li>What the group tracks with a weight counts for all alike, and as weight 0 if one of them owns its addresses.
 *   <li>What both track has the group's weight, unless the router's is 0.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class GroupTracking {
    private final Map<String, TrackedPriority> members = new LinkedHashMap<>();

    /**
     * What a group's routers track.
     *
     * @param group it
     * @param routers those that it names
     */
    GroupTracking(SyncGroup group, Collection<VirtualRouter> routers) {
        boolean owner = routers.stream().anyMatch(each -> each.priority() == VirtualRouter.OWNER);
        for (VirtualRouter router : routers) {
            Map<TrackerKind, List<Tracked>> all = Stream.of(TrackerKind.values())
                    .collect(Collectors.toMap(kind -> kind, kind -> tracked(kind, router, group, owner)));
            Function<TrackerKind, List<Tracked>> of = kind -> all.getOrDefault(kind, List.of());
            Tracking tracking = new Tracking(
                    of.apply(TrackerKind.INTERFACE),
                    of.apply(TrackerKind.SCRIPT),
                    of.apply(TrackerKind.PROCESS),
                    of.apply(TrackerKind.FILE),
                    of.apply(TrackerKind.SERVICE));
            members.put(router.name(), new TrackedPriority(router, tracking));
        }
    }

    private static List<Tracked> tracked(TrackerKind kind, VirtualRouter router, SyncGroup group, boolean owner) {
        Map<String, Tracked> all = new LinkedHashMap<>();
        kind.of(router.tracking()).stream()
                .flatMap(each -> own(kind, each, group).stream())
                .forEach(each -> all.put(each.name(), each));
        for (Tracked each : kind.of(group.tracking())) {
            Tracked common = owner ? unweighted(each) : each;
            all.merge(each.name(), common, (own, other) -> own.weight() == 0 ? own : other);
        }
        return List.copyOf(all.values());
    }

    private static Optional<Tracked> own(TrackerKind kind, Tracked tracked, SyncGroup group) {
        if (tracked.weight() == 0 || group.trackingWeight()) {
            return Optional.of(tracked);
        }
        return kind == TrackerKind.INTERFACE ? Optional.of(unweighted(tracked)) : Optional.empty();
    }

    private static Tracked unweighted(Tracked tracked) {
        return new Tracked(tracked.name(), 0, tracked.reverse());
    }

    /**
     * Notes what is known of something, for all that track it.
     *
     * @param kind what kind of thing
     * @param name its name
     * @param result what is known
     */
    void result(TrackerKind kind, String name, TrackerResult result) {
        members.values().forEach(each -> each.result(kind, name, result));
    }

    /** {@return each router's priority and faults, by its name} */
    Map<String, TrackedPriority> members() {
        return Map.copyOf(members);
    }
}
