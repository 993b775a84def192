package io.lvs4j.netlink.route;

import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.NetlinkSocket;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.Pollable;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a picture of the interfaces and addresses of a network namespace, and tells what changes. The picture is made by listing
 * them, and kept by what the kernel tells; if that comes faster than it is read, some is lost: then they are listed again and what
 * is different is told. What comes and goes in between may never be told.
 *
 * <p>Renewed lifetimes are no change: addresses of the picture have none.
 *
 * <p>Nothing waits but for a list: see {@link io.lvs4j.netlink.socket.Poller}. Not thread-safe.
 */
public final class InterfaceMonitor implements AutoCloseable {
    private static final int LINKS = 1; // RTNLGRP_LINK
    private static final int IPV4_ADDRESSES = 5; // RTNLGRP_IPV4_IFADDR
    private static final int IPV6_ADDRESSES = 9; // RTNLGRP_IPV6_IFADDR

    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    /** What one call reads at most; the rest is told by the next. */
    private static final int MAX_DATAGRAMS = 1 << 14;

    private final NetlinkChannel events;
    private final Pollable socket;
    private final RouteNetlink kernel;
    private final Map<Integer, Link> links = new LinkedHashMap<>();
    private final Map<InterfaceAddress.Key, InterfaceAddress> addresses = new LinkedHashMap<>();
    private final List<Change> untold = new ArrayList<>();
    private boolean stale = true;
    private long resynchronisations = -1; // the first picture is none

    private InterfaceMonitor(NetlinkChannel events, Pollable socket, RouteNetlink kernel) {
        this.events = events;
        this.socket = socket;
        this.kernel = kernel;
    }

    /**
     * {@return a monitor of the network namespace of the calling thread, with its first picture}
     *
     * @throws SocketException if there is no netlink here; the message says what to do
     * @throws RouteException if the picture cannot be made
     */
    public static InterfaceMonitor open() {
        return open(RECEIVE_BUFFER_BYTES);
    }

    /**
     * {@return a monitor of another network namespace, with its first picture}
     *
     * @param namespace a file that stands for it, such as {@code /run/netns/blue}
     * @throws SocketException if there is no such namespace or it must not be entered
     * @throws RouteException if the picture cannot be made
     */
    public static InterfaceMonitor open(String namespace) {
        return NetworkNamespace.call(namespace, InterfaceMonitor::open);
    }

    /** Listens first and lists then, so that nothing is missed in between. */
    static InterfaceMonitor open(int receiveBufferBytes) {
        NetlinkSocket events =
                NetlinkSocket.openRouteMonitor(receiveBufferBytes, LINKS, IPV4_ADDRESSES, IPV6_ADDRESSES);
        try {
            return open(events, events, RouteNetlink.open());
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
    }

    /** Takes both over, also if it fails. */
    static InterfaceMonitor open(NetlinkChannel events, Pollable socket, RouteNetlink kernel) {
        InterfaceMonitor monitor = new InterfaceMonitor(events, socket, kernel);
        try {
            monitor.resynchronise();
            monitor.untold.clear();
            return monitor;
        } catch (RuntimeException e) {
            monitor.close();
            throw e;
        }
    }

    // ---------------------------------------------------------------- the picture

    /** {@return all interfaces, as far as changes have been read} */
    public List<Link> links() {
        return List.copyOf(links.values());
    }

    /**
     * {@return an interface, if it is there}
     *
     * @param name its name
     */
    public Optional<Link> link(String name) {
        return links.values().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** {@return all addresses, without lifetimes, as far as changes have been read} */
    public List<InterfaceAddress> addresses() {
        return List.copyOf(addresses.values());
    }

    /** {@return how often everything was listed again because something was lost} */
    public long resynchronisations() {
        return resynchronisations;
    }

    /** {@return what has something to receive when there is a change} */
    public Pollable pollable() {
        return socket;
    }

    // ---------------------------------------------------------------- changes

    /**
     * {@return what has changed since the last call, in the order in which it happened; does not wait for more}
     *
     * @throws RouteException if the kernel cannot be heard or asked; the next call tries again
     */
    public List<Change> changes() {
        boolean more = true;
        for (int i = 0; more && i < MAX_DATAGRAMS; i++) {
            try {
                for (NetlinkMessage message : NetlinkMessage.parse(events.receive())) {
                    take(message);
                }
            } catch (SocketException e) {
                more = e.errno() != Errno.EAGAIN;
                stale |= more;
                if (more && e.errno() != Errno.ENOBUFS) {
                    throw RouteException.failed("changes of interfaces", e);
                }
            } catch (MalformedMessageException e) {
                stale = true;
            }
        }
        if (stale) {
            resynchronise();
        }
        List<Change> changes = List.copyOf(untold);
        untold.clear();
        return changes;
    }

    private void take(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        switch (message.type()) {
            case LinkCodec.NEW -> LinkCodec.read(payload).ifPresent(link -> set(link));
            case LinkCodec.DELETE -> LinkCodec.read(payload).ifPresent(link -> gone(link.index()));
            case AddressCodec.NEW -> AddressCodec.read(payload).ifPresent(address -> set(address));
            case AddressCodec.DELETE -> AddressCodec.read(payload).ifPresent(address -> gone(address.key()));
            default -> {
                // nothing that was asked for
            }
        }
    }

    private void set(Link link) {
        if (!link.equals(links.put(link.index(), link))) {
            untold.add(new Change.LinkSet(link));
        }
    }

    private void gone(int index) {
        List<InterfaceAddress.Key> without = addresses.keySet().stream()
                .filter(key -> key.interfaceIndex() == index)
                .toList();
        without.forEach(key -> gone(key));
        Link link = links.remove(index);
        if (link != null) {
            untold.add(new Change.LinkGone(link));
        }
    }

    private void set(InterfaceAddress listed) {
        InterfaceAddress address = listed.withLifetimes(InterfaceAddress.FOREVER, InterfaceAddress.FOREVER);
        if (!address.equals(addresses.put(address.key(), address))) {
            untold.add(new Change.AddressSet(address));
        }
    }

    private void gone(InterfaceAddress.Key key) {
        InterfaceAddress address = addresses.remove(key);
        if (address != null) {
            untold.add(new Change.AddressGone(address));
        }
    }

    private void resynchronise() {
        List<Link> allLinks = kernel.links();
        List<InterfaceAddress> allAddresses = kernel.addresses();
        Set<InterfaceAddress.Key> keys = new HashSet<>();
        allAddresses.forEach(address -> keys.add(address.key()));
        Set<Integer> indices = new HashSet<>();
        allLinks.forEach(link -> indices.add(link.index()));
        List.copyOf(addresses.keySet()).stream()
                .filter(key -> !keys.contains(key))
                .forEach(key -> gone(key));
        List.copyOf(links.keySet()).stream()
                .filter(index -> !indices.contains(index))
                .forEach(index -> gone(index));
        allLinks.forEach(link -> set(link));
        allAddresses.forEach(address -> set(address));
        stale = false;
        resynchronisations++;
    }

    @Override
    public void close() {
        events.close();
        kernel.close();
    }
}
