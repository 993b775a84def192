package io.lvs4j.netlink.route;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route with one next hop at most.
 *
 * @param type what becomes of packets
 * @param family of which packets
 * @param destination to where; empty = the default route
 * @param gateway the next hop; empty = the destination is on the interface's network
 * @param interfaceIndex the interface's number; empty = the kernel finds it by the gateway
 * @param source the source address that the host prefers
 * @param scope the kernel's number, 0..255; empty = what {@code ip route} takes for the type
 * @param table the number of the routing table, 1..4294967295; 254 = main
 * @param metric the lower, the better, 0..4294967295; empty = the kernel's, 0 for IPv4 and 1024 for IPv6
 */
public record Route(
        Type type,
        AddressFamily family,
        Optional<AddressPrefix> destination,
        Optional<InetAddress> gateway,
        OptionalInt interfaceIndex,
        Optional<InetAddress> source,
        OptionalInt scope,
        long table,
        Optional<Long> metric) {
    /** The table that is looked at if no rule says otherwise. */
    public static final long MAIN = 254;

    private static final long MOST = 0xffff_ffffL;
    private static final int MOST_SCOPE = 255;
    private static final int LINK_SCOPE = 253;
    private static final int HOST_SCOPE = 254;

    /** What becomes of packets. */
    public enum Type {
        /** They are sent on. */
        UNICAST(1),
        /** They are this host's. */
        LOCAL(2),
        /** They are sent to all on the network. */
        BROADCAST(3),
        /** They are this host's, and may be others'. */
        ANYCAST(4),
        /** They are sent to a group. */
        MULTICAST(5),
        /** They vanish. */
        BLACKHOLE(6),
        /** Their senders are told that there is no way. */
        UNREACHABLE(7),
        /** Their senders are told that it is forbidden. */
        PROHIBIT(8),
        /** Another table decides. */
        THROW(9);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** Returns the kernel's {@code RTN_*}. */
        int number() {
            return number;
        }
    }

    /** Checks all parts. */
    public Route {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(interfaceIndex, "interfaceIndex");
        require("destination", destination.map(AddressPrefix::address), family);
        require("gateway", gateway, family);
        require("source", source, family);
        require("table", table, 1, MOST);
        metric.ifPresent(number -> require("metric", number, 0, MOST));
        scope.ifPresent(number -> require("scope", number, 0, MOST_SCOPE));
    }

    private static void require(String what, Optional<InetAddress> address, AddressFamily family) {
        if (address.isPresent() && AddressFamily.of(address.get()) != family) {
            throw new IllegalArgumentException(
                    what + ": " + address.get().getHostAddress() + " (expected: an address of family " + family + ")");
        }
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    /**
     * {@return a route by an interface in the main table}
     *
     * @param destination to where
     * @param gateway the next hop, if it is not on the interface's network
     * @param interfaceIndex the interface's number
     */
    public static Route of(AddressPrefix destination, Optional<InetAddress> gateway, int interfaceIndex) {
        return new Route(
                Type.UNICAST,
                AddressFamily.of(destination.address()),
                Optional.of(destination),
                gateway,
                OptionalInt.of(interfaceIndex),
                Optional.empty(),
                OptionalInt.empty(),
                MAIN,
                Optional.empty());
    }

    /** Returns the scope that is meant: IPv6 knows but one, and IPv4 takes how far it reaches by its type. */
    int effectiveScope() {
        if (scope.isPresent() || family == AddressFamily.INET6) {
            return scope.orElse(0);
        }
        return switch (type) {
            case LOCAL -> HOST_SCOPE;
            case BROADCAST, MULTICAST, ANYCAST -> LINK_SCOPE;
            case UNICAST -> gateway.isPresent() ? 0 : LINK_SCOPE;
            case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> 0;
        };
    }

    /** {@return {@code unicast 10.1.0.0/16 via 10.0.0.254 interface 2 table 254}} */
    @Override
    public String toString() {
        return type.name().toLowerCase(Locale.ROOT) + " "
                + destination.map(AddressPrefix::toString).orElse("default")
                + gateway.map(hop -> " via " + hop.getHostAddress()).orElse("")
                + (interfaceIndex.isPresent() ? " interface " + interfaceIndex.getAsInt() : "") + " table " + table;
    }
}
