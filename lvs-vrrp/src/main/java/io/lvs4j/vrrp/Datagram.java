package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a socket has received, with what its IP header said. */
final class Datagram {
    private static final int SHORTEST_HEADER = 20;
    private static final int VERSION = 4;
    private static final int TOTAL_LENGTH = 2;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int BYTE = 0xff;
    private static final int NIBBLE = 0xf;

    private final InetAddress source;
    private final InetAddress destination;
    private final int ttl;
    private final byte[] message;

    /**
     * Keeps all parts.
     *
     * @param source where it comes from
     * @param destination where it was sent to
     * @param ttl its time to live or hop limit on arrival, 0..255
     * @param message what follows the IP header, not copied
     */
    Datagram(InetAddress source, InetAddress destination, int ttl, byte[] message) {
        this.source = source;
        this.destination = destination;
        this.ttl = ttl;
        this.message = message;
    }

    /**
     * {@return what a raw IPv4 socket has received, header and all; null = the header does not fit} Any bytes may be given.
     *
     * @param packet the bytes
     * @param length how many of them were received
     */
    static @Nullable Datagram ofIpv4(byte[] packet, int length) {
        if (length < SHORTEST_HEADER || length > packet.length) {
            return null;
        }
        int header = (packet[0] & NIBBLE) * Integer.BYTES;
        boolean fits = (packet[0] >>> VERSION & NIBBLE) == VERSION
                && header >= SHORTEST_HEADER
                && header <= length
                && Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(TOTAL_LENGTH)) == length
                && packet[PROTOCOL] == AdvertisementCodec.PROTOCOL;
        return fits
                ? new Datagram(
                        address(packet, SOURCE),
                        address(packet, DESTINATION),
                        packet[TTL] & BYTE,
                        Arrays.copyOfRange(packet, header, length))
                : null;
    }

    private static InetAddress address(byte[] packet, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(packet, at, at + Integer.BYTES));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 bytes", e);
        }
    }

    InetAddress source() {
        return source;
    }

    InetAddress destination() {
        return destination;
    }

    int ttl() {
        return ttl;
    }

    byte[] message() {
        return message;
    }
}
