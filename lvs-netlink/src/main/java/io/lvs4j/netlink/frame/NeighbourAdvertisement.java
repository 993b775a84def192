package io.lvs4j.netlink.frame;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Tells all hosts of a network who has an IPv6 address now: an unsolicited neighbour advertisement to all nodes, which overrides what
 * they know (RFC 4861, sections 4.4 and 7.2.6).
 */
public final class NeighbourAdvertisement {
    private static final int BYTES = 86;
    private static final int IPV6 = 0x86dd;
    private static final int IPV6_HEADER = 14; // where it begins
    private static final int SOURCE = IPV6_HEADER + 8;
    private static final int ICMP = IPV6_HEADER + 40;
    private static final int CHECKSUM = ICMP + 2;
    private static final int ICMP_BYTES = BYTES - ICMP;
    private static final int ICMPV6 = 58;
    private static final int HOP_LIMIT = 255;
    private static final int ADVERTISEMENT = 136;
    private static final int ROUTER = 0x8000_0000;
    private static final int OVERRIDE = 0x2000_0000;
    private static final int TARGET_LINK_LAYER_ADDRESS = 2;
    private static final MacAddress ALL_NODES_MAC = MacAddress.parse("33:33:00:00:00:01");
    private static final byte[] ALL_NODES = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private NeighbourAdvertisement() {}

    /**
     * {@return the frame}
     *
     * @param mac who has the address
     * @param address an IPv6 address
     * @param router whether the host forwards IPv6 packets
     */
    public static byte[] unsolicited(MacAddress mac, InetAddress address, boolean router) {
        if (!(address instanceof Inet6Address)) {
            throw new IllegalArgumentException(
                    "neighbour advertisement: " + address.getHostAddress() + " (expected: an IPv6 address)");
        }
        ByteBuffer frame = ByteBuffer.allocate(BYTES) // in network byte order
                .put(ALL_NODES_MAC.bytes())
                .put(mac.bytes())
                .putShort((short) IPV6)
                .putInt(6 << 28) // version, traffic class and flow label
                .putShort((short) ICMP_BYTES)
                .put((byte) ICMPV6)
                .put((byte) HOP_LIMIT)
                .put(address.getAddress())
                .put(ALL_NODES)
                .put((byte) ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0) // the checksum, below
                .putInt(router ? ROUTER | OVERRIDE : OVERRIDE)
                .put(address.getAddress())
                .put((byte) TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1) // in units of 8 bytes
                .put(mac.bytes());
        return frame.putShort(CHECKSUM, (short) checksum(frame)).array();
    }

    /** RFC 4443, section 2.3: over both addresses, the length, the protocol and the message. */
    private static int checksum(ByteBuffer frame) {
        int sum = ICMP_BYTES + ICMPV6;
        for (int at = SOURCE; at < BYTES; at += Short.BYTES) {
            sum += Short.toUnsignedInt(frame.getShort(at));
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
