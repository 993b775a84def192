package io.lvs4j.netlink.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Frames byte for byte as keepalived 2.2.7 puts them on the wire, and as the RFCs say. */
class FrameTest {
    private static final MacAddress VIRTUAL = MacAddress.parse("00:00:5e:00:01:33");

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String... lines) {
        return HexFormat.of().parseHex(String.join("", lines).replace(" ", ""));
    }

    @Test
    void gratuitousArpIsARequestToAndForEverybodyAsKeepalivedSendsIt() {
        assertThat(GratuitousArp.request(VIRTUAL, address("10.64.1.2")))
                .isEqualTo(hex(
                        "ffffffffffff 00005e000133 0806",
                        "0001 0800 06 04 0001",
                        "00005e000133 0a400102",
                        "ffffffffffff 0a400102"));
    }

    @Test
    void anArpAnnouncementHasNoTargetMacAddress() {
        assertThat(GratuitousArp.announcement(VIRTUAL, address("10.64.1.2")))
                .isEqualTo(hex(
                        "ffffffffffff 00005e000133 0806",
                        "0001 0800 06 04 0001",
                        "00005e000133 0a400102",
                        "000000000000 0a400102"));
    }

    @Test
    void aNeighbourAdvertisementOverridesAndSaysTheMacAddressAsKeepalivedSendsIt() {
        assertThat(NeighbourAdvertisement.unsolicited(VIRTUAL, address("fd00::5"), false))
                .isEqualTo(hex(
                        "333300000001 00005e000133 86dd",
                        "60000000 0020 3a ff",
                        "fd000000000000000000000000000005",
                        "ff020000000000000000000000000001",
                        "88 00 fd60 20000000",
                        "fd000000000000000000000000000005",
                        "02 01 00005e000133"));
    }

    @Test
    void aRouterSaysSo() {
        byte[] router = NeighbourAdvertisement.unsolicited(VIRTUAL, address("fd00::5"), true);
        assertThat(ByteBuffer.wrap(router).getInt(58)).isEqualTo(0xa0000000);
    }

    /** The receiver's rule, RFC 1071: with the checksum in place, the ones' complement sum is all ones. */
    @Property
    void theChecksumOfAnAdvertisementIsRight(
            @ForAll @LongRange(min = 0, max = (1L << 48) - 1) long mac,
            @ForAll @Size(16) byte[] address,
            @ForAll boolean router)
            throws UnknownHostException {
        InetAddress target = Inet6Address.getByAddress(null, address, -1);
        byte[] frame = NeighbourAdvertisement.unsolicited(new MacAddress(mac), target, router);
        ByteBuffer checked = ByteBuffer.allocate(40 + 32)
                .put(frame, 22, 32)
                .putInt(32)
                .putInt(58)
                .put(frame, 54, 32)
                .flip();
        long sum = 0;
        while (checked.hasRemaining()) {
            sum += Short.toUnsignedInt(checked.getShort());
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        assertThat(sum).isEqualTo(0xffff);
    }

    @Test
    void anAddressOfTheOtherFamilyIsRefusedByName() {
        assertThatThrownBy(() -> GratuitousArp.request(VIRTUAL, address("fd00::5")))
                .hasMessageContaining("fd00:0:0:0:0:0:0:5 (expected: an IPv4 address)");
        assertThatThrownBy(() -> NeighbourAdvertisement.unsolicited(VIRTUAL, address("10.0.0.1"), false))
                .hasMessageContaining("10.0.0.1 (expected: an IPv6 address)");
    }

    @Property
    void aMacAddressIsItsTextAndItsBytes(@ForAll @LongRange(min = 0, max = (1L << 48) - 1) long bits) {
        MacAddress mac = new MacAddress(bits);
        assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
        assertThat(MacAddress.of(mac.bytes())).isEqualTo(mac);
    }

    @Test
    void whatIsNoMacAddressIsRefusedByName() {
        for (String text :
                new String[] {"", "00:00:5e:00:01", "00:00:5e:00:01:05:06", "00:00:5e:00:01:0g", "00005e000105"}) {
            assertThatThrownBy(() -> MacAddress.parse(text))
                    .hasMessageContaining("MAC address: " + text + " (expected");
        }
        assertThatThrownBy(() -> new MacAddress(1L << 48)).hasMessageContaining("expected: 48 bits");
        assertThatThrownBy(() -> MacAddress.of(new byte[20])).hasMessageContaining("20 bytes");
    }
}
