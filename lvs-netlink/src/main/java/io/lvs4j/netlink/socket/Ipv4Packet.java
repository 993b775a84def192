package io.lvs4j.netlink.socket;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An IPv4 packet as a raw socket gives it, with its header (RFC 791). */
final class Ipv4Packet {
    private static final int VERSION = 4;
    private static final int LEAST_BYTES = 20;
    private static final int TOTAL_LENGTH = 2;
    private static final int TIME_TO_LIVE = 8;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int ADDRESS_BYTES = 4;

    private Ipv4Packet() {}

    /** Returns what is in a packet, from its position to its limit; null if it is none. The payload shares its memory. */
    static @Nullable Datagram parse(ByteBuffer packet, Duration age) {
        ByteBuffer in = packet.slice(); // in network byte order
        if (in.limit() < LEAST_BYTES || (in.get(0) & 0xf0) >>> 4 != VERSION) {
            return null;
        }
        int header = (in.get(0) & 0x0f) * Integer.BYTES;
        int total = Short.toUnsignedInt(in.getShort(TOTAL_LENGTH));
        if (header < LEAST_BYTES || total < header || total > in.limit()) {
            return null;
        }
        byte[] addresses = new byte[2 * ADDRESS_BYTES];
        in.get(SOURCE, addresses);
        return new Datagram(
                in.slice(header, total - header),
                RawAddress.decode(Arrays.copyOf(addresses, DESTINATION - SOURCE)),
                RawAddress.decode(Arrays.copyOfRange(addresses, DESTINATION - SOURCE, addresses.length)),
                Byte.toUnsignedInt(in.get(TIME_TO_LIVE)),
                age);
    }
}
