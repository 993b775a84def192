package io.lvs4j.netlink.route;

import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the messages of rtnetlink have in common. */
final class RouteBytes {
    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int IPV6_BYTES = 16;

    private RouteBytes() {}

    static int number(AddressFamily family) {
        return family == AddressFamily.INET6 ? AF_INET6 : AF_INET;
    }

    /** Returns the payload in native byte order if its header is complete. */
    static ByteBuffer header(String what, ByteBuffer payload, int bytes) {
        if (payload.remaining() < bytes) {
            throw new MalformedMessageException(
                    what + ": " + payload.remaining() + " bytes (expected: at least " + bytes + ")");
        }
        return payload.slice().order(ByteOrder.nativeOrder());
    }

    static Attributes attributes(ByteBuffer in, int headerBytes) {
        return Attributes.parse(in.slice(headerBytes, in.limit() - headerBytes));
    }

    static InetAddress address(int family, Attributes attributes, int type) {
        byte[] bytes = attributes.bytes(type, family == AF_INET6 ? IPV6_BYTES : Integer.BYTES);
        try { // an IPv6 address stays one, also if an IPv4 address is mapped into it
            return family == AF_INET6 ? Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 and 16 bytes are always an address
        }
    }
}
