package io.lvs4j;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What makes a virtual service itself, whatever its settings: the protocol and the addresses it listens on, or a firewall
 * mark. Two descriptions with equal keys are the same service, so a change of settings keeps its connections.
 */
public sealed interface ServiceKey {

    /**
     * A service reached at addresses and ports. Several addresses (say one IPv4 and one IPv6, or HTTP and HTTPS) make one
     * service with one server pool and one persistence table.
     *
     * @param protocol the transport protocol
     * @param addresses at least one listen address; none may overlap another
     */
    record Listening(Protocol protocol, List<ListenAddress> addresses) implements ServiceKey {
        /** Copies the list and refuses an empty one and overlaps. */
        public Listening {
            Objects.requireNonNull(protocol, "protocol");
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("listen: none (expected: at least one listen address)");
            }
            for (int i = 0; i < addresses.size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (addresses.get(i).overlaps(addresses.get(j))) {
                        throw new IllegalArgumentException("listen: " + addresses.get(i)
                                + " (expected: each address and port once, overlaps " + addresses.get(j) + ")");
                    }
                }
            }
        }

        @Override
        public String toString() {
            return protocol + " "
                    + addresses.stream().map(ListenAddress::toString).collect(Collectors.joining(","));
        }
    }

    /**
     * A service made of all packets that carry a firewall mark, on the kernel backend only.
     *
     * @param mark the mark, 1..4294967295
     * @param family the address family; a mark is one service per family
     */
    record FirewallMark(long mark, AddressFamily family) implements ServiceKey {
        /** Checks the range of the mark. */
        public FirewallMark {
            Objects.requireNonNull(family, "family");
            if (mark < 1 || mark > 0xffffffffL) {
                throw new IllegalArgumentException("firewallMark: " + mark + " (expected: 1..4294967295)");
            }
        }

        @Override
        public String toString() {
            return "fwmark " + mark + " " + family;
        }
    }

    /**
     * {@return the key of a TCP service at one address and port}
     *
     * @param address an IPv4 or IPv6 literal
     * @param port 1..65535
     */
    static ServiceKey tcp(String address, int port) {
        return new Listening(Protocol.TCP, List.of(ListenAddress.of(address, port)));
    }
}
