package io.lvs4j.vrrp;

import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.route.Route;
import io.lvs4j.netlink.route.RoutingRule;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
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
            of(each);
        });
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
                boxed(route.metric()));
    }

    /** {@return a rule for the kernel} */
    static RoutingRule of(VirtualRule rule) {
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
                boxed(rule.priority()));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }
}
