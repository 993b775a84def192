package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.route.Route;
import io.lvs4j.netlink.route.RoutingRule;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Routes and rules as the kernel is told of them. What has no part in these, such as several next hops, is refused. */
final class KernelRoutes {
    private static final Set<String> ROUTE_WORDS =
            Set.of("src", "to", "via", "gw", "dev", "oif", "table", "metric", "priority", "preference", "scope");
    private static final Set<String> RULE_WORDS = Set.of(
            "from", "to", "iif", "dev", "oif", "fwmark", "table", "lookup", "preference", "priority", "order", "pref");
    private static final Set<String> WITHOUT_VALUE = Set.of(
            "inet",
            "inet6",
            "default",
            "all",
            "any",
            "blackhole",
            "unreachable",
            "prohibit",
            "throw",
            "local",
            "broadcast",
            "anycast",
            "multicast",
            "unicast",
            "no_track",
            "no-track",
            "or");
    private static final long UNSPECIFIED = 0;

    /** Of the first rule that has none; the next one gets one less, as keepalived counts. */
    private static final long FIRST_PRIORITY = 16384;

    /** What the kernel takes for a route of IPv6 that has none. Said aloud it keeps those of other metrics from being removed. */
    private static final long IPV6_METRIC = 1024;

    private KernelRoutes() {}

    /**
     * Refuses a router that has a route or a rule which cannot be carried out.
     *
     * @param router it
     * @throws IllegalArgumentException if there is one
     */
    static void require(VirtualRouter router) {
        router.routes().forEach(each -> {
            require("route", each.words(), ROUTE_WORDS);
            typeOf(each);
            requireTable("route", each.words(), each.table());
        });
        router.rules().forEach(each -> {
            require("rule", each.words(), RULE_WORDS);
            requireTable("rule", each.words(), each.table());
        });
        Map<RoutingRule, VirtualRule> unused = rules(router);
    }

    private static void require(String what, List<String> words, Set<String> known) {
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            if (known.contains(word) && rest.hasNext()) {
                String unused = rest.next();
            } else if (!WITHOUT_VALUE.contains(word) && word.matches("[a-z_-]+")) {
                throw new IllegalArgumentException(what + ": " + String.join(" ", words) + " (expected: no " + word
                        + ", which cannot be carried out here)");
            }
        }
    }

    private static void requireTable(String what, List<String> words, OptionalLong table) {
        if (table.isPresent() && table.getAsLong() == UNSPECIFIED) {
            throw new IllegalArgumentException(
                    what + ": " + String.join(" ", words) + " (expected: a table of 1..4294967295)");
        }
    }

    private static Route.Type typeOf(VirtualRoute route) {
        return Stream.of(Route.Type.values())
                .filter(type -> type.name().equals(route.type().name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("route: " + route + " (expected: no "
                        + route.type().name().toLowerCase(Locale.ROOT) + ", which kernels no longer know)"));
    }

    /**
     * {@return a route for the kernel}
     *
     * @param route it
     * @param interfaces where its device is looked up
     * @throws IllegalArgumentException if its device is not there
     */
    static Route of(VirtualRoute route, Interfaces interfaces) {
        OptionalInt device = route.device().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(interfaces
                        .link(route.device().get())
                        .map(Link::index)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "device: " + route.device().get() + " (expected: one of " + interfaces.names() + ")")));
        return new Route(
                typeOf(route),
                route.family(),
                route.destination(),
                route.gateway(),
                device,
                route.source(),
                route.scope(),
                route.table().orElse(Route.MAIN),
                metric(route));
    }

    private static Optional<Long> metric(VirtualRoute route) {
        Optional<Long> metric = boxed(route.metric());
        return route.family() == AddressFamily.INET6
                ? Optional.of(metric.filter(number -> number != 0).orElse(IPV6_METRIC))
                : metric;
    }

    /**
     * {@return a router's rules for the kernel, in their order, and what they come from} One without a preference gets one by its place among
     * those of its family that have none, so that it is the same whenever it is added or removed, by whichever process.
     *
     * @param router it
     */
    static Map<RoutingRule, VirtualRule> rules(VirtualRouter router) {
        Map<RoutingRule, VirtualRule> rules = new LinkedHashMap<>();
        Map<AddressFamily, Long> next = new EnumMap<>(AddressFamily.class);
        for (VirtualRule each : router.rules()) {
            long priority = each.priority().isPresent()
                    ? each.priority().getAsLong()
                    : next.merge(each.family(), FIRST_PRIORITY, (before, first) -> before - 1);
            rules.put(of(each, priority), each);
        }
        return rules;
    }

    private static RoutingRule of(VirtualRule rule, long priority) {
        RoutingRule.Action action = rule.table().isPresent()
                ? RoutingRule.Action.LOOK_UP
                : Stream.of(RoutingRule.Action.values())
                        .filter(each -> rule.words().contains(each.name().toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "rule: " + rule + " (expected: table, blackhole, unreachable or prohibit)"));
        return new RoutingRule(
                rule.family(),
                rule.from(),
                rule.to(),
                rule.inputDevice(),
                rule.outputDevice(),
                boxed(rule.mark()),
                action,
                rule.table().orElse(0),
                Optional.of(priority));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }
}
