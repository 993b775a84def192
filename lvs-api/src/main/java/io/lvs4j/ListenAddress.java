package io.lvs4j;

import java.net.InetAddress;
import java.util.Objects;

/**
 * One address, with a port or a range of ports, on which a virtual service is reached.
 *
 * @param address the virtual IP address; the wildcard ({@code 0.0.0.0}, {@code ::}) means every address of the host
 * @param firstPort the first port, 1..65535
 * @param lastPort the last port, firstPort..65535; equal to {@code firstPort} for a single port
 */
public record ListenAddress(InetAddress address, int firstPort, int lastPort) {
    /** Checks the ports and refuses multicast addresses. */
    public ListenAddress {
        Objects.requireNonNull(address, "address");
        IpText.checkPort("listen port", firstPort);
        IpText.checkPort("listen port", lastPort);
        if (lastPort < firstPort) {
            throw new IllegalArgumentException(
                    "listen ports: " + firstPort + "-" + lastPort + " (expected: first port <= last port)");
        }
        if (address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "listen: " + IpText.format(address) + " (expected: a unicast address, not multicast)");
        }
    }

    /**
     * {@return a listen address with one port}
     *
     * @param address an IPv4 or IPv6 literal
     * @param port 1..65535
     * @throws IllegalArgumentException if the address is no literal or the port is out of range
     */
    public static ListenAddress of(String address, int port) {
        return new ListenAddress(IpText.parse("listen", address), port, port);
    }

    /**
     * {@return the listen address that a text such as {@code 10.0.0.1:80}, {@code [::1]:80} or {@code 10.0.0.1:80-90} names}
     *
     * @param text address and port or port range
     * @throws IllegalArgumentException if the text is malformed
     */
    public static ListenAddress parse(String text) {
        String[] parts = IpText.split("listen", text);
        InetAddress address = IpText.parse("listen", parts[0]);
        int dash = parts[1].indexOf('-');
        int first = IpText.parsePort("listen port", dash < 0 ? parts[1] : parts[1].substring(0, dash));
        int last = dash < 0 ? first : IpText.parsePort("listen port", parts[1].substring(dash + 1));
        return new ListenAddress(address, first, last);
    }

    /** {@return whether both name the same address and share a port} */
    boolean overlaps(ListenAddress other) {
        return address.equals(other.address) && firstPort <= other.lastPort && other.firstPort <= lastPort;
    }

    /**
     * {@return whether a connection to this address and port would come here} Of the addresses that a wildcard stands for,
     * only loopback is known without looking at the host.
     */
    boolean receives(InetAddress target, int port) {
        boolean here = address.equals(target) || (address.isAnyLocalAddress() && target.isLoopbackAddress());
        return here && firstPort <= port && port <= lastPort;
    }

    @Override
    public String toString() {
        String text = IpText.format(address, firstPort);
        return lastPort == firstPort ? text : text + "-" + lastPort;
    }
}
