package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "example.com", "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-1", "01.2.3.4", "1.2.3.4 ",
                        "0x7f.0.0.1",
                ":", ":::", "1::2::3", "fe80::1%lo", "g::1", "::1.2.3.4.5", "12345::", "[::1]", "a:b", "2130706433"
            })
    void whatIsNoLiteralIsRefusedWithoutAskingANameServer(String text) {
        assertThatThrownBy(() -> IpText.parse("listen", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("listen: " + text + " (expected: an IPv4 or IPv6 address, not a host name)");
    }

    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "fd00::, fd00::",
        "::ffff:10.0.0.1, 10.0.0.1",
        "10.0.0.1, 10.0.0.1"
    })
    void addressesAreWrittenAsRfc5952Asks(String text, String canonical) {
        assertThat(IpText.format(IpText.parse("listen", text))).isEqualTo(canonical);
    }

    @Property(tries = 2000)
    void anIpv6AddressSurvivesBeingWrittenAndRead(@ForAll @Size(16) byte[] bytes, @ForAll byte sparse)
            throws UnknownHostException {
        for (int i = 0; i < 8; i++) {
            if ((sparse & (1 << i)) != 0) { // zero groups are what the short form is about
                bytes[2 * i] = 0;
                bytes[2 * i + 1] = 0;
            }
        }
        InetAddress address = InetAddress.getByAddress(bytes);
        assertThat(IpText.parse("listen", IpText.format(address))).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                "10.0.0.1",
                "10.0.0.1:",
                "::1:80",
                "[::1]",
                "[::1]80",
                "[::1:80",
                "10.0.0.1:80:90",
                "]:80["
            })
    void anAddressWithPortHasOneUnambiguousForm(String text) {
        assertThatThrownBy(() -> ServerKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    @Property(tries = 2000)
    void arbitraryTextIsParsedOrRefusedAndNothingElse(@ForAll String text) {
        try {
            assertThat(ServerKey.parse(text).port()).isBetween(1, 65535);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("(expected: ");
        }
    }

    @Test
    void ipv6AddressesWithPortAreBracketed() {
        assertThat(ServerKey.parse("[2001:db8::1]:443")).hasToString("[2001:db8::1]:443");
        assertThat(ServerKey.parse("192.168.1.101:18089")).hasToString("192.168.1.101:18089");
    }
}
