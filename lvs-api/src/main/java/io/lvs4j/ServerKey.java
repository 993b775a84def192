package io.lvs4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;

/**
 * What makes a real server itself within a service, whatever its settings: its address and port. An equal server keeps its
 * connections, counters, health and persistence entries across every change.
 *
 * <p>Keys are ordered, so that hash tables find one soon among as many of the same hash as a hostile configuration likes to name.
 *
 * @param address a unicast address, not the wildcard
 * @param port 1..65535
 */
public record ServerKey(InetAddress address, int port) implements Comparable<ServerKey> {
    /** Checks address and port. */
    public ServerKey {
        Objects.requireNonNull(address, "address");
        IpText.checkPort("real server port", port);
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    "real server: " + IpText.format(address) + " (expected: a unicast address of one host)");
        }
    }

    /**
     * {@return the key of the server at an address and port}
     *
     * @param address an IPv4 or IPv6 literal
     * @param port 1..65535
     * @throws IllegalArgumentException if the address is no literal or the port is out of range
     */
    public static ServerKey of(String address, int port) {
        return new ServerKey(IpText.parse("real server", address), port);
    }

    /**
     * {@return the key that a text such as {@code 192.168.1.100:8089} or {@code [fd00::1]:80} names}
     *
     * @param text address and port
     * @throws IllegalArgumentException if the text is malformed
     */
    public static ServerKey parse(String text) {
        String[] parts = IpText.split("real server", text);
        return new ServerKey(IpText.parse("real server", parts[0]), IpText.parsePort("real server port", parts[1]));
    }

    /** {@return a new socket address to connect to} */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** Orders by the address's bytes, as numbers without sign, and by port. */
    @Override
    public int compareTo(ServerKey other) {
        int addresses = Arrays.compareUnsigned(address.getAddress(), other.address.getAddress());
        return addresses != 0 ? addresses : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return IpText.format(address, port);
    }
}
