package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.ServiceKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which of the kernel's connections are a service's: those to its addresses. Data connections of FTP, which have other ports, are left
 * out.
 *
 * <p>The kernel does not list marks. A connection counts as a mark's if it goes to one of the mark's servers, and to an address that
 * no other service has; where two marks share a server, both have it. Templates of marks say whose they are.
 *
 * <p>The kernel gives its list out in parts, and finds the place to go on by counting (ip_vs_conn_array): when others come or go in
 * between, some appear twice or not at all. Who appears twice is listed once.
 */
final class ServiceConnections {
    private static final int ANY = 0;

    /** The kernel makes its templates of all ports, for the data connections (ip_vs_sched_persist). */
    private static final int FTP = 21;

    /** Where connections come to. */
    private record Place(String protocol, InetAddress address, int port) {
        static Place of(IpvsServiceKey.Address service) {
            return new Place(service.protocol().name(), service.address(), service.port());
        }

        static Place of(ConnectionEntry entry) {
            return new Place(
                    entry.protocol(),
                    entry.virtual().getAddress(),
                    entry.virtual().getPort());
        }

        Place at(int another) {
            return new Place(protocol, address, another);
        }
    }

    /** What makes a connection itself. */
    private record Ends(
            String protocol, InetSocketAddress client, InetSocketAddress virtual, InetSocketAddress destination) {
        static Ends of(ConnectionEntry entry) {
            return new Ends(entry.protocol(), entry.client(), entry.virtual(), entry.destination());
        }
    }

    private ServiceConnections() {}

    /** Lists some, and counts the others. */
    static ConnectionEntries list(Ipvs ipvs, ServiceKey service, int most) {
        Predicate<ConnectionEntry> wanted = service instanceof ServiceKey.FirewallMark mark
                ? of(
                        mark,
                        servers(ipvs, mark),
                        places(ipvs.services().stream()
                                .map(entry -> entry.service().key())
                                .toList()))
                : of(places(KernelSettings.keys(service)));
        Map<Ends, ConnectionEntry> listed = new LinkedHashMap<>();
        int[] more = {0};
        ipvs.forEachConnection(entry -> {
            if (wanted.test(entry) && !listed.containsKey(Ends.of(entry))) {
                if (listed.size() < most) {
                    listed.put(Ends.of(entry), entry);
                } else {
                    more[0]++;
                }
            }
        });
        return new ConnectionEntries(List.copyOf(listed.values()), more[0]);
    }

    private static Set<Place> places(List<IpvsServiceKey> services) {
        Set<Place> places = new HashSet<>();
        for (IpvsServiceKey each : services) {
            if (each instanceof IpvsServiceKey.Address address) {
                places.add(Place.of(address));
            }
        }
        return places;
    }

    private static Predicate<ConnectionEntry> of(Set<Place> places) {
        return entry -> {
            Place place = Place.of(entry);
            return places.contains(place)
                    || (entry.isTemplate() && place.port() == ANY && places.contains(place.at(FTP)));
        };
    }

    private static Set<InetSocketAddress> servers(Ipvs ipvs, ServiceKey.FirewallMark mark) {
        Set<InetSocketAddress> servers = new HashSet<>();
        IpvsServiceKey key = new IpvsServiceKey.FirewallMark(mark.mark(), mark.family());
        if (ipvs.service(key).isPresent()) { // else somebody else has removed it
            for (IpvsDestinationEntry entry : ipvs.destinations(key)) {
                IpvsDestination server = entry.destination();
                servers.add(new InetSocketAddress(server.address(), server.port()));
            }
        }
        return servers;
    }

    private static Predicate<ConnectionEntry> of(
            ServiceKey.FirewallMark mark, Set<InetSocketAddress> servers, Set<Place> others) {
        return entry -> {
            if (AddressFamily.of(entry.client().getAddress()) != mark.family()) {
                return false;
            }
            Place place = Place.of(entry);
            if (entry.protocol().equals("IP")) {
                return mark(place.address()) == mark.mark();
            }
            return isAt(entry, servers) && !others.contains(place) && !others.contains(place.at(ANY));
        };
    }

    /** Of persistent clients the kernel leaves the port as it is (ip_vs_sched_persist). */
    private static boolean isAt(ConnectionEntry entry, Set<InetSocketAddress> servers) {
        InetSocketAddress destination = entry.destination();
        return servers.contains(destination)
                || (destination.getPort() == entry.virtual().getPort()
                        && servers.stream()
                                .anyMatch(server -> server.getAddress().equals(destination.getAddress())));
    }

    private static long mark(InetAddress address) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt());
    }
}
