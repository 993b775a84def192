package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.Protocol;
import java.net.InetAddress;
import java.util.Objects;

/** What makes a virtual service of the kernel itself: one address, or a firewall mark. */
public sealed interface IpvsServiceKey {

    /** {@return the address family} */
    AddressFamily family();

    /**
     * A service at one address.
     *
     * @param protocol the transport protocol
     * @param address the virtual address
     * @param port 0..65535; 0 = every port that no other service has, which wants persistence
     */
    record Address(Protocol protocol, InetAddress address, int port) implements IpvsServiceKey {
        /** Checks the port. */
        public Address {
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(address, "address");
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
            }
        }

        @Override
        public AddressFamily family() {
            return AddressFamily.of(address);
        }

        @Override
        public String toString() {
            return protocol + " " + Addresses.text(address, port);
        }
    }

    /**
     * A service of all packets with a mark.
     *
     * @param mark 1..4294967295
     * @param family the address family
     */
    record FirewallMark(long mark, AddressFamily family) implements IpvsServiceKey {
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
}
