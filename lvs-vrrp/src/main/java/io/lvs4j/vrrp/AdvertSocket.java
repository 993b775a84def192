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
 * What a router's adverts are sent and heard by: a socket on its interface and, if it has a virtual interface, one on that. Not thread-safe.
 *
 * <p>The virtual interface hears, too: the kernel gives it alone what others send from the virtual router's MAC address, which it has itself. What
 * others send from addresses of their own is heard by both, and so twice.
 */
final class AdvertSocket implements AutoCloseable {
    private static final byte[] GROUP_IPV4 = {(byte) 224, 0, 0, 18};
    private static final byte[] GROUP_IPV6 = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};

    /** Below that, the kernel has no IPv6 on an interface, and forgets which groups were joined there. */
    private static final int LEAST_MTU_IPV6 = 1280;

    private final RawSocket base;
    private final @Nullable RawSocket virtual;
    private final RawSocket mouth;
    private final List<InetAddress> destinations;

    private AdvertSocket(RawSocket base, @Nullable RawSocket virtual, RawSocket mouth, List<InetAddress> destinations) {
        this.base = base;
        this.virtual = virtual;
        this.mouth = mouth;
        this.destinations = destinations;
    }

    /**
     * Opens it.
     *
     * @param router whose adverts
     * @param link its interface
     * @param virtual its virtual interface, added already, if it has one
     * @param namespace the network namespace; empty = the thread's
     * @throws LvsException if it must not be opened; the message says what to do
     */
    static AdvertSocket open(
            VirtualRouter router, Link link, Optional<VirtualInterface> virtual, Optional<String> namespace) {
        return NetworkNamespace.in(namespace, () -> open(router, link, virtual));
    }

    private static AdvertSocket open(VirtualRouter router, Link link, Optional<VirtualInterface> virtual) {
        Optional<Link> own = virtual.flatMap(VirtualInterface::link);
        List<InetAddress> destinations = destinations(router);
        RawSocket base = open(router, link, destinations);
        @Nullable RawSocket other = null;
        try {
            if (own.isPresent()) {
                other = open(router, own.get(), destinations);
            }
            boolean byVirtual = virtual.filter(VirtualInterface::sendsAdverts).isPresent();
            RawSocket mouth = other != null && byVirtual ? other : base;
            if (mouth == other) {
                mouth.anySource(); // adverts come from an address of the interface below
            }
            router.transport().ttl().ifPresent(ttl -> mouth.hopLimit(Math.max(ttl, 1)));
            return new AdvertSocket(base, other, mouth, destinations);
        } catch (LvsException e) {
            base.close();
            if (other != null) {
                other.close();
            }
            throw e;
        }
    }

    private static RawSocket open(VirtualRouter router, Link link, List<InetAddress> destinations) {
        RawSocket socket = RawSocket.open(router.family(), AdvertisementCodec.PROTOCOL, link.name());
        try {
            router.transport()
                    .receiveBuffer()
                    .ifPresent(size -> socket.receiveBuffer((int) Math.min(size, Integer.MAX_VALUE)));
            destinations.stream().filter(InetAddress::isMulticastAddress).forEach(socket::join);
            return socket;
        } catch (LvsException e) {
            socket.close();
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
    List<Pollable> pollables() {
        return virtual == null ? List.of(base) : List.of(base, virtual);
    }

    /** {@return whether adverts of a family can travel by an interface at all, as far as its MTU goes} */
    static boolean carries(Link link, AddressFamily family) {
        return family == AddressFamily.INET || link.mtu() >= LEAST_MTU_IPV6;
    }

    /** {@return whether it is still on the interfaces, which may have been made anew under their names} */
    boolean isOn(Link link, Optional<Link> own) {
        return isOn(link.index())
                && (virtual == null
                        ? own.isEmpty()
                        : own.stream().anyMatch(each -> each.index() == virtual.interfaceIndex()));
    }

    /** {@return whether the router's interface, which it is on, has a number} */
    boolean isOn(int index) {
        return base.interfaceIndex() == index;
    }

    /**
     * {@return the next thing that has arrived; null = nothing waits}
     *
     * @throws LvsException if the socket fails
     */
    @Nullable
    Datagram receive() {
        io.lvs4j.netlink.socket.Datagram received = base.receive();
        if (received == null && virtual != null) {
            received = virtual.receive();
        }
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
     * @return whether it has left for one of them
     */
    boolean send(
            Advertisement advert,
            AdvertisementReceiver receiver,
            InetAddress source,
            Collection<LvsException> failures) {
        boolean left = false;
        for (InetAddress destination : destinations) {
            byte[] bytes = AdvertisementCodec.encode(advert, receiver.checksumFor(destination), source, destination);
            try {
                mouth.send(ByteBuffer.wrap(bytes), destination, Optional.of(source));
                left = true;
            } catch (LvsException e) {
                failures.add(e);
            }
        }
        return left;
    }

    @Override
    public void close() {
        base.close();
        if (virtual != null) {
            virtual.close();
        }
    }
}
