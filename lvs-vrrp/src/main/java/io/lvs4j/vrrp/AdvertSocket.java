package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.Pollable;
import io.lvs4j.netlink.socket.RawSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a router's adverts are sent and heard by: a socket on its interface and, if adverts leave by its virtual interface, one for these. Not
 * thread-safe.
 */
final class AdvertSocket implements AutoCloseable {
    private static final byte[] GROUP_IPV4 = {(byte) 224, 0, 0, 18};
    private static final byte[] GROUP_IPV6 = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};

    private final RawSocket ears;
    private final @Nullable RawSocket mouth;
    private final List<InetAddress> destinations;

    private AdvertSocket(RawSocket ears, @Nullable RawSocket mouth, List<InetAddress> destinations) {
        this.ears = ears;
        this.mouth = mouth;
        this.destinations = destinations;
    }

    /**
     * Opens it.
     *
     * @param router whose adverts
     * @param link the interface to hear on
     * @param virtual the interface to send by; empty = the same
     * @param namespace the network namespace; empty = the thread's
     * @throws LvsException if it must not be opened; the message says what to do
     */
    static AdvertSocket open(VirtualRouter router, Link link, Optional<Link> virtual, Optional<String> namespace) {
        return NetworkNamespace.in(namespace, () -> open(router, link, virtual));
    }

    private static AdvertSocket open(VirtualRouter router, Link link, Optional<Link> virtual) {
        Transport transport = router.transport();
        RawSocket ears = RawSocket.open(router.family(), AdvertisementCodec.PROTOCOL, link.name());
        @Nullable RawSocket mouth = null;
        try {
            transport.receiveBuffer().ifPresent(size -> ears.receiveBuffer((int) Math.min(size, Integer.MAX_VALUE)));
            List<InetAddress> destinations = destinations(router);
            destinations.stream().filter(InetAddress::isMulticastAddress).forEach(ears::join);
            if (virtual.isPresent()) {
                mouth = RawSocket.open(
                        router.family(),
                        AdvertisementCodec.PROTOCOL,
                        virtual.get().name());
            }
            RawSocket sender = mouth == null ? ears : mouth;
            transport.ttl().ifPresent(ttl -> sender.hopLimit(Math.max(ttl, 1)));
            return new AdvertSocket(ears, mouth, destinations);
        } catch (LvsException e) {
            ears.close();
            if (mouth != null) {
                mouth.close();
            }
            throw e;
        }
    }

    private static List<InetAddress> destinations(VirtualRouter router) {
        Transport transport = router.transport();
        if (!transport.peers().isEmpty() || transport.faultWithoutPeers()) {
            return transport.peers().stream().map(UnicastPeer::address).toList();
        }
        return List.of(transport.group().orElseGet(() -> group(router.family())));
    }

    private static InetAddress group(AddressFamily family) {
        try {
            return InetAddress.getByAddress(family == AddressFamily.INET ? GROUP_IPV4 : GROUP_IPV6);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes", e);
        }
    }

    /** {@return what is readable when something has arrived} */
    Pollable pollable() {
        return ears;
    }

    /** {@return whether it is still on the interface, which may have been made anew under its name} */
    boolean isOn(Link link, Optional<Link> virtual) {
        return ears.interfaceIndex() == link.index()
                && (mouth == null
                        ? virtual.isEmpty()
                        : virtual.stream().anyMatch(each -> each.index() == mouth.interfaceIndex()));
    }

    /**
     * {@return the next thing that has arrived; null = nothing waits}
     *
     * @throws LvsException if the socket fails
     */
    @Nullable
    Datagram receive() {
        io.lvs4j.netlink.socket.Datagram received = ears.receive();
        if (received == null) {
            return null;
        }
        byte[] message = new byte[received.payload().remaining()];
        received.payload().get(message);
        return new Datagram(received.source(), received.destination(), received.hopLimit(), message);
    }

    /**
     * Sends an advert to the group, or to each peer.
     *
     * @param advert it
     * @param receiver knows by which checksum each of them goes
     * @param source where it comes from
     * @param failures is given what went wrong with each
     */
    void send(
            Advertisement advert,
            AdvertisementReceiver receiver,
            InetAddress source,
            Collection<LvsException> failures) {
        for (InetAddress destination : destinations) {
            byte[] bytes = AdvertisementCodec.encode(advert, receiver.checksumFor(destination), source, destination);
            try {
                (mouth == null ? ears : mouth).send(ByteBuffer.wrap(bytes), destination, Optional.of(source));
            } catch (LvsException e) {
                failures.add(e);
            }
        }
    }

    @Override
    public void close() {
        ears.close();
        if (mouth != null) {
            mouth.close();
        }
    }
}
