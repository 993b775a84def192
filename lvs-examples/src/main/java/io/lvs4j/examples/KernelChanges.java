package io.lvs4j.examples;

import io.lvs4j.AddressFamily;
import io.lvs4j.ipvsadm.ListedServer;
import io.lvs4j.ipvsadm.ListedService;
import io.lvs4j.ipvsadm.ServerRule;
import io.lvs4j.ipvsadm.ServiceAddress;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.ipvsadm.ServiceRule;
import io.lvs4j.netlink.IpvsChange;
import io.lvs4j.netlink.IpvsDestination;
import io.lvs4j.netlink.IpvsService;
import io.lvs4j.netlink.IpvsServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is to be done to one table so that it becomes another: what is in both stays, with its connections. */
final class KernelChanges {
    private record Endpoint(InetAddress address, int port) {}

    private KernelChanges() {}

    static List<IpvsChange> between(ServiceListing before, ServiceListing after) {
        Map<ServiceAddress, ListedService> old = byAddress(before);
        Map<ServiceAddress, ListedService> wanted = byAddress(after);
        List<IpvsChange> changes = new ArrayList<>();
        old.keySet().stream()
                .filter(address -> !wanted.containsKey(address))
                .forEach(address -> changes.add(new IpvsChange.RemoveService(key(address))));
        wanted.forEach((address, service) -> {
            ListedService current = old.get(address);
            if (current == null) {
                changes.add(new IpvsChange.AddService(service(service.rule())));
            } else if (!current.rule().equals(service.rule())) {
                changes.add(new IpvsChange.EditService(service(service.rule())));
            }
            servers(key(address), current == null ? List.of() : current.servers(), service.servers(), changes);
        });
        return changes;
    }

    private static void servers(
            IpvsServiceKey service, List<ListedServer> before, List<ListedServer> after, List<IpvsChange> changes) {
        Map<Endpoint, ServerRule> old = byEndpoint(before);
        Map<Endpoint, ServerRule> wanted = byEndpoint(after);
        old.keySet().stream()
                .filter(at -> !wanted.containsKey(at))
                .forEach(at -> changes.add(new IpvsChange.RemoveDestination(service, at.address(), at.port())));
        wanted.forEach((at, server) -> {
            ServerRule current = old.get(at);
            if (current == null) {
                changes.add(new IpvsChange.AddDestination(service, destination(server)));
            } else if (!current.equals(server)) {
                changes.add(new IpvsChange.EditDestination(service, destination(server)));
            }
        });
    }

    private static Map<ServiceAddress, ListedService> byAddress(ServiceListing table) {
        Map<ServiceAddress, ListedService> services = new LinkedHashMap<>();
        table.services().forEach(each -> services.put(each.rule().address(), each));
        return services;
    }

    private static Map<Endpoint, ServerRule> byEndpoint(List<ListedServer> listed) {
        Map<Endpoint, ServerRule> servers = new LinkedHashMap<>();
        listed.forEach(each ->
                servers.put(new Endpoint(each.rule().address(), each.rule().port()), each.rule()));
        return servers;
    }

    static IpvsServiceKey key(ServiceAddress address) {
        return address instanceof ServiceAddress.At at
                ? new IpvsServiceKey.Address(at.protocol(), at.address(), at.port())
                : new IpvsServiceKey.FirewallMark(((ServiceAddress.Mark) address).mark(), address.family());
    }

    private static IpvsService service(ServiceRule rule) {
        return new IpvsService(
                key(rule.address()),
                rule.scheduler(),
                rule.flags(),
                rule.onePacket(),
                rule.persistent().map(persistent -> persistence(rule.address(), persistent)),
                rule.engine());
    }

    private static IpvsService.Persistence persistence(ServiceAddress address, ServiceRule.Persistent persistent) {
        int mask = persistent.netmask();
        int prefix = mask;
        if (address.family() == AddressFamily.INET) {
            prefix = Integer.bitCount(mask);
            if (prefix == 0 || mask != -1 << (Integer.SIZE - prefix)) {
                throw new BadInput(address + " netmask", Integer.toHexString(mask), "ones before zeros");
            }
        }
        return new IpvsService.Persistence(Duration.ofSeconds(persistent.seconds()), prefix);
    }

    private static IpvsDestination destination(ServerRule rule) {
        IpvsDestination.Method method = switch (rule.forwarding()) {
            case MASQUERADING -> IpvsDestination.Method.MASQUERADE;
            case TUNNEL -> IpvsDestination.Method.TUNNEL;
            case GATEWAYING -> IpvsDestination.Method.DIRECT_ROUTING;
            case LOCAL -> IpvsDestination.Method.LOCAL;
        };
        Optional<IpvsDestination.Tunnel> tunnel = rule.tunnel()
                .map(wrapped -> new IpvsDestination.Tunnel(
                        wrapped.encapsulation(),
                        wrapped.port(),
                        IpvsDestination.Checksum.valueOf(wrapped.checksum().name())));
        return new IpvsDestination(
                rule.address(),
                rule.port(),
                method,
                rule.weight(),
                rule.upperThreshold(),
                rule.lowerThreshold(),
                tunnel);
    }
}
