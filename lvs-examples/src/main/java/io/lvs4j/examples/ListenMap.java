package io.lvs4j.examples;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Other addresses to listen on than those that a file names, so that it can be run where its addresses are not. */
final class ListenMap {
    private static final String OPTION = "--listen-map";
    private static final String FORM = "VIP[:port]=address[:port], IPv6 addresses with a port in brackets";

    private static final int MOST_NAMED = 10;

    /** @param port 0 = any, or the same */
    private record Place(InetAddress address, int port) {
        @Override
        public String toString() {
            return port == 0 ? address.getHostAddress() : new ServerKey(address, port).toString();
        }
    }

    private final Map<Place, Place> places = new LinkedHashMap<>();

    /** Reads {@code 10.0.0.1=127.0.0.1}, {@code 10.0.0.1=127.0.0.1:8080} or {@code 10.0.0.1:80=127.0.0.1:8080}. */
    static ListenMap parse(List<String> texts) {
        ListenMap map = new ListenMap();
        for (String text : texts) {
            String[] parts = text.split("=", -1);
            if (parts.length != 2) {
                throw new BadInput(OPTION, text, FORM);
            }
            Place from = place(parts[0]);
            if (map.places.putIfAbsent(from, place(parts[1])) != null) {
                throw new BadInput(OPTION, text, parts[0] + " once");
            }
        }
        return map;
    }

    private static Place place(String text) {
        return BadInput.parse(OPTION, text, each -> {
            int colon = each.indexOf(':');
            boolean port = each.startsWith("[") ? !each.endsWith("]") : colon >= 0 && colon == each.lastIndexOf(':');
            if (port) {
                ServerKey key = ServerKey.parse(each);
                return new Place(key.address(), key.port());
            }
            String address = each.startsWith("[") ? each : colon < 0 ? each : "[" + each + "]";
            return new Place(ServerKey.parse(address + ":1").address(), 0);
        });
    }

    /** Returns a service that listens where it shall. */
    VirtualService apply(VirtualService service) {
        if (places.isEmpty() || !(service.key() instanceof ServiceKey.Listening listening)) {
            return service;
        }
        List<ListenAddress> addresses =
                listening.addresses().stream().map(this::apply).toList();
        return new VirtualService(
                new ServiceKey.Listening(listening.protocol(), addresses),
                service.scheduling(),
                service.onePacketScheduling(),
                service.forwarding(),
                service.persistence(),
                service.poolRules(),
                service.timeouts(),
                service.proxyProtocol(),
                service.access(),
                service.limits(),
                service.serverNames(),
                service.healthChecks(),
                service.realServers(),
                service.namedServers());
    }

    private ListenAddress apply(ListenAddress at) {
        @Nullable Place to = places.get(at(at));
        if (to == null) {
            to = places.get(anyPort(at));
        }
        if (to == null) {
            return at;
        }
        int port = to.port() == 0 ? at.firstPort() : to.port();
        return new ListenAddress(to.address(), port, port + at.lastPort() - at.firstPort());
    }

    /** Returns what of this map no service is at, in words. */
    List<String> unused(Collection<VirtualService> services) {
        List<ListenAddress> all = services.stream()
                .flatMap(each -> each.key() instanceof ServiceKey.Listening listening
                        ? listening.addresses().stream()
                        : Stream.empty())
                .distinct()
                .toList();
        return places.keySet().stream()
                .filter(place -> all.stream().noneMatch(at -> place.equals(at(at)) || place.equals(anyPort(at))))
                .map(place -> OPTION + ": " + place + " (expected: where a service of the file listens, "
                        + (all.isEmpty()
                                ? "there is none)"
                                : all.stream()
                                                .limit(MOST_NAMED)
                                                .map(ListenAddress::toString)
                                                .collect(Collectors.joining(" or "))
                                        + (all.size() > MOST_NAMED ? " or ...)" : ")")))
                .toList();
    }

    private static Place at(ListenAddress at) {
        return new Place(at.address(), at.firstPort());
    }

    private static Place anyPort(ListenAddress at) {
        return new Place(at.address(), 0);
    }
}
