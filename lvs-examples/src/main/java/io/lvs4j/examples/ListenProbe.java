package io.lvs4j.examples;

import io.lvs4j.ListenAddress;
import io.lvs4j.Plan;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether this host lets services listen before anything is changed, so that a plan is not found to be impossible when half of it
 * has been carried out.
 */
final class ListenProbe {
    private ListenProbe() {}

    /**
     * Returns what keeps a plan's new services from listening, the first thing; empty = nothing.
     *
     * @param now the services that there are, whose addresses become free with them
     * @param floating addresses that come and go; a service waits for them
     */
    static Optional<String> obstacle(Plan.AddService added, Collection<VirtualService> now, Set<InetAddress> floating) {
        if (!(added.description().key() instanceof ServiceKey.Listening listening)) {
            return Optional.empty();
        }
        return listening.addresses().stream()
                .filter(at -> !floating.contains(at.address()))
                .filter(at -> now.stream().noneMatch(each -> has(each, listening.protocol(), at)))
                .flatMap(at -> obstacle(listening.protocol(), at).stream())
                .findFirst();
    }

    private static boolean has(VirtualService service, Protocol protocol, ListenAddress wanted) {
        return service.key() instanceof ServiceKey.Listening listening
                && listening.protocol() == protocol
                && listening.addresses().stream()
                        .anyMatch(at -> at.firstPort() <= wanted.lastPort()
                                && wanted.firstPort() <= at.lastPort()
                                && (at.address().equals(wanted.address())
                                        || at.address().isAnyLocalAddress()
                                        || wanted.address().isAnyLocalAddress()));
    }

    /** It binds and does not listen, so that no client comes. */
    private static Optional<String> obstacle(Protocol protocol, ListenAddress at) {
        InetSocketAddress address = new InetSocketAddress(at.address(), at.firstPort());
        try {
            if (protocol == Protocol.TCP) {
                try (Socket socket = new Socket()) {
                    socket.setReuseAddress(true);
                    socket.bind(address);
                }
            } else {
                new DatagramSocket(address).close();
            }
            return Optional.empty();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage()).replaceFirst(" \\(Bind failed\\)$", "");
            return Optional.of("listen " + protocol + " " + at + ": " + why.toLowerCase(Locale.ROOT));
        }
    }
}
