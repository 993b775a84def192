package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPrefixTest {
    private static InetAddress at(String address) {
        return IpText.parse("address", address);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "10.1.2.3, 10.1.2.3, 10.1.2.3, 10.1.2.4",
        "192.0.2.128/25, 192.0.2.128, 192.0.2.255, 192.0.2.127",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, ::",
        "fd00::/8, fd00::, fdff:ffff::1, fe00::",
        "2001:db8::1, 2001:db8::1, 2001:db8::1, 2001:db8::2",
        "::/0, ::, ffff::, 10.0.0.1"
    })
    void aNetworkHasItsAddressesAndNoOthers(String prefix, String first, String last, String outside) {
        AddressPrefix network = AddressPrefix.parse(prefix);
        assertThat(network).hasToString(prefix);
        assertThat(network.contains(at(first))).isTrue();
        assertThat(network.contains(at(last))).isTrue();
        assertThat(network.contains(at(outside))).isFalse();
    }

    @Property
    void anAddressIsInExactlyOneNetworkOfEachLength(
            @ForAll @Size(4) byte[] bytes, @ForAll @IntRange(min = 1, max = 32) int length)
            throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        int bits = java.nio.ByteBuffer.wrap(bytes).getInt() & (-1 << (32 - length));
        assertThat(new AddressPrefix(ipv4(bits), length).contains(address)).isTrue();
        assertThat(new AddressPrefix(ipv4(bits ^ (1 << (32 - length))), length).contains(address))
                .isFalse();
    }

    private static InetAddress ipv4(int bits) throws UnknownHostException {
        return InetAddress.getByAddress(
                java.nio.ByteBuffer.allocate(4).putInt(bits).array());
    }

    @Test
    void anIpv4MappedAddressIsTheIpv4Address() throws UnknownHostException {
        InetAddress mapped =
                Inet6Address.getByAddress("", HexFormat.of().parseHex("00000000000000000000ffff0a010203"), -1);
        assertThat(mapped).isInstanceOf(Inet6Address.class);
        assertThat(AddressPrefix.parse("10.0.0.0/8").contains(mapped)).isTrue();
        assertThat(AddressPrefix.parse("::/0").contains(mapped)).isFalse();
        assertThat(new AddressPrefix(mapped, 32)).isEqualTo(AddressPrefix.parse("10.1.2.3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/33 | prefix length: 33 (expected: 0..32 for 10.0.0.0)",
                "::/129 | prefix length: 129 (expected: 0..128 for ::)",
                "10.0.0.1/8 | prefix: 10.0.0.1/8 (expected: no bits after the first 8, or the whole address, /32)",
                "10.0.0.0/ | prefix: 10.0.0.0/ (expected: address/length, such as 10.0.0.0/8)",
                "10.0.0.0/-1 | prefix: 10.0.0.0/-1 (expected: address/length, such as 10.0.0.0/8)",
                "10.0.0.0/255.0.0.0 | prefix: 10.0.0.0/255.0.0.0 (expected: address/length, such as 10.0.0.0/8)",
                "front.example/8 | prefix: front.example (expected: an IPv4 or IPv6 address, not a host name)",
                "'' | prefix:  (expected: an IPv4 or IPv6 address, not a host name)"
            })
    void aTextThatNamesNoNetworkIsRefused(String text, String message) {
        assertThatThrownBy(() -> AddressPrefix.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
