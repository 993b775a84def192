package io.lvs4j.netlink.genl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.netlink.conversation.Dump;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The conversation with a kernel of which every datagram is written here. */
class GenericNetlinkTest {
    private static final int FAMILY = HostileChannel.FAMILY;

    private final Script script = new Script();

    private GenericNetlink open() {
        return open(script);
    }

    private static GenericNetlink open(Script script) {
        script.answer(family(), ack(1));
        return GenericNetlink.open(script, "IPVS", 1);
    }

    @Test
    void aFamilyThatTheKernelDoesNotKnowClosesTheChannel() {
        script.answer(error(1, Errno.ENOENT));
        assertThatThrownBy(() -> GenericNetlink.open(script, "IPVS", 1))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("ENOENT");
        assertThat(script.closed).isTrue();
    }

    @Test
    void aListInSeveralDatagramsSaysHowManyAndWhetherItWasInterrupted() {
        GenericNetlink netlink = open();
        script.answer(entry(2, 0), entry(2, 0));
        script.answer(entry(2, NetlinkMessage.DUMP_INTERRUPTED));
        script.answer(done(2));
        Dump<Attributes> dump = netlink.dump(Request.of(4));
        assertThat(dump.entries()).hasSize(3);
        assertThat(dump.parts()).isEqualTo(2);
        assertThat(dump.interrupted()).isTrue();
    }

    @Test
    void aListThatEndsInItsOnlyDatagramHasOnePart() {
        GenericNetlink netlink = open();
        script.answer(entry(2, 0), done(2));
        assertThat(netlink.dump(Request.of(4)).parts()).isEqualTo(1);
        script.answer(done(3));
        assertThat(netlink.dump(Request.of(4)).parts()).isZero();
    }

    @Test
    void aListThatWasLeftUnreadIsReadToItsEndBeforeTheNext() {
        GenericNetlink netlink = open();
        script.answer(entry(2, 0));
        assertThatThrownBy(() -> netlink.dump(Request.of(4))).isInstanceOf(SocketException.class);
        script.answer(entry(2, 0));
        script.answer(error(3, Errno.EBUSY));
        script.answer(entry(2, 0));
        script.answer(done(2));
        script.answer(entry(4, 0), done(4));
        assertThat(netlink.dump(Request.of(4)).entries()).hasSize(1);
    }

    @Test
    void aKernelThatGoesOnToBeBusyHasRefused() {
        GenericNetlink netlink = open();
        for (int number = 2; number <= 3; number++) {
            script.answer(error(number, Errno.EBUSY));
            script.answer(done(1));
        }
        assertThatThrownBy(() -> netlink.dump(Request.of(4)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("EBUSY");
    }

    @Test
    void ofManyRequestsOnlyTheLastOfADatagramAsksForAnAnswer() {
        GenericNetlink netlink = open();
        script.answer(ack(4));
        List<Outcome> outcomes = netlink.execute(List.of(Request.of(1), Request.of(2), Request.of(3)));
        assertThat(outcomes).containsOnly(Outcome.DONE).hasSize(3);
        assertThat(NetlinkMessage.parse(script.sent.get(1)))
                .extracting(NetlinkMessage::flags)
                .containsExactly(
                        NetlinkMessage.REQUEST, NetlinkMessage.REQUEST, NetlinkMessage.REQUEST | NetlinkMessage.ACK);
    }

    @Test
    void whatTheKernelRefusesIsToldApartByItsNumber() {
        GenericNetlink netlink = open();
        script.answer(error(3, Errno.EEXIST));
        script.answer(error(4, Errno.EPERM));
        assertThat(netlink.execute(List.of(Request.of(1), Request.of(2), Request.of(3))))
                .extracting(Outcome::errno)
                .containsExactly(0, Errno.EEXIST, Errno.EPERM);
    }

    @Test
    void moreThanADatagramHoldsIsSentInSeveral() {
        GenericNetlink netlink = open();
        Request large = new Request(1, writer -> writer.bytes(1, new byte[20_000]));
        script.answer(ack(3));
        script.answer(ack(4));
        assertThat(netlink.execute(List.of(large, large, large))).hasSize(3);
        assertThat(script.sent).hasSize(3);
    }

    @Test
    void anAnswerToAnEarlierRequestIsPassedOver() {
        GenericNetlink netlink = open();
        assertThatThrownBy(() -> netlink.execute(List.of(Request.of(1))))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("EAGAIN");
        script.answer(error(2, Errno.EPERM));
        script.answer(ack(3));
        assertThat(netlink.execute(List.of(Request.of(1)))).containsExactly(Outcome.DONE);
    }

    @Test
    void theKernelsOwnWordsAreReadWithAndWithoutTheRequestRepeated() {
        byte[] text = attribute(1, "no such thing\0".getBytes(StandardCharsets.US_ASCII));
        GenericNetlink netlink = open();
        script.answer(error(2, Errno.EINVAL, NetlinkMessage.CAPPED | NetlinkMessage.ACK_ATTRIBUTES, new byte[0], text));
        assertThat(netlink.execute(List.of(Request.of(1))).get(0))
                .isEqualTo(new Outcome(Errno.EINVAL, "no such thing"));
        script.answer(error(3, Errno.EINVAL, NetlinkMessage.ACK_ATTRIBUTES, new byte[8], text));
        assertThat(netlink.execute(List.of(Request.of(1))).get(0))
                .isEqualTo(new Outcome(Errno.EINVAL, "no such thing"));
    }

    @Test
    void strangersAreNotWaitedOutForEver() {
        GenericNetlink netlink = open();
        script.forEver = ack(77);
        assertThatThrownBy(() -> netlink.get(Request.of(1)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("answer nothing");
    }

    @Property
    void whateverComesIsAnAnswerOrAnErrorOfOurs(@ForAll long seed) {
        Random random = new Random(seed);
        Script broken = new Script();
        GenericNetlink netlink = open(broken);
        for (int i = 0; i < 4; i++) {
            byte[] datagram = concat(entry(2, 0), error(2, Errno.EINVAL, 0x300, new byte[8], new byte[12]), done(2));
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                datagram[random.nextInt(datagram.length)] = (byte) random.nextInt(256);
            }
            broken.answer(Arrays.copyOf(datagram, random.nextInt(datagram.length + 1)));
        }
        try {
            netlink.dump(Request.of(4)).entries().forEach(entry -> {
                if (entry.has(1)) {
                    entry.nested(1).text(1);
                }
            });
        } catch (MalformedMessageException | RequestException | SocketException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    // ---------------------------------------------------------------- bytes

    private static byte[] message(int type, int flags, int sequence, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(16 + (payload.length + 3) / 4 * 4).order(ByteOrder.nativeOrder());
        out.putInt(16 + payload.length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0)
                .put(payload);
        return out.array();
    }

    private static byte[] genl(byte[] attributes) {
        return concat(new byte[4], attributes);
    }

    static byte[] attribute(int type, byte[] value) {
        ByteBuffer out = ByteBuffer.allocate(4 + (value.length + 3) / 4 * 4).order(ByteOrder.nativeOrder());
        out.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return out.array();
    }

    private static byte[] shortBytes(int value) {
        return ByteBuffer.allocate(2)
                .order(ByteOrder.nativeOrder())
                .putShort((short) value)
                .array();
    }

    static byte[] family() {
        return message(16, 0, 1, genl(attribute(1, shortBytes(FAMILY))));
    }

    static byte[] entry(int sequence, int flags) {
        return message(FAMILY, NetlinkMessage.MULTI | flags, sequence, genl(attribute(1, attribute(1, shortBytes(2)))));
    }

    static byte[] done(int sequence) {
        return message(NetlinkMessage.DONE, NetlinkMessage.MULTI, sequence, new byte[4]);
    }

    static byte[] ack(int sequence) {
        return error(sequence, 0);
    }

    static byte[] error(int sequence, int errno) {
        return error(sequence, errno, NetlinkMessage.CAPPED, new byte[0], new byte[0]);
    }

    static byte[] error(int sequence, int errno, int flags, byte[] repeated, byte[] attributes) {
        ByteBuffer payload =
                ByteBuffer.allocate(20 + repeated.length + attributes.length).order(ByteOrder.nativeOrder());
        payload.putInt(-errno)
                .putInt(16 + repeated.length)
                .put(new byte[12])
                .put(repeated)
                .put(attributes);
        return message(NetlinkMessage.ERROR, flags, sequence, payload.array());
    }

    static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static final class Script implements NetlinkChannel {
        final List<ByteBuffer> sent = new ArrayList<>();
        final Deque<byte[]> answers = new ArrayDeque<>();
        byte[] forEver;
        boolean closed;

        void answer(byte[]... messages) {
            answers.add(concat(messages));
        }

        @Override
        public void send(ByteBuffer datagram) {
            sent.add(ByteBuffer.allocate(datagram.remaining()).put(datagram).flip());
        }

        @Override
        public ByteBuffer receive() {
            byte[] next = forEver != null ? forEver : answers.poll();
            if (next == null) {
                throw new SocketException("recv", Errno.EAGAIN, "");
            }
            return ByteBuffer.wrap(next);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
