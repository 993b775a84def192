package io.lvs4j.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is made of the bytes that a raw socket gives, whatever they are. */
class ReceivedBytesTest {
    private static byte[] packet(int version, int headerWords, int total, int length) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        if (length >= 20) {
            packet.put(0, (byte) (version << 4 | headerWords)).putShort(2, (short) total);
            packet.put(8, (byte) 254).put(12, new byte[] {10, 0, 0, 1}).put(16, new byte[] {(byte) 224, 0, 0, 18});
        }
        return packet.array();
    }

    private static Datagram parse(byte[] packet) {
        return Ipv4Packet.parse(ByteBuffer.wrap(packet), Duration.ZERO);
    }

    @Test
    void aHeaderWithOptionsIsPassedOverAndWhatFollowsThePacketIsCutOff() {
        Datagram datagram = parse(packet(4, 7, 36, 50));
        assertThat(datagram.payload().remaining()).isEqualTo(8);
        assertThat(datagram.hopLimit()).isEqualTo(254);
        assertThat(datagram.source().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(datagram.destination().getHostAddress()).isEqualTo("224.0.0.18");
    }

    @Test
    void lengthsThatContradictEachOtherAreNoPacket() {
        assertThat(parse(packet(4, 5, 20, 19))).isNull();
        assertThat(parse(packet(4, 4, 20, 20))).isNull();
        assertThat(parse(packet(4, 6, 20, 20))).isNull();
        assertThat(parse(packet(4, 5, 19, 20))).isNull();
        assertThat(parse(packet(4, 5, 21, 20))).isNull();
        assertThat(parse(packet(6, 5, 20, 20))).isNull();
        assertThat(parse(packet(4, 5, 20, 20))).isNotNull();
    }

    @Property
    void anyBytesAreAPacketOrNone(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(min = 0, max = 15) int headerWords) {
        if (bytes.length > 3) {
            bytes[0] = (byte) (0x40 | headerWords);
            bytes[2] = 0;
        }
        Datagram datagram = parse(bytes);
        assertThat(datagram == null || datagram.payload().remaining() <= bytes.length - 20)
                .isTrue();
    }

    private static ByteBuffer control(long length, int level, int type, byte[] data) {
        return ByteBuffer.allocate(16 + (data.length + 7) / 8 * 8)
                .order(ByteOrder.nativeOrder())
                .putLong(length)
                .putInt(level)
                .putInt(type)
                .put(data)
                .rewind();
    }

    @Test
    void aControlMessageIsFoundBehindAnother() {
        ByteBuffer first = control(16 + 20, 41, 50, new byte[20]);
        ByteBuffer second = control(16 + 4, 41, 52, new byte[] {9, 0, 0, 0});
        ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
        assertThat(ControlMessages.parse(both).bytes(41, 52, 4)).isEqualTo(new byte[] {9, 0, 0, 0});
        assertThat(ControlMessages.parse(both).bytes(41, 52, 5)).isNull();
        assertThat(ControlMessages.parse(both).bytes(41, 53, 4)).isNull();
    }

    @Property
    void anyControlMessagesAreReadOrPassedOver(
            @ForAll long length, @ForAll long seconds, @ForAll long nanos, @ForAll @Size(max = 40) byte[] tail) {
        byte[] time = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(seconds)
                .putLong(nanos)
                .array();
        for (long claimed : new long[] {length, length & 63, 32}) {
            ByteBuffer head = control(claimed, 1, 35, time);
            ByteBuffer all = ByteBuffer.allocate(head.remaining() + tail.length)
                    .put(head)
                    .put(tail)
                    .flip();
            ControlMessages messages = ControlMessages.parse(all);
            assertThat(messages.time(1, 35).map(Instant::getEpochSecond).orElse(0L))
                    .isNotNegative();
            byte[] more = messages.bytes(1, 35, 17);
            assertThat(more == null || more.length == 17).isTrue();
        }
    }
}
