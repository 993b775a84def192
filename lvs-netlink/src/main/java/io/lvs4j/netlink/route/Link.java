package io.lvs4j.netlink.route;

import io.lvs4j.netlink.frame.MacAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network interface.
 *
 * @param index its number, which is never given to another one while it is there
 * @param name its name, such as {@code eth0}
 * @param flags the kernel's {@code IFF_*}; see the methods for what they say
 * @param mac its MAC address; empty = it has none of six bytes
 * @param mtu the longest packet, in bytes
 * @param kind such as {@code macvlan} or {@code veth}; empty = it says none, as hardware does
 * @param parent the number of the interface below it, or at its other end, perhaps in another namespace; empty = none
 * @param macvlanMode of a macvlan, its mode: 1 is private
 */
public record Link(
        int index,
        String name,
        int flags,
        Optional<MacAddress> mac,
        long mtu,
        Optional<String> kind,
        OptionalInt parent,
        OptionalInt macvlanMode) {
    /** The mode of a macvlan that does not talk to others on the same interface. */
    public static final int MACVLAN_PRIVATE = 1;

    static final int UP = 0x1;
    private static final int LOOPBACK = 0x8;
    private static final int RUNNING = 0x40;
    private static final int NO_ARP = 0x80;

    /** Checks that nothing is null. */
    public Link {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mac, "mac");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(macvlanMode, "macvlanMode");
    }

    /** {@return whether somebody has set it up} */
    public boolean isUp() {
        return (flags & UP) != 0;
    }

    /** {@return whether it is up and has a carrier} */
    public boolean isRunning() {
        return isUp() && (flags & RUNNING) != 0;
    }

    /** {@return whether it leads to this host itself} */
    public boolean isLoopback() {
        return (flags & LOOPBACK) != 0;
    }

    /** {@return whether neither ARP nor neighbour discovery is spoken on it} */
    public boolean isWithoutArp() {
        return (flags & NO_ARP) != 0;
    }

    /** {@return {@code eth0 (2)}} */
    @Override
    public String toString() {
        return name + " (" + index + ")";
    }
}
