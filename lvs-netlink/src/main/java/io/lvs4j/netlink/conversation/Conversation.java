package io.lvs4j.netlink.conversation;

import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.MessageWriter;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Asks over one channel: one request or one batch at a time. Answers to earlier requests, of which an exception left some unread,
 * are passed over by their numbers.
 *
 * <p>Whatever the kernel sends is bounded: a list has at most {@value #MAX_ENTRIES} entries, and after {@value #MAX_STRAYS}
 * datagrams that have nothing to do with the request nobody waits any longer.
 *
 * <p>Not thread-safe.
 */
public final class Conversation implements AutoCloseable {
    /** The longest list. */
    static final int MAX_ENTRIES = 1 << 22;

    static final int MAX_STRAYS = 1 << 12;

    /** How much goes into one datagram of a batch. */
    private static final int BATCH_BYTES = 1 << 15;

    private static final int NLMSGERR_ATTR_MSG = 1;

    private final NetlinkChannel channel;
    private final MessageWriter writer = new MessageWriter();
    private int sequence;

    /**
     * Begins a conversation.
     *
     * @param channel the way to the kernel; closed with this object
     */
    public Conversation(NetlinkChannel channel) {
        this.channel = channel;
    }

    // ---------------------------------------------------------------- asking

    /**
     * Asks for one thing.
     *
     * @param what what is asked, for exceptions
     * @param call what to ask
     * @param answerType the type of the message that is the answer
     * @param reader reads the answer's payload, which is overwritten after that
     * @param <T> what is read
     * @return what was read
     * @throws RequestException if the kernel refuses
     * @throws SocketException if it does not answer
     * @throws MalformedMessageException if its answer is none
     */
    public <T> T get(String what, Call call, int answerType, Function<ByteBuffer, T> reader) {
        int number = ++sequence;
        write(call, NetlinkMessage.REQUEST | NetlinkMessage.ACK, number);
        List<T> answers = new ArrayList<>(1);
        Answers answer = new Answers(number, number);
        while (true) {
            for (NetlinkMessage message : answer.next()) {
                if (message.type() == NetlinkMessage.ERROR) {
                    Outcome outcome = outcome(message);
                    if (!outcome.ok()) {
                        throw new RequestException(what, outcome);
                    }
                    if (answers.isEmpty()) {
                        throw new MalformedMessageException(what + ": no answer");
                    }
                    return answers.get(0);
                }
                if (message.type() == answerType && answers.isEmpty()) {
                    answers.add(reader.apply(message.payload()));
                }
            }
        }
    }

    /**
     * Asks for a list.
     *
     * @param what what is asked, for exceptions
     * @param call what to ask
     * @param answerType the type of the messages that are entries
     * @param reader reads an entry's payload, which is overwritten after that
     * @param <T> what is read of an entry
     * @return what the kernel lists; it may be torn if something changes meanwhile
     * @throws RequestException if the kernel refuses
     * @throws SocketException if it does not answer to the end
     * @throws MalformedMessageException if its answer is none
     */
    public <T> Dump<T> dump(String what, Call call, int answerType, Function<ByteBuffer, T> reader) {
        return dump(what, call, answerType, reader, true);
    }

    private <T> Dump<T> dump(String what, Call call, int answerType, Function<ByteBuffer, T> reader, boolean passOver) {
        int number = ++sequence;
        write(call, NetlinkMessage.REQUEST | NetlinkMessage.DUMP, number);
        List<T> entries = new ArrayList<>();
        int parts = 0;
        boolean interrupted = false;
        Answers answer = new Answers(number, number);
        while (true) {
            int before = entries.size();
            for (NetlinkMessage message : answer.next()) {
                interrupted |= (message.flags() & NetlinkMessage.DUMP_INTERRUPTED) != 0;
                if (message.type() == NetlinkMessage.ERROR || message.type() == NetlinkMessage.DONE) {
                    Outcome outcome = message.payload().remaining() < Integer.BYTES ? Outcome.DONE : outcome(message);
                    if (passOver && outcome.errno() == Errno.EBUSY) { // an exception has left an earlier list unread
                        passOverList();
                        return dump(what, call, answerType, reader, false);
                    }
                    if (!outcome.ok()) {
                        throw new RequestException("list by " + what, outcome);
                    }
                    return new Dump<>(entries, entries.size() > before ? parts + 1 : parts, interrupted);
                }
                if (message.type() == answerType) {
                    if (entries.size() == MAX_ENTRIES) {
                        throw new MalformedMessageException(
                                "list by " + what + ": more than " + MAX_ENTRIES + " entries");
                    }
                    entries.add(reader.apply(message.payload()));
                }
            }
            parts += entries.size() > before ? 1 : 0;
        }
    }

    private void passOverList() {
        for (int i = 0; i < MAX_ENTRIES; i++) {
            if (NetlinkMessage.parse(channel.receive()).stream()
                    .anyMatch(message -> message.type() == NetlinkMessage.DONE)) {
                return;
            }
        }
        throw new MalformedMessageException("netlink: a list without end");
    }

    // ---------------------------------------------------------------- changing

    /**
     * Has requests carried out in their order. Whatever becomes of one, the next is tried. Many share one datagram, and of these
     * only the last asks for an answer that says "done": the kernel says by itself what it refuses.
     *
     * @param calls what to do
     * @return what became of each, in the same order
     * @throws SocketException if answers were lost: then it is not known what has become of the requests, and somebody must look
     */
    public List<Outcome> execute(List<Call> calls) {
        List<Outcome> outcomes = new ArrayList<>(calls.size());
        while (outcomes.size() < calls.size()) {
            int first = sequence + 1;
            int next = outcomes.size();
            int flags;
            writer.clear();
            do {
                Call call = calls.get(next++);
                flags = NetlinkMessage.REQUEST | call.flags();
                append(call, flags, ++sequence);
            } while (next < calls.size() && writer.size() < BATCH_BYTES);
            writer.flags(flags | NetlinkMessage.ACK);
            channel.send(writer.written());
            outcomes.addAll(outcomes(first, sequence - first + 1));
        }
        return outcomes;
    }

    private List<Outcome> outcomes(int first, int count) {
        Outcome[] outcomes = new Outcome[count];
        Arrays.fill(outcomes, Outcome.DONE);
        Answers answer = new Answers(first, first + count - 1);
        while (true) {
            for (NetlinkMessage message : answer.next()) {
                if (message.type() == NetlinkMessage.ERROR) {
                    int index = message.sequence() - first;
                    outcomes[index] = outcome(message);
                    if (index == count - 1) {
                        return List.of(outcomes);
                    }
                }
            }
        }
    }

    // ---------------------------------------------------------------- messages

    private void write(Call call, int flags, int number) {
        writer.clear();
        append(call, flags | call.flags(), number);
        channel.send(writer.written());
    }

    private void append(Call call, int flags, int number) {
        writer.begin(call.type(), flags, number);
        call.body().accept(writer);
        writer.end();
    }

    /** The messages that answer requests with numbers of a range. */
    private final class Answers {
        private final int first;
        private final int last;
        private int strays;

        Answers(int first, int last) {
            this.first = first;
            this.last = last;
        }

        /** Waits for the next ones. There may be none in what comes. */
        List<NetlinkMessage> next() {
            List<NetlinkMessage> messages = new ArrayList<>(NetlinkMessage.parse(channel.receive()));
            messages.removeIf(message -> message.sequence() - first < 0 || message.sequence() - last > 0);
            if (messages.isEmpty() && ++strays > MAX_STRAYS) {
                throw new MalformedMessageException(
                        "netlink: " + MAX_STRAYS + " datagrams that answer nothing (expected: an answer)");
            }
            return messages;
        }
    }

    private static Outcome outcome(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        if (payload.remaining() < Integer.BYTES) {
            throw new MalformedMessageException("netlink error message: " + payload.remaining() + " bytes");
        }
        int errno = -payload.getInt(0);
        return errno == 0 ? Outcome.DONE : new Outcome(errno, detail(message));
    }

    private static String detail(NetlinkMessage message) {
        ByteBuffer payload = message.payload();
        int header = Integer.BYTES + NetlinkMessage.HEADER_BYTES;
        if ((message.flags() & NetlinkMessage.ACK_ATTRIBUTES) == 0 || payload.remaining() < header) {
            return "";
        }
        int repeated = (message.flags() & NetlinkMessage.CAPPED) != 0
                ? 0
                : payload.getInt(Integer.BYTES) - NetlinkMessage.HEADER_BYTES;
        if (repeated < 0 || repeated > payload.remaining() - header) {
            throw new MalformedMessageException("netlink error message: repeats a request of " + repeated + " bytes");
        }
        int start = header + Attributes.aligned(repeated);
        if (start > payload.remaining()) {
            return "";
        }
        Attributes attributes = Attributes.parse(payload.slice(start, payload.remaining() - start));
        return attributes.has(NLMSGERR_ATTR_MSG) ? attributes.text(NLMSGERR_ATTR_MSG) : "";
    }

    @Override
    public void close() {
        channel.close();
    }
}
