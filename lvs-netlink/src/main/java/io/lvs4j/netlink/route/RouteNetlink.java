package io.lvs4j.netlink.route;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.conversation.Conversation;
import io.lvs4j.netlink.conversation.Dump;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.NetlinkSocket;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists and changes interfaces, addresses, routes and rules of one network namespace. Whatever fails is a {@link RouteException},
 * which names it; reading wants no capability, changing wants CAP_NET_ADMIN.
 *
 * <p>Thread-safe; one request at a time.
 */
public final class RouteNetlink implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 8;
    private static final int LONGEST_NAME = 15;

    private static final Map<Ipv4Setting, Integer> MACVLAN_SETTINGS = Map.of(
            Ipv4Setting.ARP_IGNORE, 1,
            Ipv4Setting.ACCEPT_LOCAL, 1,
            Ipv4Setting.RP_FILTER, 0,
            Ipv4Setting.PROMOTE_SECONDARIES, 1);

    private final Conversation conversation;

    RouteNetlink(NetlinkChannel channel) {
        conversation = new Conversation(channel);
    }

    /**
     * {@return what there is in the network namespace of the calling thread}
     *
     * @throws SocketException if there is no netlink here; the message says what to do
     */
    public static RouteNetlink open() {
        return new RouteNetlink(NetlinkSocket.openRoute(PATIENCE));
    }

    /**
     * {@return what there is in another network namespace}
     *
     * @param namespace a file that stands for it, such as {@code /run/netns/blue}
     * @throws SocketException if there is no such namespace or it must not be entered
     */
    public static RouteNetlink open(String namespace) {
        return NetworkNamespace.call(namespace, RouteNetlink::open);
    }

    // ---------------------------------------------------------------- interfaces

    /** {@return all interfaces} */
    public List<Link> links() {
        return list("interfaces", LinkCodec.list(), LinkCodec.NEW, LinkCodec::read).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * {@return an interface, if it is there}
     *
     * @param name its name
     */
    public Optional<Link> link(String name) {
        return name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
                ? Optional.empty()
                : link("interface " + name, LinkCodec.get(name));
    }

    /**
     * {@return an interface, if it is there}
     *
     * @param index its number
     */
    public Optional<Link> link(int index) {
        return index <= 0 ? Optional.empty() : link("interface " + index, LinkCodec.get(index));
    }

    private synchronized Optional<Link> link(String what, Call call) {
        try {
            return conversation.get(what, call, LinkCodec.NEW, LinkCodec::read);
        } catch (RequestException e) {
            if (e.outcome().errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw RouteException.refused(what, e.outcome());
        } catch (SocketException | MalformedMessageException e) {
            throw RouteException.failed(what, e);
        }
    }

    /**
     * Sets an interface up or down.
     *
     * @param index its number
     * @param up whether up
     */
    public void setUp(int index, boolean up) {
        execute("set interface " + index + (up ? " up" : " down"), LinkCodec.up(index, up));
    }

    /**
     * Adds an interface with a MAC address of its own on top of another one, in private mode, sets it as VRRP wants it, and sets it up:
     * it answers ARP for its own addresses only, hears other hosts that have the same addresses, and gets no link-local IPv6 address. If
     * a step fails, it is removed again. What the interface below wants is told apart: see {@link #settings}.
     *
     * @param name its name, 1..15 bytes
     * @param parent the number of the interface below
     * @param mac its MAC address
     * @return the interface
     * @throws RouteException if it is there already ({@link Errno#EEXIST}), or the kernel has no macvlan ({@link Errno#EOPNOTSUPP})
     */
    public Link addMacvlan(String name, int parent, MacAddress mac) {
        String what = "add macvlan " + name + " with " + mac + " on interface " + parent;
        execute(what, LinkCodec.addMacvlan(name, parent, mac));
        int index = link(name)
                .map(Link::index)
                .orElseThrow(() -> RouteException.refused(what, new Outcome(Errno.ENODEV, "")));
        try {
            settings(index, MACVLAN_SETTINGS);
            try {
                execute(what + ", without link-local address", LinkCodec.noLinkLocalAddress(index));
            } catch (RouteException e) {
                if (e.errno() != Errno.EAFNOSUPPORT) { // a host without IPv6
                    throw e;
                }
            }
            setUp(index, true);
            return link(name).orElseThrow(() -> RouteException.refused(what, new Outcome(Errno.ENODEV, "")));
        } catch (RouteException e) {
            try {
                removeLink(index);
            } catch (RouteException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /**
     * Removes an interface that is none of hardware, with its addresses.
     *
     * @param index its number
     * @throws RouteException if it is not there ({@link Errno#ENODEV}) or cannot be removed ({@link Errno#EOPNOTSUPP})
     */
    public void removeLink(int index) {
        execute("remove interface " + index, LinkCodec.remove(index));
    }

    /**
     * {@return an interface's setting}
     *
     * @param index the interface's number
     * @param setting which
     */
    public int setting(int index, Ipv4Setting setting) {
        return ask(
                "setting " + setting + " of interface " + index,
                LinkCodec.get(index),
                payload -> LinkCodec.setting(payload, setting));
    }

    /**
     * {@return whether IPv6 packets that come in by an interface are forwarded: then the host says that it is a router}
     *
     * @param index the interface's number
     * @throws RouteException also if it has no IPv6
     */
    public boolean forwardsIpv6(int index) {
        return ask("IPv6 forwarding of interface " + index, LinkCodec.get(index), LinkCodec::forwardsIpv6);
    }

    private synchronized <T> T ask(String what, Call call, Function<ByteBuffer, T> reader) {
        try {
            return conversation.get(what, call, LinkCodec.NEW, reader);
        } catch (RequestException | SocketException | MalformedMessageException e) {
            throw RouteException.failed(what, e);
        }
    }

    /**
     * Changes some of an interface's settings.
     *
     * @param index the interface's number
     * @param settings the new values
     */
    public void settings(int index, Map<Ipv4Setting, Integer> settings) {
        execute("settings " + settings + " of interface " + index, LinkCodec.settings(index, settings));
    }

    // ---------------------------------------------------------------- addresses

    /** {@return all addresses of all interfaces} */
    public List<InterfaceAddress> addresses() {
        return list("addresses", AddressCodec.list(), AddressCodec.NEW, AddressCodec::read).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Adds an address.
     *
     * @param address the address; with a lifetime, the kernel removes it at its end, give or take a second
     * @throws RouteException if it is there already ({@link Errno#EEXIST})
     */
    public void add(InterfaceAddress address) {
        execute("add address " + address, AddressCodec.add(address, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE));
    }

    /**
     * Adds an address, or gives the one that is there other lifetimes and flags: so it is kept alive.
     *
     * @param address the address
     */
    public void replace(InterfaceAddress address) {
        execute(
                "replace address " + address,
                AddressCodec.add(address, NetlinkMessage.CREATE | NetlinkMessage.REPLACE));
    }

    /**
     * Removes an address.
     *
     * @param address the address; its lifetimes and flags do not matter
     * @throws RouteException if it is not there ({@link Errno#EADDRNOTAVAIL}), or the interface is not ({@link Errno#ENODEV})
     */
    public void remove(InterfaceAddress address) {
        execute("remove address " + address, AddressCodec.remove(address));
    }

    // ---------------------------------------------------------------- routes and rules

    /**
     * Adds a route, in VRRP's name. Where others to the same destination have the same metric, one of IPv4 comes before them. One of IPv6
     * cannot: the kernel would make one route of several next hops of them.
     *
     * @param route the route
     * @throws RouteException if it is there already, or for IPv6 another one with its destination and metric, whoever has added that ({@link
     *     Errno#EEXIST})
     */
    public void add(Route route) {
        boolean alone = route.family() == AddressFamily.INET6;
        execute(
                "add route " + route,
                RouteCodec.add(route, NetlinkMessage.CREATE | (alone ? NetlinkMessage.EXCLUSIVE : 0)));
    }

    /**
     * Removes a route that was added in VRRP's name.
     *
     * @param route the route; what it leaves open may be anything, and the first one that matches is removed
     * @throws RouteException if it is not there ({@link Errno#ESRCH})
     */
    public void remove(Route route) {
        execute("remove route " + route, RouteCodec.remove(route));
    }

    /**
     * Adds a rule, in VRRP's name; somebody else's that is the same stays beside it.
     *
     * @param rule the rule
     * @throws RouteException if it is there already, or another one in VRRP's name that has the same preference and says more ({@link
     *     Errno#EEXIST}), or the kernel has no rules for its family ({@link Errno#EOPNOTSUPP})
     */
    public void add(RoutingRule rule) {
        execute("add rule " + rule, RouteCodec.add(rule, NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE));
    }

    /**
     * Removes a rule that was added in VRRP's name.
     *
     * @param rule the rule; what it leaves open may be anything, and the first one that matches is removed
     * @throws RouteException if it is not there ({@link Errno#ENOENT})
     */
    public void remove(RoutingRule rule) {
        execute("remove rule " + rule, RouteCodec.remove(rule));
    }

    // ---------------------------------------------------------------- asking

    /** A list that was changed while it was made is made anew, for a while; then the last one must do. */
    private synchronized <T> List<T> list(String what, Call call, int type, Function<ByteBuffer, T> reader) {
        try {
            Dump<T> dump = conversation.dump(what, call, type, reader);
            for (int tries = 1; dump.interrupted() && tries < MOST_TRIES; tries++) {
                dump = conversation.dump(what, call, type, reader);
            }
            return dump.entries();
        } catch (RequestException | SocketException | MalformedMessageException e) {
            throw RouteException.failed("list of " + what, e);
        }
    }

    private synchronized void execute(String what, Call call) {
        try {
            Outcome outcome = conversation.execute(List.of(call)).get(0);
            if (!outcome.ok()) {
                throw RouteException.refused(what, outcome);
            }
        } catch (SocketException | MalformedMessageException e) {
            throw RouteException.failed(what, e);
        }
    }

    @Override
    public synchronized void close() {
        conversation.close();
    }
}
