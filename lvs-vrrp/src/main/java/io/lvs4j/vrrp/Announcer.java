package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.frame.GratuitousArp;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.frame.NeighbourAdvertisement;
import io.lvs4j.netlink.route.Link;
import io.lvs4j.netlink.route.RouteNetlink;
import io.lvs4j.netlink.socket.PacketSocket;
import java.net.InetAddress;
import java.util.Collection;

/** Tells the network which interface has an address: gratuitous ARP, and unsolicited neighbour advertisements. Not thread-safe. */
final class Announcer {
    /** More than that at once, whatever is configured, would hold up adverts. */
    private static final long MOST = 100;

    private final PacketSocket socket;
    private final RouteNetlink kernel;

    Announcer(PacketSocket socket, RouteNetlink kernel) {
        this.socket = socket;
        this.kernel = kernel;
    }

    /**
     * Announces an address. An interface that speaks neither ARP nor neighbour discovery is passed over.
     *
     * @param address it
     * @param link who has it
     * @param repeat how many times; more than {@value #MOST} are {@value #MOST}
     * @param failures is given what went wrong
     */
    void announce(InetAddress address, Link link, long repeat, Collection<String> failures) {
        if (link.mac().isEmpty() || link.isLoopback() || link.isWithoutArp()) {
            return;
        }
        try {
            byte[] frame = frame(address, link, link.mac().get());
            for (long i = 0; i < Math.min(repeat, MOST); i++) {
                socket.send(frame, link.index());
            }
        } catch (LvsException e) {
            failures.add("announcement of " + address.getHostAddress() + " on " + link.name() + ": " + e.getMessage());
        }
    }

    private byte[] frame(InetAddress address, Link link, MacAddress mac) {
        return AddressFamily.of(address) == AddressFamily.INET
                ? GratuitousArp.request(mac, address)
                : NeighbourAdvertisement.unsolicited(mac, address, kernel.forwardsIpv6(link.index()));
    }
}
