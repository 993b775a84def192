package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.route.RouteException;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.socket.Errno;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A router's own interface: a macvlan with the virtual MAC address, on top of its network interface. Addresses and settings are those of
 * keepalived's {@code use_vmac}; so are names that are chosen, but that IPv6 leaves {@code vrrp.51} to IPv4. Not thread-safe.
 */
final class VirtualInterface {
    private static final int MAC_BYTES = 6;

    private final VirtualRouter router;
    private final VirtualMac settings;
    private Optional<Link> made = Optional.empty();
    private OptionalInt quieted = OptionalInt.empty();

    private VirtualInterface(VirtualRouter router, VirtualMac settings) {
        this.router = router;
        this.settings = settings;
    }

    /** {@return a router's, if it has one} */
    static Optional<VirtualInterface> of(VirtualRouter router) {
        return router.virtualMac().map(settings -> new VirtualInterface(router, settings));
    }

    /** {@return what it may be named where nobody has said, without end: vrrp.51, vrrp1.51, ...; over IPv6 vrrp6.51, vrrp1.51, ..., each once} */
    static Stream<String> names(VirtualRouter router) {
        boolean ipv6 = router.family() == AddressFamily.INET6;
        Stream<String> numbers = IntStream.iterate(1, number -> number + 1)
                .filter(number -> !ipv6 || number != 6)
                .mapToObj(String::valueOf);
        return Stream.concat(Stream.of(ipv6 ? "6" : ""), numbers)
                .map(number -> "vrrp" + number + "." + router.virtualRouterId());
    }

    /** {@return the name that is configured; or the chosen one of an interface that is there already; or the first that is free} */
    private String name(Link below, Host host) {
        if (settings.name().isPresent()) {
            return settings.name().get();
        }
        Pattern chosen = Pattern.compile("vrrp[0-9]*\\." + router.virtualRouterId());
        Stream<String> left = host.interfaces().links().stream()
                .filter(each -> isOwn(each, below))
                .map(Link::name)
                .filter(chosen.asMatchPredicate());
        return Stream.concat(left, names(router))
                .filter(each -> !host.interfaces().isConfigured(each))
                .filter(each -> host.kernel()
                        .link(each)
                        .filter(found -> !isOwn(found, below))
                        .isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Refuses what is not there: ipvlan interfaces, and virtual MAC addresses on other interfaces than the router's.
     *
     * @param router that may have one
     * @throws IllegalArgumentException if it cannot be carried out
     */
    static void require(VirtualRouter router) {
        router.virtualMac().ifPresent(settings -> {
            if (settings.type() != VirtualMac.Type.MAC) {
                throw new IllegalArgumentException("virtual MAC of " + router.name() + ": " + settings.type()
                        + " (expected: MAC; ipvlan interfaces are read and written in keepalived.conf only)");
            }
            if (router.networkInterface().isEmpty()) {
                throw new IllegalArgumentException(
                        "virtual MAC of " + router.name() + ": without an interface (expected: with one)");
            }
        });
        boolean all = router.has(VirtualRouter.Option.VIRTUAL_MAC_FOR_ALL_ADDRESSES);
        AddressKeeper.addresses(router)
                .filter(each -> each.device().isPresent() && !each.device().equals(router.networkInterface()))
                .filter(each -> each.onVirtualMac() || all)
                .findFirst()
                .ifPresent(each -> {
                    throw new IllegalArgumentException("address: " + each + " (expected: no virtual MAC address but on "
                            + router.networkInterface().orElse("the router's interface") + ")");
                });
    }

    /**
     * Adds it, unless it is there, perhaps because an earlier process has left it; and sets it up.
     *
     * @param link the interface below
     * @throws LvsException if it cannot be added, or there is another one of its name
     */
    void add(Link link, Host host) {
        RouteNetlink kernel = host.kernel();
        String name = name(link, host);
        Optional<Link> there = kernel.link(name);
        if (there.isPresent()) {
            Link found = there.get();
            requireOwn(found, link);
            if (!AdvertSocket.carries(found, router.family())) {
                kernel.removeLink(found.index()); // a new one has the MTU of the interface below
                there = Optional.empty();
            }
        }
        if (there.isPresent()) {
            int index = there.get().index();
            kernel.setUp(index, true);
            made = kernel.link(index);
        } else {
            made = Optional.of(kernel.addMacvlan(name, link.index(), mac(router, settings)));
        }
        if (quieted.isEmpty() || quieted.getAsInt() != link.index()) {
            quieted.ifPresent(host.quiet()::end);
            host.quiet().begin(link.index());
            quieted = OptionalInt.of(link.index());
        }
    }

    /**
     * Looks whether it can be {@linkplain #add added}, and changes nothing.
     *
     * @param link the interface below
     * @param ending interfaces that are removed before
     * @throws VrrpException if there is another one of the name that is configured
     */
    void requireFree(Link link, RouteNetlink kernel, Collection<Link> ending) {
        settings.name()
                .flatMap(kernel::link)
                .filter(found -> ending.stream().noneMatch(each -> each.index() == found.index()))
                .ifPresent(found -> requireOwn(found, link));
    }

    private void requireOwn(Link found, Link below) {
        if (!isOwn(found, below)) {
            throw new VrrpException(
                    "interface " + found.name() + " of " + router.name()
                            + ": there is one already that is no macvlan with " + mac(router, settings) + " on "
                            + below.name() + " (remove it, or name another)",
                    null);
        }
    }

    private boolean isOwn(Link found, Link below) {
        return found.kind().equals(Optional.of("macvlan"))
                && found.parent().orElse(0) == below.index()
                && found.mac().equals(Optional.of(mac(router, settings)));
    }

    /** {@return the MAC address of a router's virtual interface} */
    static MacAddress mac(VirtualRouter router, VirtualMac settings) {
        String family = router.family() == AddressFamily.INET6 ? "02" : "01";
        String standard = "00:00:5e:00:" + family;
        String bytes = settings.mac().orElse(standard);
        return MacAddress.parse(
                bytes.split(":", -1).length == MAC_BYTES
                        ? bytes
                        : bytes + String.format(":%02x", router.virtualRouterId()));
    }

    /** {@return whether adverts leave by it, and so with its MAC address} Unicast ones over IPv6, whose way is the other interface's, do not. */
    boolean sendsAdverts() {
        boolean unicast = !router.transport().peers().isEmpty();
        return !settings.sendOnBase() && (router.family() == AddressFamily.INET || !unicast);
    }

    /** {@return whether it is known to be there and up, as it was added, with all that goes with it} What has not been read yet is not known. */
    boolean isThere(Interfaces interfaces) {
        return made.isPresent()
                && quieted.isPresent()
                && interfaces
                        .link(made.get().name())
                        .filter(each ->
                                each.isUp() && each.index() == made.get().index())
                        .isPresent();
    }

    /** {@return it, once it has been added} */
    Optional<Link> link() {
        return made;
    }

    /**
     * Removes it, and gives the interface below its settings back. It is taken for removed also if that fails.
     *
     * @throws LvsException if it cannot be removed
     */
    void remove(Host host) {
        Optional<Link> old = made;
        OptionalInt below = quieted;
        made = Optional.empty();
        quieted = OptionalInt.empty();
        try {
            old.ifPresent(link -> host.kernel().removeLink(link.index()));
        } catch (RouteException e) {
            if (e.errno() != Errno.ENODEV) { // it has gone with the one below, or somebody was faster
                throw e;
            }
        } finally {
            below.ifPresent(host.quiet()::end);
        }
    }
}
