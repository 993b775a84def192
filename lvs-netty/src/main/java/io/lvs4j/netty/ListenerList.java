package io.lvs4j.netty;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The message that goes before the descriptors of listening sockets: where each listens, in the order in which they follow.
 * An address stands there once for each of its sockets.
 *
 * <pre>
 * header, 8 bytes:  'l' 'v' 's' '4'  version 1  0  count (2 bytes)
 * entry, 20 bytes:  family 4 or 6  0  port (2 bytes)  address (16 bytes; IPv4 takes the first four, the others are 0)
 * </pre>
 *
 * <p>Numbers are in network order. Whatever else comes is refused.
 */
record ListenerList(List<InetSocketAddress> addresses) {
    /** How many sockets can be handed over. */
    static final int MOST = 16_384;

    static final int HEADER = 8;
    private static final int ENTRY = 20;
    private static final int ADDRESS = 16;
    private static final int MAGIC = 0x6c767334;
    private static final byte VERSION = 1;

    ListenerList {
        if (addresses.size() > MOST) {
            throw new IllegalArgumentException(
                    "listening sockets: " + addresses.size() + " (expected: 0.." + MOST + ")");
        }
        addresses = List.copyOf(addresses);
    }

    /** Returns the message, in a direct buffer. */
    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocateDirect(HEADER + bodyLength(addresses.size()));
        out.putInt(MAGIC).put(VERSION).put((byte) 0).putShort((short) addresses.size());
        for (InetSocketAddress at : addresses) {
            byte[] address = at.getAddress().getAddress();
            out.put((byte) (address.length == ADDRESS ? 6 : 4)).put((byte) 0).putShort((short) at.getPort());
            out.put(address).put(new byte[ADDRESS - address.length]);
        }
        return out.flip();
    }

    /** Returns how many entries follow a header. */
    static int count(ByteBuffer header) throws IOException {
        int magic = header.getInt(0);
        int version = header.getShort(4) & 0xffff;
        if (magic != MAGIC || version != VERSION << 8) {
            throw new IOException("message: " + Integer.toHexString(magic) + " version " + version + " (expected: "
                    + Integer.toHexString(MAGIC) + " version " + (VERSION << 8) + ")");
        }
        int count = header.getShort(6) & 0xffff;
        if (count > MOST) {
            throw new IOException("listening sockets: " + count + " (expected: 0.." + MOST + ")");
        }
        return count;
    }

    /** Returns how long the body of a message with so many entries is. */
    static int bodyLength(int count) {
        return count * ENTRY;
    }

    /** Reads a body whose length is right. */
    static ListenerList decode(ByteBuffer body) throws IOException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int at = 0; at < body.limit(); at += ENTRY) {
            addresses.add(entry(body, at));
        }
        return new ListenerList(addresses);
    }

    private static InetSocketAddress entry(ByteBuffer body, int at) throws IOException {
        int family = body.getShort(at) & 0xffff;
        int port = body.getShort(at + 2) & 0xffff;
        byte[] bytes = new byte[ADDRESS];
        body.get(at + 4, bytes);
        InetAddress address = family == 4 << 8 ? ipv4(bytes) : family == 6 << 8 ? ipv6(bytes) : null;
        if (address == null || port == 0) {
            throw new IOException("listening socket: family " + family + " port " + port
                    + " (expected: an IPv4 or IPv6 address and a port)");
        }
        return new InetSocketAddress(address, port);
    }

    private static InetAddress ipv4(byte[] bytes) throws IOException {
        byte[] address = new byte[4];
        System.arraycopy(bytes, 0, address, 0, address.length);
        for (int i = address.length; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                throw new IOException("listening socket: " + bytes[i] + " after an IPv4 address (expected: 0)");
            }
        }
        return Inet4Address.getByAddress(address);
    }

    private static InetAddress ipv6(byte[] bytes) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        if (!(address instanceof Inet6Address)) { // Java makes one of an IPv4-mapped address
            throw new UnknownHostException("listening socket: " + address + " as IPv6 (expected: as IPv4)");
        }
        return address;
    }
}
