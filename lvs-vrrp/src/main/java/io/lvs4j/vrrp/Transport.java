package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How adverts travel.
 *
 * @param source the address that they come from, one that a host can have; empty = the interface's first one. The router is in fault while the
 *     host does not have it
 * @param trackSource what keepalived.conf says of that; here it is always so
 * @param group the multicast group; empty = 224.0.0.18 or ff02::12. Not with peers
 * @param peers to whom they are sent, each once, each an address that another host can have; empty = to the group
 * @param ttl their time to live, 0..255, with peers only; empty = 255
 * @param checkSource whether adverts of others than the peers are dropped
 * @param oldChecksum whether the checksum of unicast adverts of version 3 is the one of keepalived before 1.3.6; empty = it is learnt
 * @param vrf the virtual routing and forwarding device, where there is no interface
 * @param faultWithoutPeers whether the router is in fault, and does not use multicast, while it has no peers
 * @param receiveBuffer the bytes of the socket's receive buffer; empty = the kernel's
 */
public record Transport(
        Optional<InetAddress> source,
        boolean trackSource,
        Optional<InetAddress> group,
        List<UnicastPeer> peers,
        OptionalInt ttl,
        boolean checkSource,
        Optional<Boolean> oldChecksum,
        Optional<String> vrf,
        boolean faultWithoutPeers,
        OptionalLong receiveBuffer) {
    private static final byte[] BROADCAST = {-1, -1, -1, -1};
    private static final int MOST_TTL = 255;
    private static final long MOST_BUFFER = 0xffff_ffffL;
    private static final Transport DEFAULTS = new Transport(
            Optional.empty(),
            false,
            Optional.empty(),
            List.of(),
            OptionalInt.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            false,
            OptionalLong.empty());

    /** Checks all parts. */
    public Transport {
        peers = List.copyOf(Objects.requireNonNull(peers, "peers"));
        Objects.requireNonNull(source, "source").ifPresent(it -> requireHosts("source", it));
        requirePeers(source, peers);
        if (trackSource && source.isEmpty()) {
            throw new IllegalArgumentException("trackSource: true (expected: false without a source)");
        }
        if (group.isPresent() && (!group.get().isMulticastAddress() || !peers.isEmpty())) {
            throw new IllegalArgumentException(
                    "group: " + group.get().getHostAddress() + " (expected: a multicast address, without peers)");
        }
        if (ttl.isPresent() && (ttl.getAsInt() < 0 || ttl.getAsInt() > MOST_TTL || peers.isEmpty())) {
            throw new IllegalArgumentException(
                    "ttl: " + ttl.getAsInt() + " (expected: 0.." + MOST_TTL + ", with peers)");
        }
        Objects.requireNonNull(oldChecksum, "oldChecksum");
        vrf.ifPresent(name -> InterfaceName.require("vrf", name));
        if (receiveBuffer.isPresent() && (receiveBuffer.getAsLong() < 0 || receiveBuffer.getAsLong() > MOST_BUFFER)) {
            throw new IllegalArgumentException(
                    "receiveBuffer: " + receiveBuffer.getAsLong() + " (expected: 0.." + MOST_BUFFER + ")");
        }
    }

    private static void requirePeers(Optional<InetAddress> source, List<UnicastPeer> peers) {
        Set<InetAddress> seen = new HashSet<>();
        for (UnicastPeer each : peers) {
            requireHosts("unicast peer", each.address());
            if (source.filter(each.address()::equals).isPresent()) {
                throw new IllegalArgumentException("unicast peer: "
                        + each.address().getHostAddress() + " (expected: another one than the source)");
            }
            if (!seen.add(each.address())) {
                throw new IllegalArgumentException(
                        "unicast peer: " + each.address().getHostAddress() + " (expected: each once)");
            }
        }
    }

    private static void requireHosts(String what, InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || isBroadcast(address)) {
            throw new IllegalArgumentException(
                    what + ": " + address.getHostAddress() + " (expected: an address that a host can have)");
        }
    }

    /** {@return whether it is 255.255.255.255} */
    static boolean isBroadcast(InetAddress address) {
        return Arrays.equals(address.getAddress(), BROADCAST);
    }

    /** {@return multicast from the interface's first address} */
    public static Transport multicast() {
        return DEFAULTS;
    }

    /**
     * {@return unicast to some peers}
     *
     * @param source the address that adverts come from
     * @param peers to whom they are sent, at least one
     * @throws IllegalArgumentException if there is none, one is there twice or the source, or one is no address that a host can have
     */
    public static Transport unicast(InetAddress source, InetAddress... peers) {
        Objects.requireNonNull(source, "source");
        if (Objects.requireNonNull(peers, "peers").length == 0) {
            throw new IllegalArgumentException("peers: none (expected: at least one)");
        }
        return new Transport(
                Optional.of(source),
                false,
                Optional.empty(),
                Stream.of(peers).map(UnicastPeer::of).toList(),
                OptionalInt.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty());
    }

    /** Requires that all its addresses are of a family. */
    void requireFamily(AddressFamily family) {
        Stream.of(source.stream(), group.stream(), peers.stream().map(UnicastPeer::address))
                .flatMap(each -> each)
                .filter(each -> AddressFamily.of(each) != family)
                .findFirst()
                .ifPresent(each -> {
                    throw new IllegalArgumentException("transport: " + each.getHostAddress()
                            + " (expected: an address of family " + family + ", as the virtual addresses)");
                });
    }
}
