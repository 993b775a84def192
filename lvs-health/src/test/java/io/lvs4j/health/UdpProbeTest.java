package io.lvs4j.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.check.UdpCheck;
import io.lvs4j.check.UdpReply;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams and what comes back. That a verdict was in time shows in its words. */
class UdpProbeTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(5);

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();

    @AfterEach
    void close() {
        monitor.close();
    }

    private static UdpCheck.Builder check(Duration timeout) {
        return UdpCheck.builder()
                .payload("PING".getBytes(US_ASCII))
                .connectTimeout(timeout)
                .warmup(Duration.ZERO);
    }

    private static DatagramLiar pong() throws Exception {
        return new DatagramLiar((self, datagram, from) -> {
            if (Arrays.equals(datagram, "PING".getBytes(US_ASCII))) {
                self.send("PONG 42".getBytes(US_ASCII), from);
            }
        });
    }

    @Test
    void withoutARequiredReplySilenceIsAPass() throws Exception {
        try (DatagramLiar silent = DatagramLiar.silent()) {
            assertThat(Asking.found(monitor, silent.key(), check(SHORT).build()))
                    .isEqualTo("no ICMP error within 1s");
        }
    }

    @Test
    void anIcmpErrorIsAFailure() throws Exception {
        DatagramLiar gone = DatagramLiar.silent();
        gone.close();

        assertThat(Asking.found(monitor, gone.key(), check(LONG).build())).isEqualTo("udp: port unreachable");
        assertThat(Asking.found(
                        monitor,
                        gone.key(),
                        check(LONG).requireReply(UdpReply.any()).build()))
                .isEqualTo("udp: port unreachable");
    }

    @Test
    void aReplyThatNobodyRequiredIsAPassToo() throws Exception {
        try (DatagramLiar server = pong()) {
            assertThat(Asking.found(monitor, server.key(), check(LONG).build())).isEqualTo("reply of 7 bytes");
        }
    }

    @Test
    void aRequiredReplyIsAwaitedUntilTheDeadline() throws Exception {
        try (DatagramLiar silent = DatagramLiar.silent()) {
            assertThat(Asking.found(
                            monitor,
                            silent.key(),
                            check(SHORT).requireReply(UdpReply.any()).build()))
                    .isEqualTo("udp: no reply within 1s");
        }
    }

    @Test
    void aReplyIsComparedByteByByteOrByItsBeginningOrBits() throws Exception {
        try (DatagramLiar server = pong()) {
            assertThat(asked(server, UdpReply.exactly("PONG 42".getBytes(US_ASCII))))
                    .isEqualTo("reply of 7 bytes");
            assertThat(asked(server, UdpReply.startingWith("PONG".getBytes(US_ASCII))))
                    .isEqualTo("reply of 7 bytes");
            assertThat(asked(server, UdpReply.matching(new byte[] {0x40}, new byte[] {(byte) 0xe0})))
                    .isEqualTo("reply of 7 bytes");
            assertThat(asked(server, UdpReply.exactly("PONG".getBytes(US_ASCII))))
                    .isEqualTo("udp: reply 504f4e47203432 (expected: 504f4e47)");
            assertThat(asked(server, UdpReply.startingWith("QONG".getBytes(US_ASCII))))
                    .isEqualTo("udp: reply 504f4e47203432 (expected: 514f4e47...)");
            assertThat(asked(server, UdpReply.exactly("PONG 42 and more".getBytes(US_ASCII))))
                    .startsWith("udp: reply 504f4e47203432 (expected: ");
        }
    }

    @Test
    void aReplyFromElsewhereIsNone() throws Exception {
        try (DatagramLiar liar = new DatagramLiar(
                (self, datagram, from) -> DatagramLiar.sendFromElsewhere("PONG".getBytes(US_ASCII), from))) {
            assertThat(Asking.found(
                            monitor,
                            liar.key(),
                            check(SHORT).requireReply(UdpReply.any()).build()))
                    .isEqualTo("udp: no reply within 1s");
        }
    }

    @Test
    void ofAHugeReplyTheBeginningCounts() throws Exception {
        try (DatagramLiar liar = new DatagramLiar((self, datagram, from) -> self.send(new byte[60_000], from))) {
            assertThat(asked(liar, UdpReply.startingWith(new byte[4]))).isEqualTo("reply of 4096 bytes");
            assertThat(asked(liar, UdpReply.exactly(new byte[4])))
                    .isEqualTo("udp: reply 00000000000000000000000000000000... (expected: 00000000)");
        }
    }

    private String asked(DatagramLiar server, UdpReply reply) {
        return Asking.found(
                monitor, server.key(), check(LONG).requireReply(reply).build());
    }
}
