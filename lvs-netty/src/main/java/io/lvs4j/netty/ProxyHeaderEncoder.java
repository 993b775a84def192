package io.lvs4j.netty;

import io.lvs4j.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes PROXY headers: TCP over IPv4 if both addresses are IPv4, else TCP over IPv6, an IPv4 address in its IPv4-mapped form.
 */
final class ProxyHeaderEncoder {
    /** The longest header without TLVs: version 1 with IPv6. */
    static final int MAX_BYTES_WITHOUT_TLVS = ProxyHeader.MAX_V1_BYTES;

    private static final byte[] V2_SIGNATURE = ProxyHeader.v2Signature();
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;

    private ProxyHeaderEncoder() {}

    /**
     * Writes one header.
     *
     * @param tlvs for version 2, at most 65,499 bytes; version 1 has no room for them
     */
    static void encode(
            ProxyProtocol.Version version,
            InetSocketAddress source,
            InetSocketAddress destination,
            ByteBuffer tlvs,
            ByteBuf out) {
        byte[] from = bytes(source.getAddress());
        byte[] to = bytes(destination.getAddress());
        if (from.length != to.length) {
            from = mapped(from);
            to = mapped(to);
        }
        if (version == ProxyProtocol.Version.V1) {
            String line = "PROXY " + (from.length == 4 ? "TCP4 " : "TCP6 ") + text(from) + " " + text(to) + " "
                    + source.getPort() + " " + destination.getPort() + "\r\n";
            out.writeCharSequence(line, StandardCharsets.US_ASCII);
            return;
        }
        out.writeBytes(V2_SIGNATURE).writeByte(VERSION_2_PROXY).writeByte(from.length == 4 ? TCP_IPV4 : TCP_IPV6);
        out.writeShort(2 * from.length + 2 * Short.BYTES + tlvs.remaining());
        out.writeBytes(from).writeBytes(to).writeShort(source.getPort()).writeShort(destination.getPort());
        out.writeBytes(tlvs.duplicate());
    }

    /** Returns the bytes of an address, 4 of an IPv4-mapped one. */
    private static byte[] bytes(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return bytes;
        }
        for (int i = 0; i < 12; i++) {
            if (bytes[i] != (i < 10 ? 0 : (byte) 0xff)) {
                return bytes;
            }
        }
        return new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]};
    }

    private static byte[] mapped(byte[] bytes) {
        if (bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    /** IPv6 as eight groups: the dotted form of IPv4-mapped addresses would not fit everywhere. */
    private static String text(byte[] bytes) {
        if (bytes.length == 4) {
            return NetUtil.bytesToIpAddress(bytes);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < bytes.length; i += 2) {
            text.append(i == 0 ? "" : ":")
                    .append(Integer.toHexString(
                            (Byte.toUnsignedInt(bytes[i]) << 8) | Byte.toUnsignedInt(bytes[i + 1])));
        }
        return text.toString();
    }
}
