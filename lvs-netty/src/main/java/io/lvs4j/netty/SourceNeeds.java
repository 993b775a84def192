package io.lvs4j.netty;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressRange;
import io.lvs4j.BackendException;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/**
 * What a service's {@link Sources} need of this host. A value, so that a pool with the same needs as before is not asked about
 * again.
 *
 * @param ranges addresses that it must have
 * @param transparent the families of addresses that it must be able to use without having them
 */
record SourceNeeds(Set<AddressRange> ranges, Set<AddressFamily> transparent) {

    static SourceNeeds of(VirtualService service, boolean transparent) {
        Set<AddressRange> ranges = new HashSet<>();
        Set<AddressFamily> families = new HashSet<>();
        for (RealServer server : service.allServers()) {
            ForwardingMethod method = service.forwardingOf(server);
            if (method instanceof ForwardingMethod.FullNat fullNat) {
                fullNat.source().ifPresent(ranges::add);
            } else if (transparent) {
                families.add(AddressFamily.of(server.key().address()));
            }
        }
        return new SourceNeeds(Set.copyOf(ranges), Set.copyOf(families));
    }

    /**
     * Asks the host.
     *
     * @throws BackendException if something is missing; it says what and what to do
     */
    void require(ServiceKey service) {
        for (AddressRange range : ranges) {
            for (int i = 0; i < range.size(); i++) {
                requireOurs(range.address(i), service);
            }
        }
        transparent.forEach(family -> TransparentRouting.require(family, service));
    }

    private static void requireOurs(InetAddress source, ServiceKey service) {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(source, 0));
        } catch (IOException e) {
            String reason = TcpService.reason(e);
            if (!reason.startsWith("address already in use")) { // then it is ours, but without a port right now
                throw new BackendException(
                        "bind", "full-nat source " + source.getHostAddress() + " of " + service, reason, e);
            }
        }
    }
}
