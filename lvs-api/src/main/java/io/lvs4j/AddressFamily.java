package io.lvs4j;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The address family of a firewall-mark service or of an address. */
public enum AddressFamily {
    /** IPv4 ({@code AF_INET}). */
    INET("inet"),
    /** IPv6 ({@code AF_INET6}). */
    INET6("inet6");

    private final String text;

    AddressFamily(String text) {
        this.text = text;
    }

    /**
     * {@return the family of an address} IPv4-mapped IPv6 addresses are IPv4 in Java already.
     *
     * @param address any address
     */
    public static AddressFamily of(InetAddress address) {
        return address instanceof Inet4Address ? INET : INET6;
    }

    @Override
    public String toString() {
        return text;
    }
}
