package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressRange;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule of iptables that rewrites the source of what IPVS sends to real servers, which IPVS itself does not: one per service of
 * the kernel, in POSTROUTING of the table nat. It matches by what IPVS says of a packet ({@code -m ipvs}), and not by a mark set in
 * PREROUTING: marks are the operator's, who may have a service by mark or routing by mark, and one rule cannot be half there.
 *
 * @param service the service of the kernel
 * @param source what the source becomes; empty = the address of the interface that leads to the real server
 */
record FullNatRule(IpvsServiceKey service, Optional<AddressRange> source) {

    /** Returns the rules that a service wants: none if it has no full NAT. */
    static List<FullNatRule> of(VirtualService service) {
        List<ForwardingMethod.FullNat> methods = methods(service);
        return methods.isEmpty()
                ? List.of()
                : KernelSettings.keys(service.key()).stream()
                        .map(key -> new FullNatRule(key, methods.get(0).source()))
                        .toList();
    }

    /** Returns the different ways of full NAT that a service's servers have; there may be one. */
    static List<ForwardingMethod.FullNat> methods(VirtualService service) {
        return service.allServers().stream()
                .map(service::forwardingOf)
                .filter(ForwardingMethod.FullNat.class::isInstance)
                .map(ForwardingMethod.FullNat.class::cast)
                .distinct()
                .toList();
    }

    /** Returns the program and its arguments that add ({@code -A}) or delete ({@code -D}) the rule. */
    List<String> command(String action) {
        List<String> command = program(service.family(), action);
        if (service instanceof IpvsServiceKey.Address address) {
            command.addAll(List.of(
                    "-m",
                    "ipvs",
                    "--vproto",
                    address.protocol().toString(),
                    "--vaddr",
                    address.address().getHostAddress(),
                    "--vport",
                    Integer.toString(address.port())));
        } else if (service instanceof IpvsServiceKey.FirewallMark mark) {
            command.addAll(List.of("-m", "mark", "--mark", Long.toString(mark.mark()), "-m", "ipvs", "--ipvs"));
        }
        command.addAll(List.of("--vmethod", "MASQ", "-m", "comment", "--comment", comment(service)));
        command.addAll(source.map(range -> List.of("-j", "SNAT", "--to-source", text(range)))
                .orElse(List.of("-j", "MASQUERADE")));
        return command;
    }

    private static String text(AddressRange range) {
        String first = range.first().getHostAddress();
        return range.size() == 1 ? first : first + "-" + range.last().getHostAddress();
    }

    /** Returns the program that does something with the rules of a family. */
    static List<String> program(AddressFamily family, String action) {
        return new ArrayList<>(List.of(
                family == AddressFamily.INET ? "iptables" : "ip6tables",
                "-w",
                "5",
                "-t",
                "nat",
                action,
                "POSTROUTING"));
    }

    /** Returns by what a service's rules are known. */
    static String comment(IpvsServiceKey service) {
        return "lvs4j:" + service;
    }

    @Override
    public String toString() {
        return "iptables rule for full NAT of " + service
                + source.map(range -> " from " + text(range)).orElse("");
    }
}
