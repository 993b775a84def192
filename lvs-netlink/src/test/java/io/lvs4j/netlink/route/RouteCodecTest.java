package io.lvs4j.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.netlink.conversation.Call;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.wire.MalformedMessageException;
import io.lvs4j.netlink.wire.MessageWriter;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Interfaces and addresses as bytes, and whatever else the bytes may be. */
class RouteCodecTest {
    private static final InterfaceAddress PLAIN = InterfaceAddress.of(2, ipv4(0x0a000001), 24);

    private static InetAddress ipv4(int bits) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InetAddress ipv6(long high, long low) {
        try {
            return Inet6Address.getByAddress(
                    null, ByteBuffer.allocate(16).putLong(high).putLong(low).array(), -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] message(Call call) {
        MessageWriter writer = new MessageWriter();
        writer.begin(call.type(), call.flags(), 1);
        call.body().accept(writer);
        byte[] bytes = new byte[writer.end().size()];
        writer.written().get(bytes);
        return bytes;
    }

    static ByteBuffer payload(byte[] message) {
        return NetlinkMessage.parse(ByteBuffer.wrap(message)).get(0).payload();
    }

    @Provide
    static Arbitrary<InterfaceAddress> addresses() {
        Arbitrary<InetAddress> four = Arbitraries.integers().map(RouteCodecTest::ipv4);
        Arbitrary<InetAddress> six =
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(RouteCodecTest::ipv6);
        Arbitrary<long[]> lifetimes = Combinators.combine(
                        Arbitraries.longs().between(0, InterfaceAddress.FOREVER),
                        Arbitraries.longs().between(1, InterfaceAddress.FOREVER))
                .as((one, other) -> new long[] {Math.min(one, other), Math.max(one, Math.max(other, 1))});
        Arbitrary<String> labels = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(15);
        Arbitrary<Integer> indices = Arbitraries.integers().greaterOrEqual(1);
        Arbitrary<Integer> small = Arbitraries.integers().between(0, 255);
        Arbitrary<InterfaceAddress> fours = Combinators.combine(
                        indices,
                        four,
                        four.optional(),
                        small,
                        labels.optional(),
                        Arbitraries.integers(),
                        lifetimes,
                        small)
                .as((index, address, peer, scope, label, flags, times, protocol) -> new InterfaceAddress(
                        index,
                        address,
                        scope % 33,
                        peer.filter(other -> !other.equals(address)),
                        scope,
                        label,
                        peer,
                        flags,
                        times[0],
                        times[1],
                        protocol));
        Arbitrary<InterfaceAddress> sixes = Combinators.combine(
                        indices, six, six.optional(), small, Arbitraries.integers(), lifetimes, small)
                .as((index, address, peer, scope, flags, times, protocol) -> new InterfaceAddress(
                        index,
                        address,
                        scope % 129,
                        peer.filter(other -> !other.equals(address)),
                        scope,
                        Optional.empty(),
                        Optional.empty(),
                        flags,
                        times[0],
                        times[1],
                        protocol));
        return Arbitraries.oneOf(fours, sixes);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void anAddressIsReadAsItWasWritten(@ForAll("addresses") InterfaceAddress address) {
        assertThat(AddressCodec.read(payload(message(AddressCodec.add(address, 0)))))
                .contains(address);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aRemovalNamesTheSameAddress(@ForAll("addresses") InterfaceAddress address) {
        assertThat(AddressCodec.read(payload(message(AddressCodec.remove(address)))))
                .hasValueSatisfying(
                        removed -> assertThat(removed.isSameAs(address)).isTrue());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aMacvlanIsReadAsItWasWritten(@ForAll int parent, @ForAll long mac) {
        MacAddress address = new MacAddress(mac & MacAddress.BROADCAST.bits());
        assertThat(LinkCodec.read(payload(message(LinkCodec.addMacvlan("vrrp.51", parent, address)))))
                .hasValueSatisfying(link -> {
                    assertThat(link.name()).isEqualTo("vrrp.51");
                    assertThat(link.parent()).hasValue(parent);
                    assertThat(link.mac()).contains(address);
                    assertThat(link.kind()).contains("macvlan");
                    assertThat(link.macvlanMode()).hasValue(Link.MACVLAN_PRIVATE);
                });
    }

    /** Bytes of the right kind in which some are wrong, and which may be cut off. */
    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void whateverTheBytesTheyAreReadOrMalformed(@ForAll("addresses") InterfaceAddress address, @ForAll long seed) {
        Random random = new Random(seed);
        for (Call call : new Call[] {
            AddressCodec.add(address, 0),
            LinkCodec.addMacvlan("vrrp.51", 2, new MacAddress(5)),
            LinkCodec.settings(2, Map.of(Ipv4Setting.ARP_IGNORE, 1))
        }) {
            byte[] bytes = message(call);
            byte[] body = Arrays.copyOfRange(bytes, NetlinkMessage.HEADER_BYTES, bytes.length);
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            ByteBuffer spoilt = ByteBuffer.wrap(body, 0, random.nextInt(body.length + 1))
                    .slice()
                    .order(ByteOrder.nativeOrder());
            tryTo(AddressCodec::read, spoilt);
            tryTo(LinkCodec::read, spoilt);
            tryTo(payload -> LinkCodec.setting(payload, Ipv4Setting.ACCEPT_LOCAL), spoilt);
            tryTo(LinkCodec::forwardsIpv6, spoilt);
        }
    }

    private static void tryTo(Consumer<ByteBuffer> reading, ByteBuffer bytes) {
        try {
            reading.accept(bytes);
        } catch (MalformedMessageException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    @Test
    void familiesThatHaveOtherAddressesAndBridgesViewsArePassedOver() {
        byte[] message = message(AddressCodec.add(PLAIN, 0));
        message[NetlinkMessage.HEADER_BYTES] = 28;
        assertThat(AddressCodec.read(payload(message))).isEmpty();
        byte[] bridge = message(LinkCodec.addMacvlan("br0", 2, new MacAddress(5)));
        bridge[NetlinkMessage.HEADER_BYTES] = 7;
        assertThat(LinkCodec.read(payload(bridge))).isEmpty();
    }

    @Test
    void partsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> InterfaceAddress.of(2, ipv4(1), 33)).hasMessage("prefix length: 33 (expected: 0..32)");
        assertThatThrownBy(() -> PLAIN.withLifetimes(0, 0)).hasMessage("validSeconds: 0 (expected: 1..4294967295)");
        assertThatThrownBy(() -> PLAIN.withLifetimes(6, 5)).hasMessage("preferredSeconds: 6 (expected: 0..5)");
        assertThatThrownBy(() -> PLAIN.withProtocol(256)).hasMessage("protocol: 256 (expected: 0..255)");
    }

    @Test
    void addressesAreTheSameAsTheKernelHasIt() {
        assertThat(PLAIN.isSameAs(PLAIN.withLifetimes(1, 2).withFlags(3).withProtocol(4)))
                .isTrue();
        assertThat(PLAIN.isSameAs(InterfaceAddress.of(2, ipv4(0x0a000001), 25))).isFalse();
        assertThat(PLAIN.isSameAs(InterfaceAddress.of(3, ipv4(0x0a000001), 24))).isFalse();
        assertThat(InterfaceAddress.of(2, ipv6(1, 2), 64).isSameAs(InterfaceAddress.of(2, ipv6(1, 2), 128)))
                .isTrue();
    }
}
