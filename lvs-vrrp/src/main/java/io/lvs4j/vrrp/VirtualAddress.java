package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An address that a host has while it is the master of a virtual router.
 *
 * @param address the address; an IPv4-mapped one is the IPv4 address
 * @param prefixLength how many leading bits are the network's, 0..32 for IPv4, 0..128 for IPv6; of a pair of addresses, those of the peer
 * @param device the interface that gets it; empty = the router's
 * @param scope the kernel's number, 0..255: 0 is global, 200 site, 253 link, 254 host; IPv6 has 0 alone
 * @param label its name, at most 15 bytes; IPv4 only
 * @param broadcast the broadcast address; IPv4 only, and not with a peer
 * @param peer the other end's address
 * @param flags how the kernel treats it
 * @param onVirtualMac whether it is put on an interface with the router's virtual MAC address, whatever {@code device} says
 * @param tracked whether the router needs the interface that it is put on
 * @param preferredLifetime whole seconds up to 4294967294 for which the host prefers it as a source; empty = for ever; 0 = never
 * @param trackGroup a static address's group of routers; empty = none
 */
public record VirtualAddress(
        InetAddress address,
        int prefixLength,
        Optional<String> device,
        int scope,
        Optional<String> label,
        Optional<InetAddress> broadcast,
        Optional<InetAddress> peer,
        Set<Flag> flags,
        boolean onVirtualMac,
        boolean tracked,
        Optional<Duration> preferredLifetime,
        Optional<String> trackGroup) {
    private static final int MOST_SCOPE = 255;
    private static final int LONGEST_LABEL = 15;
    private static final long MOST_LIFETIME = 0xffff_fffeL;

    /** How the kernel treats an address. */
    public enum Flag {
        /** A home address of mobile IPv6. */
        HOME("home"),
        /** It is looked for on the network before it is used (IPv6); keepalived otherwise spares that. */
        DUPLICATE_DETECTION("-nodad"),
        /** Temporary addresses are made of it (IPv6). */
        MANAGE_TEMPORARY_ADDRESSES("mngtmpaddr"),
        /** No route to its network is made. */
        NO_PREFIX_ROUTE("noprefixroute"),
        /** A multicast address is joined. */
        AUTO_JOIN("autojoin");

        private final String word;

        Flag(String word) {
            this.word = word;
        }

        /** {@return the word of {@code ip address} and keepalived} */
        public String word() {
            return word;
        }
    }

    /** Checks all parts. */
    public VirtualAddress {
        address = plain("address", address);
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("prefix length: " + prefixLength + " (expected: 0.." + bits + " for "
                    + address.getHostAddress() + ")");
        }
        boolean ipv6 = AddressFamily.of(address) == AddressFamily.INET6;
        device.ifPresent(name -> InterfaceName.require("device", name));
        if (scope < 0 || scope > (ipv6 ? 0 : MOST_SCOPE)) {
            throw new IllegalArgumentException(
                    "scope: " + scope + " (expected: " + (ipv6 ? "0 for IPv6)" : "0.." + MOST_SCOPE + ")"));
        }
        label.ifPresent(text -> requireLabel(text, ipv6));
        if (broadcast.isPresent()) {
            broadcast = Optional.of(plain("broadcast", broadcast.get()));
            if (ipv6 || AddressFamily.of(broadcast.get()) != AddressFamily.INET || peer.isPresent()) {
                throw new IllegalArgumentException(
                        "broadcast: " + broadcast.get().getHostAddress()
                                + " (expected: an IPv4 address, with an IPv4 address that has no peer)");
            }
        }
        if (peer.isPresent()) {
            peer = Optional.of(plain("peer", peer.get()));
            if (AddressFamily.of(peer.get()) != AddressFamily.of(address)) {
                throw new IllegalArgumentException("peer: " + peer.get().getHostAddress()
                        + " (expected: an address of family " + AddressFamily.of(address) + ")");
            }
        }
        flags = flags.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(flags));
        preferredLifetime.ifPresent(VirtualAddress::requireLifetime);
        Objects.requireNonNull(trackGroup, "trackGroup");
    }

    private static InetAddress plain(String what, InetAddress address) {
        Objects.requireNonNull(address, what);
        return new AddressPrefix(address, address.getAddress().length * Byte.SIZE).address();
    }

    private static void requireLabel(String label, boolean ipv6) {
        int length = label.getBytes(StandardCharsets.UTF_8).length;
        if (ipv6 || length == 0 || length > LONGEST_LABEL) {
            throw new IllegalArgumentException(
                    "label: " + label + " (expected: " + (ipv6 ? "none for IPv6)" : "1.." + LONGEST_LABEL + " bytes)"));
        }
    }

    private static void requireLifetime(Duration time) {
        if (time.isNegative()
                || !time.equals(Duration.ofSeconds(time.toSeconds()))
                || time.toSeconds() > MOST_LIFETIME) {
            throw new IllegalArgumentException(
                    "preferredLifetime: " + time + " (expected: whole seconds, 0.." + MOST_LIFETIME + ")");
        }
    }

    /**
     * {@return an address on the router's interface, global, as keepalived has it where nothing more is said: an IPv6 address with all its
     * bits is not preferred as a source}
     *
     * @param text such as {@code 10.0.0.5/24} or {@code fd00::5/64}; without a length it is /32 or /128
     * @throws IllegalArgumentException if the text is malformed
     */
    public static VirtualAddress parse(String text) {
        int slash = Objects.requireNonNull(text, "address").indexOf('/');
        InetAddress address =
                AddressPrefix.parse(slash < 0 ? text : text.substring(0, slash)).address();
        int bits = address.getAddress().length * Byte.SIZE;
        return of(address, slash < 0 ? bits : length(text, text.substring(slash + 1)));
    }

    private static int length(String text, String length) {
        if (!length.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("address: " + text + " (expected: address/length, such as 10.0.0.5/24)");
        }
        return Integer.parseInt(length);
    }

    /**
     * {@return the same as {@link #parse}}
     *
     * @param address the address
     * @param prefixLength how many bits are the network's
     */
    public static VirtualAddress of(InetAddress address, int prefixLength) {
        boolean deprecated = AddressFamily.of(address) == AddressFamily.INET6 && prefixLength == 128;
        return new VirtualAddress(
                address,
                prefixLength,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                false,
                true,
                deprecated ? Optional.of(Duration.ZERO) : Optional.empty(),
                Optional.empty());
    }

    /** {@return its family} */
    public AddressFamily family() {
        return AddressFamily.of(address);
    }

    /** {@return {@code 10.0.0.5/24 dev eth1}} */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength
                + peer.map(other -> " peer " + other.getHostAddress()).orElse("")
                + device.map(name -> " dev " + name).orElse("")
                + label.map(name -> " label " + name).orElse("");
    }
}
