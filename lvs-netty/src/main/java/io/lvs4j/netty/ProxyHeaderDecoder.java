package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads PROXY headers of both versions, hostile ones too. Follows sections 2.1 and 2.2 of the protocol's description. Where that
 * leaves a choice:
 * <ul>
 *   <li>Valid families other than TCP over IPv4 and IPv6 name nobody, and neither do {@code UNKNOWN} and {@code LOCAL}.
 *   <li>The rest of a {@code LOCAL} or {@code UNSPEC} header is skipped unread: nothing says what it is made of.
 *   <li>Otherwise TLVs must fill the rest exactly, and those within the TLS one, too. Nothing nests deeper.
 *   <li>A version 2 header has a limit of its own, {@link ProxyHeader#MAX_V2_REST_BYTES}.
 * </ul>
 */
final class ProxyHeaderDecoder {
    /** As the beginning of a connection. */
    static final OpeningFormat<ProxyHeader> FORMAT = new OpeningFormat<>() {
        @Override
        public int maxBytes() {
            return ProxyHeader.V2_FIXED_BYTES + ProxyHeader.MAX_V2_REST_BYTES;
        }

        @Override
        public @Nullable ProxyHeader decode(ByteBuf in) throws BadOpeningException {
            return ProxyHeaderDecoder.decode(in);
        }

        @Override
        public Refusal incomplete() {
            return Refusal.PROXY_INCOMPLETE;
        }

        @Override
        public Refusal late() {
            return Refusal.PROXY_LATE;
        }
    };

    private static final byte[] V1_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2_SIGNATURE = ProxyHeader.v2Signature();
    private static final int COMMAND_AT = 12;
    private static final int FAMILY_AT = 13;
    private static final int LENGTH_AT = 14;

    private static final int TYPE_CRC32C = 0x03;
    private static final int TYPE_SSL = 0x20;
    private static final int TLV_START_BYTES = 3;
    private static final int SSL_START_BYTES = 5; // what the client did, and whether its certificate is good

    private ProxyHeaderDecoder() {}

    /**
     * Reads one header. Whatever the bytes, no more than {@link ProxyHeader#V2_FIXED_BYTES} and
     * {@link ProxyHeader#MAX_V2_REST_BYTES} are asked for.
     *
     * @return the header, and the reader index is behind it; null if more bytes are needed, and it has not moved
     * @throws BadOpeningException if no more bytes could make it a header
     */
    static @Nullable ProxyHeader decode(ByteBuf in) throws BadOpeningException {
        if (!in.isReadable()) {
            return null;
        }
        if (in.getByte(in.readerIndex()) == V1_START[0]) {
            return requireStart(in, V1_START) ? decodeV1(in) : null;
        }
        return requireStart(in, V2_SIGNATURE) ? decodeV2(in) : null;
    }

    /** Refuses another beginning; returns whether it is there as a whole. */
    private static boolean requireStart(ByteBuf in, byte[] start) throws BadOpeningException {
        int known = Math.min(in.readableBytes(), start.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != start[i]) {
                throw new BadOpeningException(Refusal.PROXY_NO_HEADER, "no PROXY header");
            }
        }
        return known == start.length;
    }

    private static BadOpeningException malformed(String message) {
        return new BadOpeningException(Refusal.PROXY_MALFORMED, message);
    }

    // ---------------------------------------------------------------- version 1

    private static @Nullable ProxyHeader decodeV1(ByteBuf in) throws BadOpeningException {
        int start = in.readerIndex();
        int known = Math.min(in.readableBytes(), ProxyHeader.MAX_V1_BYTES);
        int end = in.indexOf(start, start + known, (byte) '\n');
        int cr = in.indexOf(start, start + known, (byte) '\r');
        if (end < 0) {
            if (cr >= 0 && cr < start + known - 1) {
                throw malformed("CR without LF");
            }
            if (known == ProxyHeader.MAX_V1_BYTES) {
                throw new BadOpeningException(
                        Refusal.PROXY_TOO_LONG, "no end of line in " + ProxyHeader.MAX_V1_BYTES + " bytes");
            }
            return null;
        }
        if (cr != end - 1) {
            throw malformed("LF without CR, or CR within the line");
        }
        String line = in.toString(start, cr - start, StandardCharsets.ISO_8859_1);
        ProxyHeader header = parse(line.split(" ", -1));
        in.readerIndex(end + 1);
        return header;
    }

    private static ProxyHeader parse(String[] parts) throws BadOpeningException {
        String family = parts[1];
        if (family.equals("UNKNOWN")) {
            return ProxyHeader.local();
        }
        if (!family.equals("TCP4") && !family.equals("TCP6")) {
            throw malformed("neither TCP4 nor TCP6 nor UNKNOWN");
        }
        if (parts.length != 6) {
            throw malformed("not two addresses and two ports, with one space between");
        }
        int bytes = family.equals("TCP4") ? 4 : 16;
        return ProxyHeader.of(
                new InetSocketAddress(address(parts[2], bytes), port(parts[4])),
                new InetSocketAddress(address(parts[3], bytes), port(parts[5])));
    }

    private static InetAddress address(String text, int length) throws BadOpeningException {
        // Netty would also take brackets, zones and leading zeros.
        boolean plain = text.chars().allMatch(c -> (c < 0x80 && Character.digit(c, 16) >= 0) || c == ':' || c == '.');
        byte[] bytes = plain ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        boolean good = bytes != null
                && bytes.length == length
                && (length == 16 || NetUtil.bytesToIpAddress(bytes).equals(text));
        if (bytes == null || !good) {
            throw malformed("not an address of its family");
        }
        return address(bytes);
    }

    private static int port(String text) throws BadOpeningException {
        boolean digits = !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > 65535) {
            throw malformed("not a port");
        }
        return port;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes); // an IPv4-mapped one becomes IPv4
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of another length than 4 or 16", e);
        }
    }

    // ---------------------------------------------------------------- version 2

    private enum Block {
        UNREAD,
        NAMELESS,
        TCP
    }

    private static @Nullable ProxyHeader decodeV2(ByteBuf in) throws BadOpeningException {
        if (in.readableBytes() < ProxyHeader.V2_FIXED_BYTES) {
            return null;
        }
        int start = in.readerIndex();
        int command = in.getUnsignedByte(start + COMMAND_AT);
        int family = in.getUnsignedByte(start + FAMILY_AT);
        int rest = in.getUnsignedShort(start + LENGTH_AT);
        if (command != 0x20 && command != 0x21) {
            throw malformed("another version than 2, or another command than LOCAL and PROXY");
        }
        Block block = command == 0x20 ? Block.UNREAD : block(family);
        int addressBytes = block == Block.UNREAD ? 0 : addressBytes(family);
        if (rest < addressBytes) {
            throw malformed("shorter than its addresses");
        }
        if (rest > ProxyHeader.MAX_V2_REST_BYTES) {
            throw new BadOpeningException(
                    Refusal.PROXY_TOO_LONG, "more than " + ProxyHeader.MAX_V2_REST_BYTES + " bytes");
        }
        int total = ProxyHeader.V2_FIXED_BYTES + rest;
        if (in.readableBytes() < total) {
            return null;
        }
        byte[] whole = new byte[total];
        in.getBytes(start, whole);
        ProxyHeader header = block == Block.TCP ? endpoints(whole, family == 0x11 ? 4 : 16) : ProxyHeader.local();
        if (block != Block.UNREAD) {
            header = header.withTlvs(tlvs(whole, ProxyHeader.V2_FIXED_BYTES + addressBytes));
        }
        in.readerIndex(start + total);
        return header;
    }

    private static Block block(int family) throws BadOpeningException {
        return switch (family) {
            case 0x00 -> Block.UNREAD;
            case 0x11, 0x21 -> Block.TCP;
            case 0x12, 0x22, 0x31, 0x32 -> Block.NAMELESS; // UDP and UNIX
            default -> throw malformed("no family that there is");
        };
    }

    private static int addressBytes(int family) {
        return switch (family >> 4) {
            case 1 -> 12;
            case 2 -> 36;
            default -> 216;
        };
    }

    private static ProxyHeader endpoints(byte[] header, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(header).position(ProxyHeader.V2_FIXED_BYTES);
        byte[] source = new byte[length];
        byte[] destination = new byte[length];
        bytes.get(source).get(destination);
        int sourcePort = Short.toUnsignedInt(bytes.getShort());
        int destinationPort = Short.toUnsignedInt(bytes.getShort());
        return ProxyHeader.of(
                new InetSocketAddress(address(source), sourcePort),
                new InetSocketAddress(address(destination), destinationPort));
    }

    /** Checks the TLVs; returns them but for the checksum, which is of this header only. */
    private static ByteBuffer tlvs(byte[] header, int from) throws BadOpeningException {
        ByteBuffer left = ByteBuffer.wrap(header).position(from);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(left.remaining());
        int checksumAt = -1;
        while (left.hasRemaining()) {
            int start = left.position();
            int type = nextTlv(left);
            int end = left.position();
            int length = end - start - TLV_START_BYTES;
            if (type != TYPE_CRC32C) {
                kept.write(header, start, end - start);
            } else if (length != Integer.BYTES || checksumAt >= 0) {
                throw malformed("a checksum that is not 4 bytes, or a second one");
            } else {
                checksumAt = end - Integer.BYTES;
            }
            if (type == TYPE_SSL) {
                requireTlvsWithin(header, start + TLV_START_BYTES, length);
            }
        }
        if (checksumAt >= 0) {
            requireChecksum(header, checksumAt);
        }
        return ByteBuffer.wrap(kept.toByteArray());
    }

    /** Skips one; returns its type. */
    private static int nextTlv(ByteBuffer from) throws BadOpeningException {
        if (from.remaining() < TLV_START_BYTES) {
            throw malformed("a TLV that is cut off");
        }
        int type = Byte.toUnsignedInt(from.get());
        int length = Short.toUnsignedInt(from.getShort());
        if (length > from.remaining()) {
            throw malformed("a TLV that is longer than what is around it");
        }
        from.position(from.position() + length);
        return type;
    }

    private static void requireTlvsWithin(byte[] header, int start, int length) throws BadOpeningException {
        if (length < SSL_START_BYTES) {
            throw malformed("a TLS TLV that is cut off");
        }
        ByteBuffer inner = ByteBuffer.wrap(header, start + SSL_START_BYTES, length - SSL_START_BYTES);
        while (inner.hasRemaining()) {
            nextTlv(inner);
        }
    }

    private static void requireChecksum(byte[] header, int at) throws BadOpeningException {
        int stated = ByteBuffer.wrap(header).getInt(at);
        byte[] zeroed = header.clone();
        Arrays.fill(zeroed, at, at + Integer.BYTES, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(zeroed, 0, zeroed.length);
        if ((int) checksum.getValue() != stated) {
            throw new BadOpeningException(Refusal.PROXY_CHECKSUM, "a wrong checksum");
        }
    }
}
