package io.lvs4j.netlink.route;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * An address of an interface.
 *
 * @param interfaceIndex the interface's number
 * @param address the address
 * @param prefixLength how many leading bits are the network's, 0..32 for IPv4, 0..128 for IPv6; of a pair of addresses, those of the peer
 * @param peer the other end's address
 * @param scope the kernel's number, 0..255: 0 is global, 253 link, 254 host. The kernel finds IPv6's itself
 * @param label its name, at most 15 bytes; IPv4 only. The kernel gives one that says none the interface's name
 * @param broadcast the broadcast address; IPv4 only
 * @param flags the kernel's {@code IFA_F_*}, such as {@link #NO_DAD}; the kernel adds some of its own
 * @param preferredSeconds for how long the host prefers it as a source, 0..{@link #FOREVER}, at most {@code validSeconds}; of a listed
 *     one, for how long from then on
 * @param validSeconds for how long it is there, 1..{@link #FOREVER}: after that the kernel removes it
 * @param protocol who has added it, 0..255, for whom it is left to; 0 = it is not said. Kernels before 5.18 forget it
 */
public record InterfaceAddress(
        int interfaceIndex,
        InetAddress address,
        int prefixLength,
        Optional<InetAddress> peer,
        int scope,
        Optional<String> label,
        Optional<InetAddress> broadcast,
        int flags,
        long preferredSeconds,
        long validSeconds,
        int protocol) {
    /** A lifetime without end. */
    public static final long FOREVER = 0xffff_ffffL;

    /** Flag: another address of the network came first (IPv4); it is temporary (IPv6). Set by the kernel. */
    public static final int SECONDARY = 0x01;
    /** Flag: it is not looked for on the network before it is used (IPv6). */
    public static final int NO_DAD = 0x02;
    /** Flag: somebody else on the network has it (IPv6). Set by the kernel. */
    public static final int DAD_FAILED = 0x08;
    /** Flag: a home address of mobile IPv6. */
    public static final int HOME = 0x10;
    /** Flag: it is not preferred any more. Set by the kernel. */
    public static final int DEPRECATED = 0x20;
    /** Flag: it is still looked for on the network, and cannot be used yet (IPv6). Set by the kernel. */
    public static final int TENTATIVE = 0x40;
    /** Flag: it has no end. Set by the kernel. */
    public static final int PERMANENT = 0x80;
    /** Flag: temporary addresses are made of it (IPv6). */
    public static final int MANAGE_TEMPORARY_ADDRESSES = 0x100;
    /** Flag: no route to its network is made. */
    public static final int NO_PREFIX_ROUTE = 0x200;
    /** Flag: a multicast address is joined. */
    public static final int AUTO_JOIN = 0x400;

    private static final int MOST = 255;
    private static final int LONGEST_LABEL = 15;

    /** Checks all parts. */
    public InterfaceAddress {
        Objects.requireNonNull(address, "address");
        int bits = address.getAddress().length * Byte.SIZE;
        require("prefix length", prefixLength, 0, bits);
        require("scope", scope, 0, MOST);
        require("validSeconds", validSeconds, 1, FOREVER);
        require("preferredSeconds", preferredSeconds, 0, validSeconds);
        require("protocol", protocol, 0, MOST);
        peer.ifPresent(other -> requireFamily("peer", other, AddressFamily.of(address)));
        broadcast.ifPresent(other -> requireFamily("broadcast", other, AddressFamily.INET));
        if (broadcast.isPresent()) {
            requireFamily("address", address, AddressFamily.INET);
        }
        if (label.isPresent()
                && (label.get().isEmpty() || label.get().getBytes(StandardCharsets.UTF_8).length > LONGEST_LABEL)) {
            throw new IllegalArgumentException("label: " + label.get() + " (expected: 1..15 bytes)");
        }
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    private static void requireFamily(String what, InetAddress address, AddressFamily family) {
        if (AddressFamily.of(address) != family) {
            throw new IllegalArgumentException(
                    what + ": " + address.getHostAddress() + " (expected: an address of family " + family + ")");
        }
    }

    /**
     * {@return a global address without end and without anything special}
     *
     * @param interfaceIndex the interface's number
     * @param address the address
     * @param prefixLength how many bits are the network's
     */
    public static InterfaceAddress of(int interfaceIndex, InetAddress address, int prefixLength) {
        return new InterfaceAddress(
                interfaceIndex,
                address,
                prefixLength,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                FOREVER,
                FOREVER,
                0);
    }

    /**
     * {@return the same with other lifetimes}
     *
     * @param preferred seconds, 0..valid
     * @param valid seconds, 1..{@link #FOREVER}
     */
    public InterfaceAddress withLifetimes(long preferred, long valid) {
        return new InterfaceAddress(
                interfaceIndex,
                address,
                prefixLength,
                peer,
                scope,
                label,
                broadcast,
                flags,
                preferred,
                valid,
                protocol);
    }

    /**
     * {@return the same with other flags}
     *
     * @param others all of them
     */
    public InterfaceAddress withFlags(int others) {
        return new InterfaceAddress(
                interfaceIndex,
                address,
                prefixLength,
                peer,
                scope,
                label,
                broadcast,
                others,
                preferredSeconds,
                validSeconds,
                protocol);
    }

    /**
     * {@return the same with another note of who has added it}
     *
     * @param number 0..255
     */
    public InterfaceAddress withProtocol(int number) {
        return new InterfaceAddress(
                interfaceIndex,
                address,
                prefixLength,
                peer,
                scope,
                label,
                broadcast,
                flags,
                preferredSeconds,
                validSeconds,
                number);
    }

    /** {@return whether the kernel takes both for the same: of one interface, with one address, prefix length and peer} */
    public boolean isSameAs(InterfaceAddress other) {
        return key().equals(other.key());
    }

    /** What an interface has once. IPv6 goes by the address alone. */
    record Key(int interfaceIndex, InetAddress address, int prefixLength, Optional<InetAddress> peer) {}

    Key key() {
        boolean ipv4 = family() == AddressFamily.INET;
        return new Key(interfaceIndex, address, ipv4 ? prefixLength : 0, ipv4 ? peer : Optional.empty());
    }

    /** {@return its family} */
    public AddressFamily family() {
        return AddressFamily.of(address);
    }

    /** {@return {@code 10.0.0.5/24 on interface 2}} */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength
                + peer.map(other -> " peer " + other.getHostAddress()).orElse("") + " on interface " + interfaceIndex;
    }
}
