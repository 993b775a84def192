package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.route.InterfaceAddress;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.route.Link;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The host's interfaces and addresses, as virtual routers look at them. Confined to the thread that reads the monitor's changes. */
final class Interfaces {
    private static final int HOST_SCOPE = 254;
    private static final int UNUSABLE = InterfaceAddress.TENTATIVE | InterfaceAddress.DAD_FAILED;

    private final InterfaceMonitor monitor;
    private Set<InetAddress> virtual = Set.of();
    private Set<String> configured = Set.of();

    Interfaces(InterfaceMonitor monitor) {
        this.monitor = monitor;
    }

    /** Notes whose addresses, and virtual interfaces, come and go. Adverts do not come from these addresses. */
    void comeAndGo(VirtualRouters routers) {
        configured = routers.routers().stream()
                .flatMap(each -> each.virtualMac().flatMap(VirtualMac::name).stream())
                .collect(Collectors.toUnmodifiableSet());
        virtual = routers.routers().stream()
                .flatMap(AddressKeeper::addresses)
                .map(VirtualAddress::address)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return an interface, if it is there} */
    Optional<Link> link(String name) {
        return monitor.link(name);
    }

    /** {@return whether it is said of a router that this is the name of its virtual interface} */
    boolean isConfigured(String name) {
        return configured.contains(name);
    }

    /** {@return all} */
    List<Link> links() {
        return monitor.links();
    }

    /** {@return the names of all} */
    List<String> names() {
        return monitor.links().stream().map(Link::name).toList();
    }

    /** {@return the interface that adverts travel by: the router's, its VRF device, or the one that has its source} */
    Optional<Link> linkOf(VirtualRouter router) {
        Transport transport = router.transport();
        return router.networkInterface()
                .or(transport::vrf)
                .map(this::link)
                .orElseGet(() -> transport.source().flatMap(this::linkWith));
    }

    private Optional<Link> linkWith(InetAddress address) {
        return monitor.addresses().stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .flatMap(each -> monitor.links().stream()
                        .filter(link -> link.index() == each.interfaceIndex())
                        .findFirst());
    }

    /** {@return whether the host has an address} */
    boolean has(InetAddress address) {
        return monitor.addresses().stream().anyMatch(each -> each.address().equals(address));
    }

    /**
     * {@return the address that adverts come from, where none is configured: the interface's first IPv4 address, its link-local IPv6 one; a virtual
     * address only if there is no other}
     *
     * @param link the interface
     * @param family of which adverts
     */
    Optional<InetAddress> source(Link link, AddressFamily family) {
        List<InetAddress> candidates = monitor.addresses().stream()
                .filter(each -> each.interfaceIndex() == link.index() && each.family() == family)
                .filter(each -> family == AddressFamily.INET
                        ? each.scope() < HOST_SCOPE
                        : each.address().isLinkLocalAddress() && (each.flags() & UNUSABLE) == 0)
                .map(InterfaceAddress::address)
                .toList();
        return candidates.stream()
                .filter(each -> !virtual.contains(each))
                .findFirst()
                .or(() -> candidates.stream().findFirst());
    }
}
