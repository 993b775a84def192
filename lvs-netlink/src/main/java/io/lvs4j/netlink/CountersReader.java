package io.lvs4j.netlink;

import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Adds up what the kernel counts of the services that a service is. */
final class CountersReader {
    private CountersReader() {}

    static ServiceCounters read(Ipvs ipvs, ServiceKey service) {
        Map<ServerKey, ServerCounters> servers = new HashMap<>();
        long connections = 0;
        for (IpvsServiceKey key : KernelSettings.keys(service)) {
            Optional<IpvsServiceEntry> found = ipvs.service(key);
            if (found.isEmpty()) {
                continue; // somebody else has removed it, and its connections with it
            }
            connections += found.get().counters().connections();
            for (IpvsDestinationEntry entry : ipvs.destinations(key)) {
                IpvsDestination destination = entry.destination();
                if (destination.port() > 0) {
                    servers.merge(
                            new ServerKey(destination.address(), destination.port()),
                            counters(entry),
                            CountersReader::sum);
                }
            }
        }
        return new ServiceCounters(servers, connections, Map.of());
    }

    private static ServerCounters counters(IpvsDestinationEntry entry) {
        IpvsCounters counted = entry.counters();
        return new ServerCounters(
                entry.active(),
                entry.inactive(),
                entry.persistent(),
                counted.connections(),
                0,
                0,
                counted.packetsIn(),
                counted.packetsOut(),
                counted.bytesIn(),
                counted.bytesOut());
    }

    private static ServerCounters sum(ServerCounters a, ServerCounters b) {
        return new ServerCounters(
                a.active() + b.active(),
                a.inactive() + b.inactive(),
                a.persistent() + b.persistent(),
                a.connections() + b.connections(),
                a.connectFailures() + b.connectFailures(),
                a.resets() + b.resets(),
                a.packetsIn() + b.packetsIn(),
                a.packetsOut() + b.packetsOut(),
                a.bytesIn() + b.bytesIn(),
                a.bytesOut() + b.bytesOut());
    }
}
