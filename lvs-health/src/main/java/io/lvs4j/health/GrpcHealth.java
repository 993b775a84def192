package io.lvs4j.health;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of gRPC's health protocol (grpc.health.v1), by hand; each travels after five bytes of framing, which say
 * whether it is compressed and how long it is.
 *
 * <pre>
 *   HealthCheckRequest    string service = 1;
 *   HealthCheckResponse   ServingStatus status = 1;   UNKNOWN 0, SERVING 1, NOT_SERVING 2, SERVICE_UNKNOWN 3
 * </pre>
 */
final class GrpcHealth {
    /** The most that an answer may hold; the fields that we know take two bytes. */
    static final int MAX_RESPONSE_BYTES = 1024;

    static final String SERVING = "SERVING";

    private static final String[] STATUSES = {"UNKNOWN", SERVING, "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final int FRAMING_BYTES = 5;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private GrpcHealth() {}

    static ByteBuf request(String service) {
        ByteBuf message = Unpooled.buffer();
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length > 0) {
            message.writeByte((1 << 3) | LENGTH_DELIMITED);
            writeVarint(message, name.length);
            message.writeBytes(name);
        }
        ByteBuf framed = Unpooled.buffer(FRAMING_BYTES + message.readableBytes());
        framed.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
        message.release();
        return framed;
    }

    private static void writeVarint(ByteBuf out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    /**
     * Returns the status that an answer bears, by its name or else by its number.
     *
     * @param framed exactly one framed message
     * @throws IllegalArgumentException if it is none
     */
    static String status(ByteBuf framed) {
        if (framed.readableBytes() < FRAMING_BYTES) {
            throw malformed("shorter than its framing");
        }
        if (framed.readByte() != 0) {
            throw malformed("compressed, which was not offered");
        }
        if (framed.readInt() != framed.readableBytes()) {
            throw malformed("not of the length that its framing says");
        }
        long status = 0; // what a field that is left out means
        while (framed.isReadable()) {
            long tag = readVarint(framed);
            if (tag == ((1 << 3) | VARINT)) {
                status = readVarint(framed);
            } else {
                skip(framed, (int) (tag & 7));
            }
        }
        return status >= 0 && status < STATUSES.length ? STATUSES[(int) status] : "status " + status;
    }

    /** Passes over a field that we do not know, as protobuf demands. */
    private static void skip(ByteBuf in, int wireType) {
        long bytes = switch (wireType) {
            case VARINT -> skipVarint(in);
            case FIXED64 -> 8;
            case LENGTH_DELIMITED -> readVarint(in);
            case FIXED32 -> 4;
            default -> throw malformed("with a field of wire type " + wireType);
        };
        if (bytes < 0 || bytes > in.readableBytes()) {
            throw malformed("cut off");
        }
        in.skipBytes((int) bytes);
    }

    private static long skipVarint(ByteBuf in) {
        long unused = readVarint(in);
        return 0;
    }

    private static long readVarint(ByteBuf in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!in.isReadable()) {
                throw malformed("cut off");
            }
            byte next = in.readByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("with a number longer than 64 bits");
    }

    private static IllegalArgumentException malformed(String how) {
        return new IllegalArgumentException("message: " + how + " (expected: HealthCheckResponse)");
    }
}
