package io.lvs4j.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message: {@code struct nlmsghdr} and what follows.
 *
 * @param type what it is: a control message below {@value #FIRST_FAMILY_TYPE}, or the number of a family
 * @param flags {@code NLM_F_*}
 * @param sequence the number of the request that it answers
 * @param port the netlink port of the process that it is for
 * @param payload what follows the header, in native byte order; reading it does not disturb others
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {
    /** A request. */
    public static final int REQUEST = 0x1;
    /** The message is one of several, up to {@link #DONE}. */
    public static final int MULTI = 0x2;
    /** Asks for an answer also if nothing goes wrong. */
    public static final int ACK = 0x4;
    /** What is listed has changed meanwhile. */
    public static final int DUMP_INTERRUPTED = 0x10;
    /** Asks for a list. */
    public static final int DUMP = 0x300;
    /** In a request: what is there already is changed. */
    public static final int REPLACE = 0x100;
    /** In a request: it is refused if it is there already. */
    public static final int EXCLUSIVE = 0x200;
    /** In a request: it is made if it is not there. */
    public static final int CREATE = 0x400;
    /** In an error message: the request is not repeated in it. */
    public static final int CAPPED = 0x100;
    /** In an error message: attributes with more about it follow. */
    public static final int ACK_ATTRIBUTES = 0x200;

    /** Type: nothing. */
    public static final int NOOP = 1;
    /** Type: the outcome of a request. */
    public static final int ERROR = 2;
    /** Type: the end of a list. */
    public static final int DONE = 3;
    /** The first type that is no control message. */
    public static final int FIRST_FAMILY_TYPE = 16;

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 16;

    /**
     * Takes what was received apart.
     *
     * @param datagram messages one after the other, from its position to its limit
     * @return the messages, which share the datagram's memory
     * @throws MalformedMessageException if a length is wrong
     */
    public static List<NetlinkMessage> parse(ByteBuffer datagram) {
        ByteBuffer in = datagram.slice().order(ByteOrder.nativeOrder());
        List<NetlinkMessage> messages = new ArrayList<>();
        int at = 0;
        while (in.limit() - at >= HEADER_BYTES) {
            int length = in.getInt(at);
            if (length < HEADER_BYTES || length > in.limit() - at) {
                throw new MalformedMessageException("netlink message at byte " + at + ": length "
                        + Integer.toUnsignedString(length) + " (expected: " + HEADER_BYTES + ".." + (in.limit() - at)
                        + ")");
            }
            ByteBuffer payload =
                    in.slice(at + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
            messages.add(new NetlinkMessage(
                    Short.toUnsignedInt(in.getShort(at + 4)),
                    Short.toUnsignedInt(in.getShort(at + 6)),
                    in.getInt(at + 8),
                    in.getInt(at + 12),
                    payload));
            at += Attributes.aligned(length);
        }
        if (at < in.limit()) {
            throw new MalformedMessageException(
                    "netlink message at byte " + at + ": cut off after " + (in.limit() - at) + " bytes");
        }
        return messages;
    }
}
