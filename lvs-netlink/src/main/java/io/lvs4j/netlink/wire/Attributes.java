package io.lvs4j.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The attributes of a message, or those nested in another attribute, by their type. Of two with one type the last counts, as in
 * the kernel. Types above {@value #MAX_TYPE} and whatever nobody asks for are skipped, so that a newer kernel may say more. Not
 * changed by reading; not thread-safe while it is made.
 */
public final class Attributes {
    /** The greatest type that is kept. */
    public static final int MAX_TYPE = 63;

    static final int HEADER_BYTES = 4;
    static final int NESTED = 0x8000;

    private static final int TYPE_MASK = 0x3fff; // without "nested" and "network byte order"
    private static final int ABSENT = -1;

    private final ByteBuffer in;
    private final int[] starts = new int[MAX_TYPE + 1];
    private final int[] lengths = new int[MAX_TYPE + 1];

    private Attributes(ByteBuffer in) {
        this.in = in;
        Arrays.fill(starts, ABSENT);
    }

    /**
     * Finds the attributes in some bytes.
     *
     * @param bytes attributes one after the other, from position to limit
     * @return the attributes, which share the memory of the bytes
     * @throws MalformedMessageException if a length is wrong
     */
    public static Attributes parse(ByteBuffer bytes) {
        ByteBuffer in = bytes.slice().order(ByteOrder.nativeOrder());
        Attributes attributes = new Attributes(in);
        int at = 0;
        while (in.limit() - at >= HEADER_BYTES) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < HEADER_BYTES || length > in.limit() - at) {
                throw new MalformedMessageException("attribute at byte " + at + ": length " + length + " (expected: "
                        + HEADER_BYTES + ".." + (in.limit() - at) + ")");
            }
            int type = in.getShort(at + 2) & TYPE_MASK;
            if (type <= MAX_TYPE) {
                attributes.starts[type] = at + HEADER_BYTES;
                attributes.lengths[type] = length - HEADER_BYTES;
            }
            at += aligned(length);
        }
        return attributes; // fewer bytes than a header are padding
    }

    /** {@return a length with the padding that follows it} */
    public static int aligned(int length) {
        return (length + 3) & ~3;
    }

    /** {@return whether there is such an attribute} */
    public boolean has(int type) {
        return starts[type] != ABSENT;
    }

    /** {@return an unsigned byte} */
    public int u8(int type) {
        return Byte.toUnsignedInt(in.get(start(type, Byte.BYTES)));
    }

    /** {@return an unsigned 16 bit number in native byte order} */
    public int u16(int type) {
        return Short.toUnsignedInt(in.getShort(start(type, Short.BYTES)));
    }

    /** {@return an unsigned 16 bit number in network byte order} */
    public int u16be(int type) {
        int at = start(type, Short.BYTES);
        return Byte.toUnsignedInt(in.get(at)) << 8 | Byte.toUnsignedInt(in.get(at + 1));
    }

    /** {@return a 32 bit number in native byte order} */
    public int s32(int type) {
        return in.getInt(start(type, Integer.BYTES));
    }

    /** {@return an unsigned 32 bit number in native byte order} */
    public long u32(int type) {
        return Integer.toUnsignedLong(s32(type));
    }

    /** {@return a 64 bit number in native byte order} */
    public long u64(int type) {
        return in.getLong(start(type, Long.BYTES));
    }

    /** {@return the first bytes of a value that may be longer} */
    public byte[] bytes(int type, int count) {
        byte[] bytes = new byte[count];
        in.get(start(type, count), bytes);
        return bytes;
    }

    /** {@return the whole value} */
    public byte[] bytes(int type) {
        int at = start(type, 0);
        byte[] bytes = new byte[lengths[type]];
        in.get(at, bytes);
        return bytes;
    }

    /** {@return a text, which ends at its first zero byte or at the end of the attribute} */
    public String text(int type) {
        int at = start(type, 0);
        int end = at;
        while (end < at + lengths[type] && in.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@return the attributes within an attribute} */
    public Attributes nested(int type) {
        int at = start(type, 0);
        return parse(in.slice(at, lengths[type]));
    }

    private int start(int type, int bytes) {
        if (!has(type)) {
            throw new MalformedMessageException("attribute " + type + ": missing");
        }
        if (lengths[type] < bytes) {
            throw new MalformedMessageException(
                    "attribute " + type + ": " + lengths[type] + " bytes (expected: " + bytes + ")");
        }
        return starts[type];
    }
}
