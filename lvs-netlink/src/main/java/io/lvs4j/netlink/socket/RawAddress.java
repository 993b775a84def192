package io.lvs4j.netlink.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Addresses as the socket calls have them: {@code struct sockaddr_in} and {@code sockaddr_in6}, and their bytes alone. */
final class RawAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int BYTES_V4 = 16;
    static final int BYTES_V6 = 28;
    static final int ADDRESS_V6 = 8; // where the address is

    private static final int ADDRESS_V4 = 4;
    private static final int SCOPE = 24;

    private RawAddress() {}

    /** Returns an address of a family for one interface; 0 = any. */
    static byte[] encode(InetAddress address, int interfaceIndex) {
        boolean ipv6 = address instanceof Inet6Address;
        ByteBuffer out = ByteBuffer.allocate(ipv6 ? BYTES_V6 : BYTES_V4).order(ByteOrder.nativeOrder());
        out.putShort((short) (ipv6 ? AF_INET6 : AF_INET));
        out.put(ipv6 ? ADDRESS_V6 : ADDRESS_V4, address.getAddress());
        if (ipv6 && (address.isLinkLocalAddress() || address.isMCLinkLocal())) {
            out.putInt(SCOPE, interfaceIndex);
        }
        return out.array();
    }

    /** An IPv6 address stays one, also if an IPv4 address is mapped into it; no interface is part of it. */
    static InetAddress decode(byte[] bytes) {
        try {
            return bytes.length == ADDRESS_V4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }
}
