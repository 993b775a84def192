package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;
import static io.lvs4j.vrrp.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.vrrp.AdvertisementReceiver.Heard;
import io.lvs4j.vrrp.VirtualRouter.Option;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AdvertisementReceiverTest {
    private static final InetAddress PEER = address("192.0.2.1");
    private static final InetAddress US = address("192.0.2.2");
    private static final InetAddress GROUP = address("224.0.0.18");

    private static VirtualRouterBuilder router(int id, String... addresses) {
        VirtualRouterBuilder builder =
                VirtualRouter.builder().name("r").networkInterface("eth0").virtualRouterId(id);
        Arrays.asList(addresses).forEach(builder::address);
        return builder;
    }

    private static VirtualRouterBuilder secret() {
        return router(51, "192.0.2.100/24").authentication(new Authentication(Authentication.Type.PASS, "secret12"));
    }

    private static VirtualRouterBuilder unicast(int id, String address) {
        return router(id, address).version(VrrpVersion.V3).transport(Transport.unicast(US, PEER));
    }

    private static Transport checked(Transport from, UnicastPeer peer, Optional<Boolean> oldChecksum) {
        return new Transport(
                from.source(),
                false,
                Optional.empty(),
                List.of(peer),
                OptionalInt.empty(),
                true,
                oldChecksum,
                Optional.empty(),
                false,
                OptionalLong.empty());
    }

    private static AdvertisementReceiver receiver(VirtualRouterBuilder router) {
        return new AdvertisementReceiver(router.build(), US);
    }

    private static Optional<Heard> give(AdvertisementReceiver receiver, String packet) {
        byte[] bytes = bytes(packet);
        return receiver.receiveIpv4(bytes, bytes.length, Optional.empty());
    }

    private static void refuses(VirtualRouterBuilder router, String packet, Rejection reason) {
        AdvertisementReceiver receiver = receiver(router);
        assertThat(give(receiver, packet)).isEmpty();
        for (Rejection each : Rejection.values()) {
            assertThat(receiver.rejected(each)).as(each.name()).isEqualTo(each == reason ? 1 : 0);
        }
        assertThat(receiver.accepted()).isZero();
    }

    @Test
    void keepalivedIsUnderstood() {
        AdvertisementReceiver receiver = receiver(secret());

        Heard heard = give(receiver, Packets.V2_PASSWORD).orElseThrow();
        assertThat(heard.source()).isEqualTo(PEER);
        assertThat(heard.advertisement().priority()).isEqualTo(150);
        assertThat(give(receiver, Packets.V2_FAREWELL)
                        .orElseThrow()
                        .advertisement()
                        .priority())
                .isZero();
        assertThat(receiver.accepted()).isEqualTo(2);

        assertThat(give(receiver(router(54, "192.0.2.106/24", "192.0.2.105/32").version(VrrpVersion.V3)), Packets.V3))
                .hasValueSatisfying(
                        each -> assertThat(each.advertisement().interval()).isEqualTo(Duration.ofMillis(250)));
        assertThat(give(receiver(unicast(55, "192.0.2.107/24")), Packets.V3_UNICAST))
                .isPresent();
        assertThat(give(receiver(unicast(56, "192.0.2.108/24")), Packets.V3_OLD))
                .isPresent();
    }

    @Test
    void keepalivedIsUnderstoodOverIpv6() {
        AdvertisementReceiver receiver = new AdvertisementReceiver(
                router(57, "fe80::5/128", "2001:db8::5/64")
                        .version(VrrpVersion.V3)
                        .build(),
                address("fe80::1"));
        Datagram datagram =
                new Datagram(address(Packets.V3_IPV6_SOURCE), address("ff02::12"), 255, bytes(Packets.V3_IPV6));

        assertThat(receiver.receive(datagram, Optional.empty())).isPresent();
        assertThat(receiver.receive(
                        new Datagram(address("fe80::2"), address("ff02::12"), 255, bytes(Packets.V3_IPV6)),
                        Optional.empty()))
                .isEmpty();
        assertThat(receiver.rejected(Rejection.CHECKSUM)).isEqualTo(1);
        assertThat(receiver.receive(new Datagram(PEER, GROUP, 255, bytes(Packets.V3_IPV6)), Optional.empty()))
                .isEmpty();
        assertThat(receiver.rejected(Rejection.FAMILY)).isEqualTo(1);
    }

    @Test
    void eachReasonIsCountedAsItself() {
        String good = Packets.V2_PASSWORD;
        VirtualRouterBuilder other = router(51, "192.0.2.100/24");

        refuses(secret(), "", Rejection.IP_HEADER);
        refuses(secret(), "00".repeat(64), Rejection.IP_HEADER);
        refuses(secret(), good + "00", Rejection.IP_HEADER);
        refuses(secret(), good.replace("ff70", "ff71"), Rejection.IP_HEADER);
        refuses(secret(), "45c0001b00010000ff701891c0000201e0000012" + "21339601010117", Rejection.LENGTH);
        refuses(secret(), "45c0002900010000ff701891c0000201e0000012" + good.substring(40) + "00", Rejection.LENGTH);
        refuses(secret().virtualRouterId(50), good, Rejection.VIRTUAL_ROUTER_ID);
        refuses(secret(), good.replace("c0000201", "c0000202"), Rejection.OWN_SOURCE);
        refuses(secret(), good.replace("e0000012", "c0000202"), Rejection.DESTINATION);
        refuses(secret().transport(Transport.unicast(US, PEER)), good, Rejection.DESTINATION);
        refuses(secret(), good.replace("ff70", "fe70"), Rejection.TTL);
        refuses(secret(), good.replace("2133", "3133"), Rejection.VERSION);
        refuses(secret(), good.replace("2133", "2233"), Rejection.TYPE);
        refuses(secret(), good.replace("213396", "213397"), Rejection.CHECKSUM);
        refuses(other, good, Rejection.AUTHENTICATION_TYPE);
        refuses(
                other.authentication(new Authentication(Authentication.Type.PASS, "secret13")),
                good,
                Rejection.PASSWORD);
        refuses(secret().advertisementInterval(Duration.ofSeconds(2)), good, Rejection.INTERVAL);
        refuses(secret().address("192.0.2.101/24"), good, Rejection.ADDRESSES);
        refuses(
                router(51, "192.0.2.101/24").authentication(new Authentication(Authentication.Type.PASS, "secret12")),
                good,
                Rejection.ADDRESSES);
    }

    @Test
    void anIntervalOfNothingIsRefusedByVersionThree() {
        VirtualRouterBuilder router = unicast(55, "192.0.2.107/24");
        byte[] message = AdvertisementCodec.encode(Advertisement.of(router.build(), 99), Checksum.PLAIN, PEER, US);
        message[5] = 0;
        message[6] = 0;
        message[7] = 0;
        int sum = Checksum.PLAIN.of(message, PEER, US);
        message[6] = (byte) (sum >>> 8);
        message[7] = (byte) sum;
        AdvertisementReceiver receiver = receiver(router);

        assertThat(receiver.receive(new Datagram(PEER, US, 255, message), Optional.empty()))
                .isEmpty();
        assertThat(receiver.rejected(Rejection.INTERVAL)).isEqualTo(1);
    }

    @Test
    void peersAreLookedAtWhereSourcesAreChecked() {
        VirtualRouterBuilder router = unicast(55, "192.0.2.107/24");
        Transport transport = Transport.unicast(US, PEER);
        UnicastPeer near = new UnicastPeer(PEER, 255, 255);
        UnicastPeer other = UnicastPeer.of(address("192.0.2.9"));

        assertThat(give(receiver(router), Packets.V3_UNICAST.replace("ff70", "0170")))
                .isPresent();
        router.transport(checked(transport, near, Optional.empty()));
        assertThat(give(receiver(router), Packets.V3_UNICAST)).isPresent();
        refuses(router, Packets.V3_UNICAST.replace("ff70", "0170"), Rejection.TTL);
        router.transport(checked(transport, other, Optional.empty()));
        refuses(router, Packets.V3_UNICAST, Rejection.NOT_A_PEER);
    }

    @Test
    void theOldChecksumIsUnderstoodUnlessItIsNever() {
        VirtualRouterBuilder router = unicast(56, "192.0.2.108/24");
        Transport transport = Transport.unicast(US, PEER);

        router.transport(checked(transport, UnicastPeer.of(PEER), Optional.of(false)));
        refuses(router, Packets.V3_OLD, Rejection.CHECKSUM);
        router.transport(checked(transport, UnicastPeer.of(PEER), Optional.of(true)));
        assertThat(receiver(router).checksumFor(PEER)).isEqualTo(Checksum.GROUP_PSEUDO_HEADER);
        assertThat(give(receiver(router), Packets.V3_OLD)).isPresent();
    }

    @Test
    void peersAreAnsweredByTheirOwnHabit() {
        InetAddress third = address("192.0.2.3");
        VirtualRouter router = unicast(56, "192.0.2.108/24")
                .transport(Transport.unicast(US, PEER, third))
                .build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(router, US);
        assertThat(receiver.checksumFor(PEER)).isEqualTo(Checksum.PSEUDO_HEADER);

        give(receiver, Packets.V3_OLD);
        byte[] plain = AdvertisementCodec.encode(Advertisement.of(router, 7), Checksum.PLAIN, third, US);
        receiver.receive(new Datagram(third, US, 255, plain), Optional.empty());
        byte[] stranger = AdvertisementCodec.encode(Advertisement.of(router, 7), Checksum.PLAIN, GROUP, US);
        receiver.receive(new Datagram(address("192.0.2.4"), US, 255, stranger), Optional.empty());

        assertThat(receiver.checksumFor(PEER)).isEqualTo(Checksum.GROUP_PSEUDO_HEADER);
        assertThat(receiver.checksumFor(third)).isEqualTo(Checksum.PLAIN);
        assertThat(receiver.checksumFor(address("192.0.2.4"))).isEqualTo(Checksum.PSEUDO_HEADER);
    }

    @Test
    void aGroupIsSpokenToByTheHabitOfWhoWasHeardLast() {
        VirtualRouter router = router(54, "192.0.2.105/24", "192.0.2.106/24")
                .version(VrrpVersion.V3)
                .build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(router, US);
        byte[] plain = AdvertisementCodec.encode(Advertisement.of(router, 7), Checksum.PLAIN, PEER, GROUP);

        receiver.receive(new Datagram(PEER, GROUP, 255, plain), Optional.empty());
        assertThat(receiver.checksumFor(GROUP)).isEqualTo(Checksum.PLAIN);
        give(receiver, Packets.V3);
        assertThat(receiver.checksumFor(GROUP)).isEqualTo(Checksum.PSEUDO_HEADER);
    }

    @Test
    void theMastersAddressesAreNotComparedAgainIfSoConfigured() {
        AdvertisementReceiver receiver =
                receiver(secret().address("192.0.2.101/24").option(Option.SKIP_ADDRESS_CHECK, true));
        byte[] packet = bytes(Packets.V2_PASSWORD);

        assertThat(receiver.receiveIpv4(packet, packet.length, Optional.of(US))).isEmpty();
        assertThat(receiver.receiveIpv4(packet, packet.length, Optional.of(PEER)))
                .isPresent();
    }

    @Test
    void anotherOwnAddressIsAnotherOwnSource() {
        AdvertisementReceiver receiver = receiver(secret());
        receiver.localAddress(PEER);

        assertThat(give(receiver, Packets.V2_PASSWORD)).isEmpty();
        assertThat(receiver.rejected(Rejection.OWN_SOURCE)).isEqualTo(1);
    }

    @Test
    void theIpsecHeaderIsRefused() {
        VirtualRouter router = secret().authentication(new Authentication(Authentication.Type.AH, "x"))
                .build();

        assertThatThrownBy(() -> new AdvertisementReceiver(router, US))
                .hasMessageStartingWith("authentication: AH (expected: PASS or none");
    }
}
