package io.lvs4j.vrrp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A router's priority and whether it is in fault, from what it tracks.
 *
 * <pre>
 *                 does not fail     fails             reversed
 * weight 0        -                 a fault           failing and not failing are exchanged
 * weight &gt; 0      + weight          -                 - weight while it does not fail
 * weight &lt; 0      -                 + weight          - weight while it fails: the priority is raised
 * a file          + number * weight, within -254..253                 - number * weight
 *                 -254 is a fault; with weight 0 any number but 0 is
 * </pre>
 *
 * The priority is the router's and all of these, within 1..254; an owner's is 255 whatever it tracks. It is added up anew each time: keepalived adds and
 * subtracts differences, and has lost some of them. What is not known yet adds nothing; of weight 0, it keeps the router waiting.
 *
 * <p>Not thread-safe.
 */
final class TrackedPriority {
    private static final int LEAST = 1;
    private static final int MOST = VirtualRouter.OWNER - 1;
    private static final int FILE_FAULT = -254;
    private static final int FILE_MOST = 253;

    private final int base;
    private final Map<Tracker, Tracked> trackers;
    private final Map<Tracker, TrackerResult> results = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    /** What a result is of. */
    private record Tracker(TrackerKind kind, String name) {
        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT) + " " + name;
        }
    }

    /** What a router in no group tracks. */
    TrackedPriority(VirtualRouter router) {
        this(router, router.tracking());
    }

    /**
     * What a router tracks.
     *
     * @param router it
     * @param tracking all that it tracks, beside the interfaces that it needs
     */
    TrackedPriority(VirtualRouter router, Tracking tracking) {
        base = router.priority();
        trackers = new LinkedHashMap<>();
        for (TrackerKind kind : TrackerKind.values()) {
            kind.of(tracking).forEach(each -> trackers.put(new Tracker(kind, each.name()), each));
        }
        needed(router)
                .forEach(name -> trackers.merge(
                        new Tracker(TrackerKind.INTERFACE, name),
                        Tracked.of(name),
                        (told, needed) -> told.weight() == 0 ? told : needed));
        Transport transport = router.transport();
        problem(
                "no unicast peers",
                transport.faultWithoutPeers() && transport.peers().isEmpty());
    }

    /** The router's own interface, and those of what is put on others: as keepalived, which takes them whatever weight they are given. */
    private static Stream<String> needed(VirtualRouter router) {
        Stream<String> addresses = Stream.of(router.addresses(), router.excludedAddresses())
                .flatMap(List::stream)
                .filter(VirtualAddress::tracked)
                .flatMap(each -> each.device().stream());
        Stream<String> routes =
                router.routes().stream().filter(VirtualRoute::tracked).flatMap(each -> each.device().stream());
        Stream<String> rules = router.rules().stream()
                .filter(VirtualRule::tracked)
                .flatMap(each -> Stream.concat(each.inputDevice().stream(), each.outputDevice().stream()));
        Stream<String> others = Stream.of(addresses, routes, rules)
                .flatMap(each -> each)
                .filter(name -> !router.networkInterface().equals(Optional.of(name)));
        return router.trackInterface() ? Stream.concat(router.networkInterface().stream(), others) : others;
    }

    /**
     * {@return the names of what it tracks}
     *
     * @param kind of which kind
     */
    Set<String> names(TrackerKind kind) {
        return trackers.keySet().stream()
                .filter(each -> each.kind() == kind)
                .map(Tracker::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Notes what is known of something. What is not tracked is left out.
     *
     * @param kind what kind of thing
     * @param name its name
     * @param result what is known
     */
    void result(TrackerKind kind, String name, TrackerResult result) {
        Tracker tracker = new Tracker(kind, name);
        if (trackers.containsKey(tracker)) {
            results.put(tracker, result);
        }
    }

    /** Takes what nothing is known of yet for what does not fail: a master does not give way because something more is looked at. */
    void takeUnknownForGood() {
        trackers.forEach((tracker, tracked) -> {
            if (!known(tracker).known()) {
                results.put(
                        tracker, tracked.weight() == 0 && tracked.reverse() ? TrackerResult.DOWN : TrackerResult.UP);
            }
        });
    }

    /**
     * Notes a fault of the router itself: no address to send from, an address or route that somebody removed.
     *
     * @param what such as {@code no IPv4 address on eth0}
     * @param is whether it is so
     */
    void problem(String what, boolean is) {
        if (is) {
            problems.add(what);
        } else {
            problems.remove(what);
        }
    }

    /** {@return the priority in force, 1..254, or an owner's 255} */
    int priority() {
        if (base == VirtualRouter.OWNER) {
            return base;
        }
        long sum = base;
        for (Map.Entry<Tracker, Tracked> each : trackers.entrySet()) {
            sum += share(each.getKey(), each.getValue());
        }
        return (int) Math.max(LEAST, Math.min(MOST, sum));
    }

    private long share(Tracker tracker, Tracked tracked) {
        TrackerResult result = known(tracker);
        if (tracked.weight() == 0 || !result.known()) {
            return 0;
        }
        if (tracker.kind() == TrackerKind.FILE) {
            long value = file(tracked, result);
            return value == FILE_FAULT ? 0 : value;
        }
        boolean counts = result.fails() == tracked.weight() < 0;
        return counts ? signed(tracked) : 0;
    }

    private static int signed(Tracked tracked) {
        return tracked.reverse() ? -tracked.weight() : tracked.weight();
    }

    private static long file(Tracked tracked, TrackerResult result) {
        long number = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, result.number()));
        return Math.max(FILE_FAULT, Math.min(FILE_MOST, number * signed(tracked)));
    }

    private TrackerResult known(Tracker tracker) {
        return Objects.requireNonNullElse(results.get(tracker), TrackerResult.UNKNOWN);
    }

    /** {@return what puts the router into fault, such as {@code interface eth1}} */
    List<String> faults() {
        List<String> faults = new ArrayList<>(problems);
        trackers.forEach((tracker, tracked) -> {
            TrackerResult result = known(tracker);
            boolean file = tracker.kind() == TrackerKind.FILE && tracked.weight() != 0;
            boolean fault = file
                    ? file(tracked, result) == FILE_FAULT
                    : tracked.weight() == 0 && result.fails() != tracked.reverse();
            if (result.known() && fault) {
                faults.add(tracker.toString());
            }
        });
        return faults;
    }

    /** {@return what keeps the router waiting, because nothing is known of it} */
    List<String> waitsFor() {
        return trackers.entrySet().stream()
                .filter(each ->
                        each.getValue().weight() == 0 && !known(each.getKey()).known())
                .map(each -> each.getKey().toString())
                .toList();
    }

    /** {@return whether it may take part in the election} */
    boolean ready() {
        return faults().isEmpty() && waitsFor().isEmpty();
    }
}
