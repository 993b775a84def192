package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.util.Objects;
import java.util.Optional;

/**
 * An interface of a router's own that has the virtual addresses, on top of its network interface.
 *
 * @param type what kind it is
 * @param name its name, no other router's; empty = one that is free is chosen, vrrp.51 for the virtual router id 51 (vrrp6.51 over IPv6), or
 *     else vrrp1.51, vrrp2.51 and so on, or that which an earlier process has left
 * @param mac another MAC address than 00:00:5e:00:01:id (00:00:5e:00:02:id for IPv6), such as {@code 02:00:00:00:00:05}; five bytes are
 *     followed by the virtual router id. Of {@link Type#MAC} only
 * @param address the interface's own address, of the ipvlan types only
 * @param sendOnBase whether adverts are sent on the network interface
 */
public record VirtualMac(
        Type type, Optional<String> name, Optional<String> mac, Optional<VirtualAddress> address, boolean sendOnBase) {
    private static final String MAC = "[0-9a-f]{2}(:[0-9a-f]{2}){4,5}";

    /** What kind of interface. */
    public enum Type {
        /** A macvlan with the virtual router's MAC address: {@code use_vmac}. */
        MAC,
        /** An ipvlan, which has the MAC address of the network interface: {@code use_ipvlan}. */
        IPVLAN_BRIDGE,
        /** An ipvlan that does not talk to others. */
        IPVLAN_PRIVATE,
        /** An ipvlan whose packets to others go by way of the switch. */
        IPVLAN_VEPA
    }

    /** Checks all parts. */
    public VirtualMac {
        Objects.requireNonNull(type, "type");
        name.ifPresent(text -> InterfaceName.require("name", text));
        mac.ifPresent(text -> requireMac(type, text));
        if (type == Type.MAC && address.isPresent()) {
            throw new IllegalArgumentException("address: " + address.get() + " (expected: none but of an ipvlan)");
        }
        if (type != Type.MAC && sendOnBase) {
            throw new IllegalArgumentException("sendOnBase: true (expected: false for an ipvlan)");
        }
    }

    private static void requireMac(Type type, String mac) {
        boolean multicast = mac.matches(MAC) && (Integer.parseInt(mac.substring(0, 2), 16) & 1) != 0;
        boolean standard = mac.startsWith("00:00:5e:00:0");
        if (type != Type.MAC || !mac.matches(MAC) || multicast || standard) {
            throw new IllegalArgumentException("mac: " + mac
                    + " (expected: 5 or 6 bytes such as 02:00:00:00:00:05, no group's and none of 00:00:5e:00:0x)");
        }
    }

    /** {@return a macvlan with the standard MAC address} */
    public static VirtualMac standard() {
        return new VirtualMac(Type.MAC, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    void requireFamily(AddressFamily family) {
        if (address.isPresent() && address.get().family() != family) {
            throw new IllegalArgumentException(
                    "ipvlan: " + address.get() + " (expected: an address of family " + family + ")");
        }
    }
}
