package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The message that goes before the descriptors. */
class ListenerListTest {
    @Test
    void whatIsWrittenIsRead() throws IOException {
        ListenerList list = new ListenerList(List.of(
                new InetSocketAddress("10.0.0.1", 80),
                new InetSocketAddress("::", 65_535),
                new InetSocketAddress("0.0.0.0", 1),
                new InetSocketAddress("fd00::1", 443)));
        ByteBuffer bytes = list.encode();
        assertThat(ListenerList.count(bytes)).isEqualTo(4);
        ByteBuffer body = bytes.slice(ListenerList.HEADER, ListenerList.bodyLength(4));
        assertThat(ListenerList.decode(body)).isEqualTo(list);
    }

    @Test
    void tooManyAreRefused() {
        ByteBuffer header = new ListenerList(List.of()).encode();
        header.putShort(6, (short) (ListenerList.MOST + 1));
        assertThatThrownBy(() -> ListenerList.count(header)).hasMessageContaining("16385 (expected: 0..16384)");
    }

    @Property(tries = 20_000)
    void anyHeaderIsReadOrRefused(@ForAll @Size(ListenerList.HEADER) byte[] bytes) throws IOException {
        ByteBuffer good = new ListenerList(List.of()).encode();
        try {
            assertThat(ListenerList.count(ByteBuffer.wrap(bytes))).isBetween(0, ListenerList.MOST);
            assertThat(good.slice(0, 6)).isEqualTo(ByteBuffer.wrap(bytes, 0, 6));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("expected:");
        }
    }

    @Property(tries = 20_000)
    void anyEntryIsReadAsItWouldBeWrittenOrRefused(
            @ForAll @Size(20) byte[] bytes, @ForAll boolean six, @ForAll boolean mapped) throws IOException {
        bytes[0] = (byte) (six ? 6 : 4);
        bytes[1] = (byte) (bytes[1] % 2);
        if (mapped) {
            Arrays.fill(bytes, six ? 4 : 8, six ? 14 : 20, (byte) 0);
        }
        try {
            ListenerList list = ListenerList.decode(ByteBuffer.wrap(bytes));
            assertThat(list.encode().slice(ListenerList.HEADER, bytes.length)).isEqualTo(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("expected:");
        }
    }
}
