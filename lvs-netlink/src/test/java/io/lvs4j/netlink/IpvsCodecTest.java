package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressFamily;
import io.lvs4j.Protocol;
import io.lvs4j.netlink.genl.Request;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written, against what ipvsadm 1.31 was seen to write for the same. The bytes are those of a little-endian machine. */
class IpvsCodecTest {
    private static final int HEADERS = 16;

    @Test
    void aServiceIsWrittenAsIpvsadmWritesIt() {
        IpvsServiceKey key = TestEntries.tcp("10.0.0.1", 80);
        assertThat(hex(new IpvsChange.AddService(IpvsService.of(key, "rr"))))
                .isEqualTo(join(
                        "01010000 54000180 0600010002000000 0600020006000000",
                        "140003000a000001000000000000000000000000 0600040000500000 0700060072720000",
                        "0c00070000000000 3d000000 0800080000000000 08000900ffffffff"));
    }

    @Test
    void aPersistentIpv6ServiceHasItsPrefixLengthAsMask() {
        IpvsService service = IpvsService.of(TestEntries.tcp("fd00::1", 443), "wlc")
                .withPersistence(new IpvsService.Persistence(Duration.ofSeconds(10), 64));
        assertThat(hex(new IpvsChange.AddService(service)))
                .contains("060001000a000000", "0600040001bb0000", "08000600776c6300", "0c00070001000000")
                .endsWith("080008000a000000" + "0800090040000000");
    }

    @Test
    void aMarkHasNeitherProtocolNorAddress() {
        IpvsService service = IpvsService.of(new IpvsServiceKey.FirewallMark(7, AddressFamily.INET), "rr");
        assertThat(hex(new IpvsChange.AddService(service)))
                .isEqualTo(join(
                        "01010000 38000180 0600010002000000 0800050007000000 0700060072720000",
                        "0c00070000000000 3d000000 0800080000000000 08000900ffffffff"));
    }

    @Test
    void aDestinationIsWrittenAsIpvsadmWritesItButForWhatOnlyTunnelsHave() {
        IpvsDestination destination = new IpvsDestination(
                TestEntries.ip("10.0.1.2"), 8080, IpvsDestination.Method.MASQUERADE, 5, 100, 50, Optional.empty());
        assertThat(hex(new IpvsChange.AddDestination(TestEntries.tcp("10.0.0.1", 80), destination)))
                .endsWith(join(
                        "48000280 06000b0002000000 140001000a000102000000000000000000000000 060002001f900000",
                        "0800030000000000 0800040005000000 0800050064000000 0800060032000000"));
    }

    @Test
    void aSyncDaemonHasItsPortInTheMachinesByteOrder() {
        SyncDaemon daemon =
                new SyncDaemon(SyncDaemon.Role.BACKUP, "dm0", 6, 1400, TestEntries.ip("224.0.0.82"), 8849, 2);
        assertThat(hex(IpvsCodec.startDaemon(daemon)))
                .startsWith("09010000" + "3c000380" + "0800010002000000" + "08000200646d3000")
                .contains("0800030006000000", "0600040078050000", "0600070091220000", "0500080002000000")
                .contains("08000500e0000052");
    }

    @Test
    void infoIsReadAsTheKernelWritesIt() {
        assertThat(IpvsCodec.info(attributes("0800010001020100 0800020000100000")))
                .isEqualTo(new IpvsInfo("1.2.1", 4096));
    }

    @Test
    void anOldKernelsDestinationHasTheFamilyOfItsServiceAndNoTunnelOptions() {
        Attributes message =
                attributes("58000200" + "14000100c0a80001000000000000000000000000" + "06000200" + "00500000"
                        + "0800030002000000" + "0800040001000000" + "0800050000000000" + "0800060000000000"
                        + "0800070003000000" + "0800080004000000" + "0800090005000000");
        assertThat(IpvsCodec.destinationEntry(message, AddressFamily.INET))
                .isEqualTo(new IpvsDestinationEntry(
                        new IpvsDestination(
                                TestEntries.ip("192.168.0.1"),
                                80,
                                IpvsDestination.Method.TUNNEL,
                                1,
                                0,
                                0,
                                Optional.of(IpvsDestination.Tunnel.IPIP)),
                        3,
                        4,
                        5,
                        IpvsCounters.ZERO));
    }

    @Test
    void protocolsHaveTheirNumbers() {
        assertThat(Protocol.values()).extracting(IpvsCodec::number).containsExactly(6, 17, 132);
    }

    private static Attributes attributes(String hex) {
        return Attributes.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static String hex(IpvsChange change) {
        return hex(IpvsCodec.request(change));
    }

    /** What follows {@code struct nlmsghdr}. */
    private static String hex(Request request) {
        MessageWriter writer = new MessageWriter();
        writer.begin(28, 0, 0, request.command(), IpvsCodec.VERSION);
        request.body().accept(writer);
        writer.end();
        byte[] bytes = new byte[writer.size()];
        writer.written().get(bytes);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt())
                .isEqualTo(bytes.length);
        return HexFormat.of().formatHex(bytes, HEADERS, bytes.length);
    }

    private static String join(String... parts) {
        return String.join("", parts).replace(" ", "");
    }
}
