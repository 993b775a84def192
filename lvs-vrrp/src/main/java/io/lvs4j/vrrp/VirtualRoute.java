package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A route that a host has while it is the master of a virtual router.
 *
 * @param words what its user says, as of {@code ip route add}; settings that have no part here are in them
 * @param type what becomes of packets
 * @param family of which packets
 * @param destination to where; empty = the default route
 * @param gateway the next hop; empty = what it is for is on the device's network, or the words name several
 * @param device the interface; empty = as the kernel finds it
 * @param source the source address that the host prefers
 * @param scope the kernel's number, 0..255
 * @param table the number of the routing table, 0..4294967295; empty = main
 * @param metric the lower, the better, 0..4294967295
 * @param tracked whether keepalived stops being master when somebody removes it; here it is put back
 * @param trackGroup a static route's group of routers; empty = none
 */
public record VirtualRoute(
        List<String> words,
        Type type,
        AddressFamily family,
        Optional<AddressPrefix> destination,
        Optional<InetAddress> gateway,
        Optional<String> device,
        Optional<InetAddress> source,
        OptionalInt scope,
        OptionalLong table,
        OptionalLong metric,
        boolean tracked,
        Optional<String> trackGroup) {
    private static final int MOST_SCOPE = 255;

    /** What becomes of packets. */
    public enum Type {
        /** They are sent on. */
        UNICAST,
        /** They are this host's. */
        LOCAL,
        /** They are sent to all on the network. */
        BROADCAST,
        /** They are this host's, and may be others'. */
        ANYCAST,
        /** They are sent to a group. */
        MULTICAST,
        /** They vanish. */
        BLACKHOLE,
        /** Their senders are told that there is no way. */
        UNREACHABLE,
        /** Their senders are told that it is forbidden. */
        PROHIBIT,
        /** Another table decides. */
        THROW,
        /** Addresses are translated, which kernels no longer do. */
        NAT,
        /** A program decides. */
        XRESOLVE;

        /** {@return the word of {@code ip route}} */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks all parts. */
    public VirtualRoute {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("route: no words (expected: such as 10.1.0.0/16 via 10.0.0.254)");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(family, "family");
        destination.ifPresent(network -> RouteParts.requireFamily("destination", network.address(), family));
        source.ifPresent(address -> RouteParts.requireFamily("source", address, family));
        Objects.requireNonNull(gateway, "gateway");
        device.ifPresent(name -> InterfaceName.require("device", name));
        if (scope.isPresent() && (scope.getAsInt() < 0 || scope.getAsInt() > MOST_SCOPE)) {
            throw new IllegalArgumentException("scope: " + scope.getAsInt() + " (expected: 0.." + MOST_SCOPE + ")");
        }
        table.ifPresent(number -> RouteParts.requireUnsigned("table", number));
        metric.ifPresent(number -> RouteParts.requireUnsigned("metric", number));
        Objects.requireNonNull(trackGroup, "trackGroup");
    }

    /** {@return what its user says} */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
