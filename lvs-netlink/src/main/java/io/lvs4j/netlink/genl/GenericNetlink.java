package io.lvs4j.netlink.genl;

import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.conversation.Conversation;
import io.lvs4j.netlink.conversation.Dump;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Talks to one family: a {@link Conversation} whose messages are commands and attributes. Not thread-safe. */
public final class GenericNetlink implements AutoCloseable {
    private static final int HEADER_BYTES = 4; // struct genlmsghdr

    private static final int CONTROL_FAMILY = 16;
    private static final int CONTROL_VERSION = 2;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;

    private final Conversation conversation;
    private final int family;
    private final int version;

    private GenericNetlink(Conversation conversation, int family, int version) {
        this.conversation = conversation;
        this.family = family;
        this.version = version;
    }

    /**
     * Begins a conversation.
     *
     * @param channel the way to the kernel; closed with this object, and if the family cannot be found
     * @param family the family's name, such as {@code IPVS}
     * @param version the version of its language
     * @return the conversation
     * @throws RequestException if the kernel does not know the family ({@link Errno#ENOENT})
     * @throws SocketException if the kernel cannot be asked
     */
    public static GenericNetlink open(NetlinkChannel channel, String family, int version) {
        Conversation conversation = new Conversation(channel);
        try {
            Attributes found = new GenericNetlink(conversation, CONTROL_FAMILY, CONTROL_VERSION)
                    .get(new Request(CTRL_CMD_GETFAMILY, w -> w.text(CTRL_ATTR_FAMILY_NAME, family)));
            return new GenericNetlink(conversation, found.u16(CTRL_ATTR_FAMILY_ID), version);
        } catch (RuntimeException e) {
            conversation.close();
            throw e;
        }
    }

    /**
     * Asks for one thing.
     *
     * @param request what to ask
     * @return the attributes of the answer
     * @throws RequestException if the kernel refuses
     * @throws SocketException if it does not answer
     */
    public Attributes get(Request request) {
        return conversation.get("command " + request.command(), call(request), family, GenericNetlink::attributes);
    }

    /**
     * Asks for a list.
     *
     * @param request what to ask
     * @return the attributes of what the kernel lists; it may be torn if something changes meanwhile
     * @throws RequestException if the kernel refuses
     * @throws SocketException if it does not answer to the end
     */
    public Dump<Attributes> dump(Request request) {
        return conversation.dump("command " + request.command(), call(request), family, GenericNetlink::attributes);
    }

    /**
     * Has requests carried out in their order, see {@link Conversation#execute}.
     *
     * @param requests what to do
     * @return what became of each, in the same order
     * @throws SocketException if answers were lost: then it is not known what has become of the requests, and somebody must look
     */
    public List<Outcome> execute(List<Request> requests) {
        return conversation.execute(requests.stream().map(this::call).toList());
    }

    private Call call(Request request) {
        return new Call(family, 0, writer -> {
            writer.raw8(request.command()).raw8(version).raw16(0);
            request.body().accept(writer);
        });
    }

    /** What is received is overwritten by the next datagram, so it is copied. */
    private static Attributes attributes(ByteBuffer payload) {
        if (payload.remaining() < HEADER_BYTES) {
            throw new MalformedMessageException("generic netlink message: " + payload.remaining()
                    + " bytes (expected: at least " + HEADER_BYTES + ")");
        }
        int length = payload.remaining() - HEADER_BYTES;
        ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        copy.put(payload.slice(HEADER_BYTES, length)).flip();
        return Attributes.parse(copy);
    }

    @Override
    public void close() {
        conversation.close();
    }
}
