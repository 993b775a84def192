package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text: connections, or {@link IpvsException}. */
class ConnectionFileFuzzTest {
    private static final String HEADINGS = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName\n";

    static Stream<byte[]> lines() {
        return Stream.of(
                        "TCP 0A000002 C350 0A000001 0050 0A000103 1F90 ESTABLISHED     899\n",
                        "IP  0A000000 0000 00000009 0000 0A000103 0000 NONE            300\n",
                        "UDP fd00:0000:0000:0000:0000:0000:0000:0002 C350 fd00:0000:0000:0000:0000:0000:0000:0001 0035"
                                + " fd00:0000:0000:0000:0000:0000:0000:0003 0035 UDP             299 sip 2a17@c\n")
                .map(line -> (HEADINGS + line).getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("lines")
    @FuzzTest(maxDuration = "2m")
    void linesAreReadOrRefused(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            ConnectionFile.parse(new StringReader(text), connection -> {
                assertThat(connection.protocol()).isNotEmpty();
                assertThat(connection.client().getAddress()).isNotNull();
                assertThat(connection.destination().getAddress()).isNotNull();
            });
        } catch (IpvsException expected) {
            assertThat(expected).hasMessageContaining("connections");
        }
    }
}
