package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Addresses as the kernel has them: 16 bytes, of which IPv4 uses the first four. */
final class Addresses {
    static final int BYTES = 16;

    private static final int IPV4_BYTES = 4;

    private Addresses() {}

    static byte[] encode(InetAddress address) {
        return Arrays.copyOf(address.getAddress(), BYTES);
    }

    /** An IPv6 address stays one, also if an IPv4 address is mapped into it. */
    static InetAddress decode(AddressFamily family, byte[] bytes) {
        try {
            return family == AddressFamily.INET
                    ? InetAddress.getByAddress(Arrays.copyOf(bytes, IPV4_BYTES))
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }

    /** Returns address and port as operators write them. */
    static String text(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
    }
}
