package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import io.lvs4j.Protocol;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/** What makes a virtual service itself to ipvsadm: {@code -t}, {@code -u}, {@code --sctp-service} or {@code -f}. */
public sealed interface ServiceAddress {

    /** {@return the address family} */
    AddressFamily family();

    /** {@return the address as a listing shows it, such as {@code TCP  10.0.0.1:80} or {@code FWM  5 IPv6}} */
    String heading();

    /** {@return the address as an option, such as {@code -t 10.0.0.1:80} or {@code -f 5 -6}} */
    @Override
    String toString();

    /**
     * A service at one address.
     *
     * @param protocol the transport protocol
     * @param address the virtual address
     * @param port 0..65535; 0 = every port that no other service has
     */
    record At(Protocol protocol, InetAddress address, int port) implements ServiceAddress {
        /** Checks the port. */
        public At {
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(address, "address");
            AddressText.requirePort(port);
        }

        @Override
        public AddressFamily family() {
            return AddressFamily.of(address);
        }

        @Override
        public String heading() {
            String name = protocol.name().toUpperCase(Locale.ROOT);
            return name + " ".repeat(5 - name.length()) + AddressText.format(address, port);
        }

        @Override
        public String toString() {
            String option = switch (protocol) {
                case TCP -> "-t";
                case UDP -> "-u";
                case SCTP -> "--sctp-service";
            };
            return option + " " + AddressText.format(address, port);
        }
    }

    /**
     * A service of all packets with a firewall mark.
     *
     * @param mark 1..4294967295
     * @param family the address family
     */
    record Mark(long mark, AddressFamily family) implements ServiceAddress {
        /** Checks the range of the mark. */
        public Mark {
            Objects.requireNonNull(family, "family");
            if (mark < 1 || mark > 0xffffffffL) {
                throw new IllegalArgumentException("firewall mark: " + mark + " (expected: 1..4294967295)");
            }
        }

        @Override
        public String heading() {
            return "FWM  " + mark + (family == AddressFamily.INET6 ? " IPv6" : "");
        }

        @Override
        public String toString() {
            return "-f " + mark + (family == AddressFamily.INET6 ? " -6" : "");
        }
    }
}
