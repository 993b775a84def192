package io.lvs4j.netlink.frame;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Tells all hosts of a network who has an IPv4 address now: an ARP request for it, from it, to everybody (RFC 826, RFC 5227). Those
 * that know the address take the sender's MAC address over.
 */
public final class GratuitousArp {
    private static final int BYTES = 42;
    private static final int ARP = 0x0806;
    private static final int ETHERNET = 1;
    private static final int IPV4 = 0x0800;
    private static final int IPV4_BYTES = 4;
    private static final int REQUEST = 1;

    private GratuitousArp() {}

    /**
     * {@return the frame, with the broadcast address as target, as keepalived sends it}
     *
     * @param mac who has the address
     * @param address an IPv4 address
     */
    public static byte[] request(MacAddress mac, InetAddress address) {
        return frame(mac, address, MacAddress.BROADCAST);
    }

    /**
     * {@return the frame, with 0 as target, as RFC 5227 has it}
     *
     * @param mac who has the address
     * @param address an IPv4 address
     */
    public static byte[] announcement(MacAddress mac, InetAddress address) {
        return frame(mac, address, new MacAddress(0));
    }

    private static byte[] frame(MacAddress mac, InetAddress address, MacAddress target) {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    "gratuitous ARP: " + address.getHostAddress() + " (expected: an IPv4 address)");
        }
        return ByteBuffer.allocate(BYTES) // in network byte order
                .put(MacAddress.BROADCAST.bytes())
                .put(mac.bytes())
                .putShort((short) ARP)
                .putShort((short) ETHERNET)
                .putShort((short) IPV4)
                .put((byte) MacAddress.BYTES)
                .put((byte) IPV4_BYTES)
                .putShort((short) REQUEST)
                .put(mac.bytes())
                .put(address.getAddress())
                .put(target.bytes())
                .put(address.getAddress())
                .array();
    }
}
