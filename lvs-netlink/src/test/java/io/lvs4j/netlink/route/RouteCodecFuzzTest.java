package io.lvs4j.netlink.route;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.wire.MalformedMessageException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the kernel says of interfaces and addresses: it is understood, or a {@link MalformedMessageException}. */
class RouteCodecFuzzTest {
    static Stream<byte[]> payloads() {
        InterfaceAddress address = InterfaceAddress.of(2, InetAddress.getLoopbackAddress(), 24);
        return Stream.of(
                        AddressCodec.add(address.withLifetimes(5, 10).withProtocol(9), 0),
                        LinkCodec.addMacvlan("vrrp.51", 2, new MacAddress(5)),
                        LinkCodec.settings(2, Map.of(Ipv4Setting.ARP_IGNORE, 1)))
                .map(RouteCodecTest::message)
                .map(RouteCodecTest::payload)
                .map(payload -> {
                    byte[] bytes = new byte[payload.remaining()];
                    payload.get(bytes);
                    return bytes;
                });
    }

    @MethodSource("payloads")
    @FuzzTest(maxDuration = "2m")
    void bytesAreReadOrRefused(byte[] bytes) {
        ByteBuffer payload = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        tryTo(AddressCodec::read, payload);
        tryTo(LinkCodec::read, payload);
        tryTo(it -> LinkCodec.setting(it, Ipv4Setting.ACCEPT_LOCAL), payload);
        tryTo(LinkCodec::forwardsIpv6, payload);
    }

    private static void tryTo(Consumer<ByteBuffer> reading, ByteBuffer payload) {
        try {
            reading.accept(payload);
        } catch (MalformedMessageException expected) {
            // as promised
        }
    }
}
