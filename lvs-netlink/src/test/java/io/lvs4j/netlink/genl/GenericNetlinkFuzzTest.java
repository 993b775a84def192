package io.lvs4j.netlink.genl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the kernel says: an answer, or an exception that {@link GenericNetlink} promises. */
class GenericNetlinkFuzzTest {

    static Stream<byte[]> conversations() {
        byte[] text = GenericNetlinkTest.attribute(1, "no such thing\0".getBytes(StandardCharsets.US_ASCII));
        byte[] refused = GenericNetlinkTest.error(
                3, Errno.EINVAL, NetlinkMessage.CAPPED | NetlinkMessage.ACK_ATTRIBUTES, new byte[0], text);
        byte[] repeated = GenericNetlinkTest.error(2, Errno.EEXIST, NetlinkMessage.ACK_ATTRIBUTES, new byte[8], text);
        byte[] entry = GenericNetlinkTest.entry(2, 0);
        byte[] interrupted = GenericNetlinkTest.entry(2, NetlinkMessage.DUMP_INTERRUPTED);
        byte[] done = GenericNetlinkTest.done(2);
        byte[] busy = GenericNetlinkTest.error(2, Errno.EBUSY);
        return Stream.of(
                HostileChannel.script(entry, interrupted, done),
                HostileChannel.script(GenericNetlinkTest.concat(entry, entry, done)),
                HostileChannel.script(entry, GenericNetlinkTest.ack(2)),
                HostileChannel.script(repeated, refused, GenericNetlinkTest.ack(4)),
                HostileChannel.script(busy, done, GenericNetlinkTest.entry(3, 0), GenericNetlinkTest.done(3)),
                HostileChannel.script(new byte[0], new byte[15], entry));
    }

    @MethodSource("conversations")
    @FuzzTest(maxDuration = "2m")
    void answersAreUnderstoodOrRefused(byte[] answers) {
        tryTo(() -> GenericNetlink.open(new HostileChannel(ByteBuffer.wrap(answers)), "IPVS", 1));
        tryTo(() -> open(answers).get(Request.of(1)));
        tryTo(() -> open(answers).dump(Request.of(1)));
        tryTo(() -> open(answers).execute(List.of(Request.of(1), Request.of(2), Request.of(3))));
    }

    private static GenericNetlink open(byte[] answers) {
        byte[] all = GenericNetlinkTest.concat(HostileChannel.family(), answers);
        return GenericNetlink.open(new HostileChannel(ByteBuffer.wrap(all)), "IPVS", 1);
    }

    private static void tryTo(Runnable conversation) {
        try {
            conversation.run();
        } catch (MalformedMessageException | RequestException | SocketException expected) {
            // as promised
        }
    }
}
