package io.lvs4j.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one after the other into memory that grows with them. A message is begun, filled with attributes in
 * any order, and ended. Not thread-safe; may be {@link #clear}ed and used again.
 */
public final class MessageWriter {
    private static final int FIRST_BYTES = 4096;
    private static final int MAX_ATTRIBUTE_BYTES = 0xffff;

    private ByteBuffer out = allocate(FIRST_BYTES);
    private int message;

    /** Creates a writer that has written nothing. */
    public MessageWriter() {}

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /** Forgets everything written. Returns this. */
    public MessageWriter clear() {
        out.clear();
        return this;
    }

    /** {@return how many bytes have been written} */
    public int size() {
        return out.position();
    }

    /** {@return what has been written, ready to be read} */
    public ByteBuffer written() {
        return out.duplicate().flip().order(ByteOrder.nativeOrder());
    }

    /**
     * Begins a message of a generic netlink family: {@code struct nlmsghdr} and {@code struct genlmsghdr}.
     *
     * @param family the family's number
     * @param flags {@code NLM_F_*}
     * @param sequence the number of this request
     * @param command what to do, 0..255
     * @param version the version of the family's language, 0..255
     * @return this
     */
    public MessageWriter begin(int family, int flags, int sequence, int command, int version) {
        return begin(family, flags, sequence).raw8(command).raw8(version).raw16(0);
    }

    /**
     * Begins a message: {@code struct nlmsghdr}. What its type wants before its attributes is written with {@code raw8}, {@code
     * raw16}, {@code raw32}, a multiple of four bytes.
     *
     * @param type the message's type
     * @param flags {@code NLM_F_*}
     * @param sequence the number of this request
     * @return this
     */
    public MessageWriter begin(int type, int flags, int sequence) {
        message = out.position();
        room(NetlinkMessage.HEADER_BYTES);
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
        return this;
    }

    /** Writes a byte that belongs to no attribute. Returns this. */
    public MessageWriter raw8(int value) {
        room(Byte.BYTES);
        out.put((byte) value);
        return this;
    }

    /** Writes a 16 bit number in native byte order that belongs to no attribute. Returns this. */
    public MessageWriter raw16(int value) {
        room(Short.BYTES);
        out.putShort((short) value);
        return this;
    }

    /** Writes a 32 bit number in native byte order that belongs to no attribute. Returns this. */
    public MessageWriter raw32(long value) {
        room(Integer.BYTES);
        out.putInt((int) value);
        return this;
    }

    /** Ends the message. Returns this. */
    public MessageWriter end() {
        out.putInt(message, out.position() - message);
        return this;
    }

    /** Changes the flags of the message written last. Returns this. */
    public MessageWriter flags(int flags) {
        out.putShort(message + 6, (short) flags);
        return this;
    }

    /** Writes an unsigned byte. Returns this. */
    public MessageWriter u8(int type, int value) {
        attribute(type, Byte.BYTES);
        out.put((byte) value);
        return pad();
    }

    /** Writes a 16 bit number in native byte order. Returns this. */
    public MessageWriter u16(int type, int value) {
        attribute(type, Short.BYTES);
        out.putShort((short) value);
        return pad();
    }

    /** Writes a 16 bit number in network byte order. Returns this. */
    public MessageWriter u16be(int type, int value) {
        attribute(type, Short.BYTES);
        out.put((byte) (value >>> 8)).put((byte) value);
        return pad();
    }

    /** Writes a 32 bit number in native byte order. Returns this. */
    public MessageWriter u32(int type, long value) {
        attribute(type, Integer.BYTES);
        out.putInt((int) value);
        return this;
    }

    /** Writes bytes as they are. Returns this. */
    public MessageWriter bytes(int type, byte[] value) {
        attribute(type, value.length);
        out.put(value);
        return pad();
    }

    /** Writes a text with a zero byte behind it. Returns this. */
    public MessageWriter text(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        attribute(type, bytes.length + 1);
        out.put(bytes).put((byte) 0);
        return pad();
    }

    /** Begins an attribute of attributes. Returns where it began, for {@link #endNested}. */
    public int beginNested(int type) {
        int start = out.position();
        attribute(type | Attributes.NESTED, 0);
        return start;
    }

    /** Ends an attribute of attributes. Returns this. */
    public MessageWriter endNested(int start) {
        int length = out.position() - start;
        if (length > MAX_ATTRIBUTE_BYTES) {
            throw new IllegalArgumentException(
                    "attribute: " + length + " bytes (expected: at most " + MAX_ATTRIBUTE_BYTES + ")");
        }
        out.putShort(start, (short) length);
        return this;
    }

    private void attribute(int type, int bytes) {
        int length = Attributes.HEADER_BYTES + bytes;
        if (length > MAX_ATTRIBUTE_BYTES) {
            throw new IllegalArgumentException("attribute " + type + ": " + bytes + " bytes (expected: at most "
                    + (MAX_ATTRIBUTE_BYTES - Attributes.HEADER_BYTES) + ")");
        }
        room(Attributes.aligned(length));
        out.putShort((short) length).putShort((short) type);
    }

    private MessageWriter pad() {
        while ((out.position() & 3) != 0) {
            out.put((byte) 0);
        }
        return this;
    }

    private void room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = allocate(Math.max(2 * out.capacity(), out.position() + bytes));
            out = larger.put(out.flip());
        }
    }
}
