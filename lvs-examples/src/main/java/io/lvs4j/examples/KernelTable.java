package io.lvs4j.examples;

import io.lvs4j.AddressFamily;
import io.lvs4j.ipvsadm.KernelListing;
import io.lvs4j.ipvsadm.ListedServer;
import io.lvs4j.ipvsadm.ListedService;
import io.lvs4j.ipvsadm.ServerRule;
import io.lvs4j.ipvsadm.ServerRule.Checksum;
import io.lvs4j.ipvsadm.ServerRule.Forwarding;
import io.lvs4j.ipvsadm.ServiceAddress;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.ipvsadm.ServiceRule;
import io.lvs4j.ipvsadm.Traffic;
import io.lvs4j.netlink.Ipvs;
import io.lvs4j.netlink.IpvsCounters;
import io.lvs4j.netlink.IpvsDestination;
import io.lvs4j.netlink.IpvsDestinationEntry;
import io.lvs4j.netlink.IpvsInfo;
import io.lvs4j.netlink.IpvsService;
import io.lvs4j.netlink.IpvsServiceEntry;
import io.lvs4j.netlink.IpvsServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's table as what listings are made of. */
final class KernelTable {
    private KernelTable() {}

    static ServiceListing listing(Ipvs ipvs) {
        List<ListedService> services = new ArrayList<>();
        for (IpvsServiceEntry entry : ipvs.services()) {
            List<ListedServer> servers = ipvs.destinations(entry.service().key()).stream()
                    .map(KernelTable::server)
                    .toList();
            services.add(new ListedService(
                    rule(entry.service()), totals(entry.counters()), rates(entry.counters()), servers));
        }
        IpvsInfo info = ipvs.info();
        return new ServiceListing(info.version(), info.connectionTableSize(), services);
    }

    private static ServiceRule rule(IpvsService service) {
        ServiceAddress address = service.key() instanceof IpvsServiceKey.Address at
                ? new ServiceAddress.At(at.protocol(), at.address(), at.port())
                : new ServiceAddress.Mark(
                        ((IpvsServiceKey.FirewallMark) service.key()).mark(),
                        service.key().family());
        boolean ipv6 = address.family() == AddressFamily.INET6;
        return new ServiceRule(
                address,
                service.scheduler(),
                service.schedulerFlags(),
                service.persistence()
                        .map(persistence -> new ServiceRule.Persistent(
                                persistence.timeout().toSeconds(),
                                ipv6 ? persistence.prefixLength() : -1 << (Integer.SIZE - persistence.prefixLength()))),
                service.persistenceEngine(),
                service.onePacket());
    }

    private static ListedServer server(IpvsDestinationEntry entry) {
        IpvsDestination destination = entry.destination();
        Forwarding forwarding = switch (destination.method()) {
            case MASQUERADE -> Forwarding.MASQUERADING;
            case LOCAL -> Forwarding.LOCAL;
            case TUNNEL -> Forwarding.TUNNEL;
            case DIRECT_ROUTING -> Forwarding.GATEWAYING;
            case BYPASS -> throw new IllegalStateException("no destination is past the service");
        };
        return new ListedServer(
                new ServerRule(
                        destination.address(),
                        destination.port(),
                        forwarding,
                        destination.weight(),
                        destination.upperThreshold(),
                        destination.lowerThreshold(),
                        destination
                                .tunnel()
                                .map(tunnel -> new ServerRule.Tunnel(
                                        tunnel.encapsulation(),
                                        tunnel.port(),
                                        Checksum.valueOf(tunnel.checksum().name())))),
                entry.active(),
                entry.inactive(),
                entry.persistent(),
                totals(entry.counters()),
                rates(entry.counters()));
    }

    private static Traffic totals(IpvsCounters counters) {
        return new Traffic(
                counters.connections(),
                counters.packetsIn(),
                counters.packetsOut(),
                counters.bytesIn(),
                counters.bytesOut());
    }

    private static Traffic rates(IpvsCounters counters) {
        return new Traffic(
                counters.connectionRate(),
                counters.packetRateIn(),
                counters.packetRateOut(),
                counters.byteRateIn(),
                counters.byteRateOut());
    }

    static List<KernelListing.Daemon> daemons(Ipvs ipvs) {
        return ipvs.daemons().stream()
                .map(daemon -> new KernelListing.Daemon(
                        daemon.role().toString(),
                        daemon.networkInterface(),
                        daemon.syncId(),
                        daemon.maxLength(),
                        Optional.of(daemon.group()),
                        daemon.port(),
                        daemon.ttl()))
                .toList();
    }
}
