package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualAddressTest {
    @Test
    void withoutALengthAnAddressStandsForItself() {
        assertThat(VirtualAddress.parse("10.0.0.5").prefixLength()).isEqualTo(32);
        assertThat(VirtualAddress.parse("fd00::5").prefixLength()).isEqualTo(128);
        assertThat(VirtualAddress.parse("10.0.0.5/24")).hasToString("10.0.0.5/24");
    }

    @Test
    void aWholeIpv6AddressIsNoSourceThatIsPreferred() {
        assertThat(VirtualAddress.parse("fd00::5").preferredLifetime()).contains(Duration.ZERO);
        assertThat(VirtualAddress.parse("fd00::5/64").preferredLifetime()).isEmpty();
        assertThat(VirtualAddress.parse("10.0.0.5").preferredLifetime()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # a text        | what is said of it
        10.0.0.5/33     | prefix length: 33 (expected: 0..32
        fd00::5/129     | prefix length: 129 (expected: 0..128
        10.0.0.5/x      | address: 10.0.0.5/x (expected: address/length
        10.0.0.5/-1     | address: 10.0.0.5/-1 (expected: address/length
        10.0.0          | prefix: 10.0.0 (expected:
        host            | prefix: host (expected:
        """)
    void aMalformedTextIsRefused(String text, String message) {
        assertThatThrownBy(() -> VirtualAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static VirtualAddress of(String address, int scope, String label, String broadcast, String peer) {
        return new VirtualAddress(
                address(address),
                24,
                Optional.empty(),
                scope,
                Optional.of(label).filter(text -> !text.equals("-")),
                Optional.of(broadcast).filter(text -> !text.equals("-")).map(VirtualAddressTest::address),
                Optional.of(peer).filter(text -> !text.equals("-")).map(VirtualAddressTest::address),
                Set.of(),
                false,
                true,
                Optional.empty(),
                Optional.empty());
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # address | scope | label            | broadcast  | peer     | what is said
        10.0.0.5  | 256   | -                | -          | -        | scope: 256 (expected: 0..255)
        fd00::5   | 253   | -                | -          | -        | scope: 253 (expected: 0 for IPv6)
        fd00::5   | 0     | eth0:1           | -          | -        | label: eth0:1 (expected: none for IPv6)
        10.0.0.5  | 0     | eth0:sixteen.byt | -          | -        | label: eth0:sixteen.byt (expected: 1..15 bytes)
        fd00::5   | 0     | -                | 10.0.0.255 | -        | broadcast: 10.0.0.255 (expected: an IPv4 address
        10.0.0.5  | 0     | -                | 10.0.0.255 | 10.0.0.6 | broadcast: 10.0.0.255 (expected: an IPv4 address
        10.0.0.5  | 0     | -                | -          | fd00::6  | peer: fd00:0:0:0:0:0:0:6 (expected: an address of
        """)
    void whatDoesNotFitIsRefused(
            String address, int scope, String label, String broadcast, String peer, String message) {
        assertThatThrownBy(() -> of(address, scope, label, broadcast, peer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aRouteAndARuleAreOfOneFamily() {
        assertThatThrownBy(() -> new VirtualRoute(
                        List.of("default"),
                        VirtualRoute.Type.UNICAST,
                        AddressFamily.INET,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(address("fd00::1")),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        true,
                        Optional.empty()))
                .hasMessageContaining("source: fd00:0:0:0:0:0:0:1 (expected: an address of family inet)");
        assertThatThrownBy(() -> new VirtualRule(
                        List.of("table", "1"),
                        AddressFamily.INET,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.of(-1),
                        OptionalLong.empty(),
                        true,
                        Optional.empty()))
                .hasMessage("table: -1 (expected: 0..4294967295)");
    }
}
