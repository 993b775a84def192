package io.lvs4j.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of checks by DNS, UDP, ping, program and file. */
class ProbeSettingsTest {
    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void theDefaultsAreKeepaliveds() {
        DnsCheck dns = DnsCheck.builder().delayLoop(Duration.ofSeconds(7)).build();
        assertThat(dns.describe()).isEqualTo("dns . SOA");
        assertThat(dns.timing().retries()).isEqualTo(3);
        assertThat(dns.timing().delayBeforeRetry()).isEqualTo(Duration.ofSeconds(7));
        assertThat(DnsCheck.builder()
                        .delayBeforeRetry(Duration.ZERO)
                        .build()
                        .timing()
                        .delayBeforeRetry())
                .isZero();
        assertThat(UdpCheck.builder().build().timing().retries()).isEqualTo(1);
        assertThat(PingCheck.create().timing().delayBeforeRetry()).isEqualTo(Duration.ofSeconds(1));
        assertThat(MiscCheck.program("/bin/true").build().timing().retries()).isZero();
        assertThat(FileCheck.of(Path.of("/run/state")).build().timing().retries())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a..b", ".a", "a b", "ü.test", "a\0b"})
    void aDomainNameHasLabels(String name) {
        refused(
                () -> DnsCheck.builder().name(name),
                "name: " + name
                        + " (expected: . or a domain name of at most 253 printable ASCII characters, labels of 1..63)");
    }

    @Test
    void aDomainNameFitsIntoAMessage() {
        String longest = ("a".repeat(63) + ".").repeat(3) + "b".repeat(61);
        assertThat(DnsCheck.builder().name(longest).build().name()).isEqualTo(longest);
        assertThatThrownBy(() -> DnsCheck.builder().name(longest + "b")).hasMessageStartingWith("name: ");
        assertThatThrownBy(() -> DnsCheck.builder().name("a".repeat(64))).hasMessageStartingWith("name: ");
        assertThat(DnsCheck.builder().name("a.test.").build())
                .isEqualTo(DnsCheck.builder().name("a.test").build());
    }

    @Test
    void aRecordTypeIsOneThatIsKnown() {
        assertThat(DnsCheck.Type.parse("aaaa")).isEqualTo(DnsCheck.Type.AAAA);
        refused(
                () -> DnsCheck.Type.parse("AXFR"),
                "type: AXFR (expected: one of [A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV])");
    }

    @Test
    void aPayloadIsNotEmptyAndHexadecimal() {
        refused(() -> UdpCheck.builder().payload(new byte[0]), "payload: empty (expected: 1..1024 bytes)");
        refused(
                () -> UdpCheck.builder().payload("0"),
                "payload: 0 (expected: at most 1024 bytes as pairs of hexadecimal digits)");
        refused(
                () -> UdpCheck.builder().payload("0g"),
                "payload: 0g (expected: at most 1024 bytes as pairs of hexadecimal digits)");
        assertThatThrownBy(() -> UdpCheck.builder().payload(new byte[1025])).hasMessageStartingWith("payload: ");
        assertThat(UdpCheck.builder().payload("AB").build())
                .isEqualTo(UdpCheck.builder().payload(new byte[] {(byte) 0xab}).build());
    }

    @Test
    void aReplysMaskIsAsLongAsTheReply() {
        refused(
                () -> UdpReply.matching(new byte[2], new byte[1]),
                "mask: 1 bytes (expected: 2, as many as the reply's)");
        refused(() -> UdpReply.exactly(new byte[0]), "reply: empty (expected: 1..1024 bytes)");
    }

    @Test
    void aPingHasNoPorts() {
        refused(
                () -> PingCheck.builder().connectPort(80).build(),
                "connectPort: 80 (expected: none, ICMP has no ports)");
        refused(() -> PingCheck.builder().bindPort(81).build(), "bindPort: 81 (expected: none, ICMP has no ports)");
    }

    @Test
    void aProgramIsNamedByItsAbsolutePath() {
        refused(() -> MiscCheck.program("true"), "program: true (expected: an absolute path)");
        refused(() -> MiscCheck.program(""), "program:  (expected: an absolute path)");
        refused(
                () -> MiscCheck.program("/bin/true", "a\0b"),
                "command: a\0b (expected: words of at most 4096 characters, none of them NUL)");
        refused(
                () -> MiscCheck.program("/bin/true", "x ".repeat(64).split(" ", 64)),
                "command: 65 words (expected: 1..64)");
    }

    @Test
    void aFileIsNamedByItsAbsolutePath() {
        refused(() -> FileCheck.of(Path.of("state")), "file: state (expected: an absolute path)");
    }
}
