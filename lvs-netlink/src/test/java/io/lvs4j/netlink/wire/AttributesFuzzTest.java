package io.lvs4j.netlink.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes: messages and attributes, or {@link MalformedMessageException}. */
class AttributesFuzzTest {
    static Stream<byte[]> written() {
        MessageWriter writer = new MessageWriter();
        writer.begin(28, NetlinkMessage.MULTI, 1, 1, 1);
        int start = writer.beginNested(1);
        writer.u8(1, 7)
                .u16(2, 443)
                .u16be(3, 443)
                .u32(4, 1L << 31)
                .text(5, "wlc")
                .bytes(6, new byte[16]);
        writer.endNested(start).end();
        byte[] one = bytes(writer);
        writer.begin(NetlinkMessage.DONE, 0, 1, 0, 0).end();
        return Stream.of(one, bytes(writer));
    }

    private static byte[] bytes(MessageWriter writer) {
        byte[] bytes = new byte[writer.size()];
        writer.written().get(bytes);
        return bytes;
    }

    @MethodSource("written")
    @FuzzTest(maxDuration = "2m")
    void bytesAreReadOrRefused(byte[] bytes) {
        read(ByteBuffer.wrap(bytes));
        try {
            for (NetlinkMessage message : NetlinkMessage.parse(ByteBuffer.wrap(bytes))) {
                read(message.payload());
                if (message.payload().remaining() >= Integer.BYTES) {
                    read(message.payload().position(Integer.BYTES));
                }
            }
        } catch (MalformedMessageException expected) {
            // no message
        }
    }

    private static void read(ByteBuffer bytes) {
        try {
            Attributes attributes = Attributes.parse(bytes);
            List<IntFunction<?>> readings = List.of(
                    attributes::u8,
                    attributes::u16,
                    attributes::u16be,
                    attributes::s32,
                    attributes::u32,
                    attributes::u64,
                    attributes::text,
                    type -> attributes.bytes(type, 16),
                    attributes::nested);
            for (int type = 0; type <= Attributes.MAX_TYPE; type++) {
                if (attributes.has(type)) {
                    for (IntFunction<?> reading : readings) {
                        tryTo(reading, type);
                    }
                }
            }
        } catch (MalformedMessageException expected) {
            // no attributes
        }
    }

    private static void tryTo(IntFunction<?> reading, int type) {
        try {
            Object unused = reading.apply(type);
        } catch (MalformedMessageException expected) {
            // not such a value
        }
    }
}
