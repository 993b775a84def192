package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.Ipv4Setting;
import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.route.Route;
import io.lvs4j.netlink.route.RouteException;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.route.RoutingRule;
import io.lvs4j.netlink.socket.Errno;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives this host a router's addresses, routes and rules while it is master, and takes them away again.
 *
 * <p>Each address has a lifetime in the kernel that is renewed while this process lives: one that is killed, or stands still for long, loses its
 * addresses without anybody's help. An owner's address that was there before, for good, is the host's own: it is neither renewed nor removed.
 * Whatever else is there of a router's addresses, as from a process that has crashed, is taken for the router's;
 * routes and rules are if they have VRRP's protocol.
 *
 * <p>Not thread-safe.
 */
final class AddressKeeper {
    /** In the kernel's whole seconds. It may remove an address up to a second early, and a fifth of a second late. */
    static final Duration LIFETIME = Duration.ofSeconds(2);

    /** How often lifetimes are renewed: twice before the kernel may remove the address. */
    static final Duration RENEWAL = Duration.ofMillis(400);

    /** What addresses are marked with, as IP's number of VRRP, so that a listing says whose they are. */
    private static final int MARK = 112;

    /** How many routes or rules may match one that is to be removed. */
    private static final int MOST_MATCHES = 64;

    private final VirtualRouter router;
    private final Interfaces interfaces;
    private final RouteNetlink kernel;
    private final Optional<VirtualInterface> virtual;
    private final Set<VirtualAddress> hosts = new HashSet<>();

    /** Routes of IPv6 and rules that this router does not have in the kernel: what is in their place is not its own. */
    private final Set<Object> absent = new HashSet<>();

    private boolean looked;

    /**
     * A router's addresses.
     *
     * @param router it
     * @param interfaces where they are put
     * @param kernel who is asked to
     * @param virtual the router's virtual interface, if it has one
     */
    AddressKeeper(
            VirtualRouter router, Interfaces interfaces, RouteNetlink kernel, Optional<VirtualInterface> virtual) {
        this.router = router;
        this.interfaces = interfaces;
        this.kernel = kernel;
        if (router.priority() == VirtualRouter.OWNER) {
            absent.addAll(
                    KernelRoutes.rules(router).keySet()); // an owner may begin as master, and removes nothing before
            router.routes().stream().filter(AddressKeeper::isAlone).forEach(absent::add);
        }
        this.virtual = virtual;
    }

    /** {@return all of its addresses} */
    static Stream<VirtualAddress> addresses(VirtualRouter router) {
        return Stream.of(router.addresses(), router.excludedAddresses()).flatMap(List::stream);
    }

    /**
     * {@return the interface that an address is put on}
     *
     * @param address one of the router's
     */
    Optional<Link> linkOf(VirtualAddress address) {
        if (address.device().isPresent() && !address.device().equals(router.networkInterface())) {
            return interfaces.link(address.device().get());
        }
        // what the monitor has read may not have the virtual interface yet, or still an earlier one
        return virtual.map(VirtualInterface::link).orElseGet(() -> interfaces.linkOf(router));
    }

    /** {@return whether the host has an address for good, so that it does not come and go with the router} */
    boolean isHosts(VirtualAddress address) {
        return hosts.contains(address);
    }

    /**
     * Adds everything; what is there already stays.
     *
     * @return what went wrong
     */
    List<String> add() {
        List<String> failures = new ArrayList<>();
        if (router.has(VirtualRouter.Option.PROMOTE_SECONDARIES)) {
            interfaces
                    .linkOf(router)
                    .ifPresent(link -> attempt(
                            failures,
                            "promote_secondaries of " + link.name(),
                            Errno.EEXIST,
                            () -> kernel.settings(link.index(), Map.of(Ipv4Setting.PROMOTE_SECONDARIES, 1))));
        }
        failures.addAll(renew());
        return failures;
    }

    /**
     * Gives addresses their lifetime anew, and adds what is not there, routes and rules too. These have no lifetime.
     *
     * @return what went wrong
     */
    List<String> renew() {
        List<String> failures = new ArrayList<>();
        if (!look(failures)) {
            return failures;
        }
        addresses(router).filter(each -> !hosts.contains(each)).forEach(each -> {
            Optional<Link> link = linkOf(each);
            if (link.isEmpty()) {
                failures.add("address " + each + ": its interface is not there");
            } else {
                attempt(failures, "address " + each, Errno.EEXIST, () -> kernel.replace(entry(each, link.get())));
            }
        });
        for (VirtualRoute each : router.routes()) {
            attempt(failures, "route " + each, Errno.EEXIST, () -> {
                Route route = KernelRoutes.of(each, interfaces);
                if (!add(each, () -> kernel.add(route), () -> kernel.remove(route))) {
                    failures.add("route " + each + ": another one is there (expected: a metric of its own)");
                }
            });
        }
        KernelRoutes.rules(router)
                .forEach((rule, each) -> attempt(failures, "rule " + each, Errno.EEXIST, () -> {
                    if (!add(rule, () -> kernel.add(rule), () -> kernel.remove(rule))) {
                        failures.add("rule " + each + ": another one is there (expected: a preference of its own)");
                    }
                }));
        return failures;
    }

    /**
     * Adds a route or rule. If its place is taken although it cannot be there, what is there is another router's, and can be removed in VRRP's
     * name: then it comes back beside this one. Or else it is the host's, and stays.
     *
     * @return whether it is there
     */
    private boolean add(Object each, Runnable addition, Runnable removal) {
        if (!isNew(addition) && absent.contains(each)) {
            removeAll(removal);
            if (!isNew(addition)) {
                return false;
            }
        }
        absent.remove(each);
        return true;
    }

    private static boolean isNew(Runnable addition) {
        try {
            addition.run();
            return true;
        } catch (RouteException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Removes everything, also what an earlier process has left.
     *
     * @return what went wrong
     */
    List<String> remove() {
        return remove(KernelRoutes.rules(router), router.routes(), addresses(router));
    }

    /**
     * Removes what another description of the router does not have in the kernel.
     *
     * @param next its
     * @return what went wrong
     */
    List<String> removeWhatIsNotOf(AddressKeeper next) {
        Set<Optional<InterfaceAddress>> stay =
                addresses(next.router).map(next::place).collect(Collectors.toSet());
        Map<RoutingRule, VirtualRule> rules = KernelRoutes.rules(router);
        rules.keySet().removeAll(KernelRoutes.rules(next.router).keySet());
        return remove(
                rules,
                without(router.routes(), next.router.routes()),
                addresses(router).filter(each -> !stay.contains(place(each))));
    }

    /** An address as it is in the kernel, but for its times, which are renewed. */
    private Optional<InterfaceAddress> place(VirtualAddress address) {
        return linkOf(address).map(link -> entry(address, link, 0));
    }

    private static <T> List<T> without(List<T> all, List<T> some) {
        return all.stream().filter(each -> !some.contains(each)).toList();
    }

    private List<String> remove(
            Map<RoutingRule, VirtualRule> rules, List<VirtualRoute> routes, Stream<VirtualAddress> addresses) {
        List<String> failures = new ArrayList<>();
        if (!look(failures)) {
            return failures;
        }
        rules.forEach((rule, each) ->
                attempt(failures, "rule " + each, Errno.ENOENT, () -> removeAll(() -> kernel.remove(rule))));
        absent.addAll(rules.keySet());
        for (VirtualRoute each : routes) {
            attempt(failures, "route " + each, Errno.ESRCH, () -> {
                Route route = KernelRoutes.of(each, interfaces);
                removeAll(() -> kernel.remove(route));
            });
        }
        routes.stream().filter(AddressKeeper::isAlone).forEach(absent::add);
        addresses
                .filter(each -> !hosts.contains(each))
                .forEach(each -> linkOf(each)
                        .ifPresent(link -> attempt(
                                failures,
                                "address " + each,
                                Errno.EADDRNOTAVAIL,
                                () -> kernel.remove(entry(each, link)))));
        return failures;
    }

    /** Whether a route cannot be there beside others: one of IPv4 goes before them. */
    private static boolean isAlone(VirtualRoute route) {
        return route.family() == AddressFamily.INET6;
    }

    /**
     * Removes until nothing is left: the kernel takes the first route or rule that matches, which may be one of another router that says more.
     * That puts it back.
     */
    private static void removeAll(Runnable removal) {
        try {
            for (int matches = 0; matches < MOST_MATCHES; matches++) {
                removal.run();
            }
        } catch (RouteException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /** Finds the owner's addresses that were there before; returns whether they are known. */
    private boolean look(List<String> failures) {
        if (!looked && router.priority() == VirtualRouter.OWNER) {
            attempt(failures, "addresses that the host has", Errno.EEXIST, () -> noteHosts(kernel.addresses()));
        }
        return looked || router.priority() != VirtualRouter.OWNER;
    }

    private void noteHosts(List<InterfaceAddress> there) {
        addresses(router)
                .forEach(each -> linkOf(each).ifPresent(link -> {
                    InterfaceAddress wanted = entry(each, link);
                    there.stream()
                            .filter(other -> other.interfaceIndex() == link.index()
                                    && other.address().equals(wanted.address())
                                    && other.validSeconds() == InterfaceAddress.FOREVER)
                            .findFirst()
                            .ifPresent(found -> hosts.add(each));
                }));
        looked = true;
    }

    private static void attempt(List<String> failures, String what, int harmless, Runnable call) {
        try {
            call.run();
        } catch (RouteException e) {
            boolean gone = harmless != Errno.EEXIST && (e.errno() == Errno.ENODEV || e.errno() == Errno.ENXIO);
            if (e.errno() != harmless && !gone) {
                failures.add(what + ": " + e.getMessage());
            }
        } catch (IllegalArgumentException e) {
            failures.add(what + ": " + e.getMessage());
        }
    }

    private static InterfaceAddress entry(VirtualAddress address, Link link) {
        long valid = LIFETIME.toSeconds();
        return entry(
                address,
                link,
                Math.min(address.preferredLifetime().map(Duration::toSeconds).orElse(valid), valid));
    }

    private static InterfaceAddress entry(VirtualAddress address, Link link, long preferred) {
        return new InterfaceAddress(
                link.index(),
                address.address(),
                address.prefixLength(),
                address.peer(),
                address.scope(),
                address.label(),
                address.broadcast(),
                flags(address),
                preferred,
                LIFETIME.toSeconds(),
                MARK);
    }

    private static int flags(VirtualAddress address) {
        int flags = 0;
        for (VirtualAddress.Flag each : address.flags()) {
            flags |= switch (each) {
                case HOME -> InterfaceAddress.HOME;
                case MANAGE_TEMPORARY_ADDRESSES -> InterfaceAddress.MANAGE_TEMPORARY_ADDRESSES;
                case NO_PREFIX_ROUTE -> InterfaceAddress.NO_PREFIX_ROUTE;
                case AUTO_JOIN -> InterfaceAddress.AUTO_JOIN;
                case DUPLICATE_DETECTION -> 0;
            };
        }
        boolean detects = address.flags().contains(VirtualAddress.Flag.DUPLICATE_DETECTION);
        return address.family() == AddressFamily.INET6 && !detects ? flags | InterfaceAddress.NO_DAD : flags;
    }
}
