package io.lvs4j.netlink.genl;

import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;

/** A kernel that knows the family asked for, and then answers with given bytes, whatever is sent; at their end with silence. */
public final class HostileChannel implements NetlinkChannel {
    /** The family's number. */
    public static final int FAMILY = 28;

    private static final int LENGTH_BYTES = Short.BYTES;

    private final ByteBuffer answers;

    /**
     * Creates one that says these bytes.
     *
     * @param answers datagrams, each after its length: 16 bits in native byte order
     */
    public HostileChannel(ByteBuffer answers) {
        this.answers = answers.order(ByteOrder.nativeOrder());
    }

    /** Returns what makes this channel say some datagrams. */
    public static byte[] script(byte[]... datagrams) {
        return GenericNetlinkTest.concat(Stream.of(datagrams)
                .flatMap(datagram -> Stream.of(
                        ByteBuffer.allocate(LENGTH_BYTES)
                                .order(ByteOrder.nativeOrder())
                                .putShort((short) datagram.length)
                                .array(),
                        datagram))
                .toArray(byte[][]::new));
    }

    /** Returns the honest answers to the question for the family. */
    public static byte[] family() {
        return script(GenericNetlinkTest.family(), GenericNetlinkTest.ack(1));
    }

    /** Returns an answer to one question, and that it is done. */
    public static byte[] answer(int sequence, Request content) {
        MessageWriter writer = new MessageWriter();
        writer.begin(FAMILY, 0, sequence, content.command(), 1);
        content.body().accept(writer);
        byte[] message = new byte[writer.end().size()];
        writer.written().get(message);
        return script(message, GenericNetlinkTest.ack(sequence));
    }

    @Override
    public void send(ByteBuffer datagram) {
        // whatever it is
    }

    @Override
    public ByteBuffer receive() {
        if (answers.remaining() < LENGTH_BYTES) {
            throw new SocketException("recv", Errno.EAGAIN, "");
        }
        int length = Math.min(Short.toUnsignedInt(answers.getShort()), answers.remaining());
        ByteBuffer datagram = answers.slice(answers.position(), length);
        answers.position(answers.position() + length);
        return datagram;
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
