package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ConnectionEntry;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionFileTest {
    private static final String HEADINGS =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

    private static List<ConnectionEntry> parse(Reader text) throws IOException {
        List<ConnectionEntry> entries = new ArrayList<>();
        ConnectionFile.parse(text, entries::add);
        return entries;
    }

    @Test
    void connectionsAndTemplatesOfBothFamiliesAreRead() throws IOException {
        assertThat(parse(new StringReader(HEADINGS
                        + "TCP 0A000002 C350 0A000001 0050 0A000103 1F90 ESTABLISHED     899\n"
                        + "TCP 0A000002 0000 0A000001 0050 0A000103 1F90 NONE            300\n"
                        + "UDP fd00:0000:0000:0000:0000:0000:0000:0002 C350 fd00:0000:0000:0000:0000:0000:0000:0001 0035"
                        + " fd00:0000:0000:0000:0000:0000:0000:0003 0035 UDP             299\n")))
                .containsExactly(
                        new ConnectionEntry(
                                "TCP",
                                new InetSocketAddress(TestEntries.ip("10.0.0.2"), 50000),
                                new InetSocketAddress(TestEntries.ip("10.0.0.1"), 80),
                                new InetSocketAddress(TestEntries.ip("10.0.1.3"), 8080),
                                "ESTABLISHED",
                                Duration.ofSeconds(899)),
                        new ConnectionEntry(
                                "TCP",
                                new InetSocketAddress(TestEntries.ip("10.0.0.2"), 0),
                                new InetSocketAddress(TestEntries.ip("10.0.0.1"), 80),
                                new InetSocketAddress(TestEntries.ip("10.0.1.3"), 8080),
                                "NONE",
                                Duration.ofSeconds(300)),
                        new ConnectionEntry(
                                "UDP",
                                new InetSocketAddress(TestEntries.ip("fd00::2"), 50000),
                                new InetSocketAddress(TestEntries.ip("fd00::1"), 53),
                                new InetSocketAddress(TestEntries.ip("fd00::3"), 53),
                                "UDP",
                                Duration.ofSeconds(299)))
                .extracting(ConnectionEntry::isTemplate)
                .containsExactly(false, true, false);
    }

    @Test
    void aLineThatIsNoneIsNamed() {
        for (String line : new String[] {
            "TCP",
            "TCP 0A000002 C350 0A000001 0050 0A000103 1F90 ESTABLISHED soon",
            "x".repeat(2000),
            "TCP 0A0002 C350 0A000001 0050 0A000103 1F90 NONE 1",
            "TCP 0A000002 1C350 0A000001 0050 0A000103 1F90 NONE 1"
        }) {
            assertThatThrownBy(() -> parse(new StringReader(HEADINGS + line)))
                    .isInstanceOf(IpvsException.class)
                    .hasMessageContaining(line.substring(0, 3));
        }
    }

    @Test
    void aLineWithoutEndIsNotWaitedFor() {
        Reader endless = new Reader() {
            @Override
            public int read(char[] into, int offset, int length) {
                Arrays.fill(into, offset, offset + length, 'x');
                return length;
            }

            @Override
            public void close() {
                // nothing to give back
            }
        };
        assertThatThrownBy(() -> parse(endless))
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("at most 1024 characters");
    }
}
