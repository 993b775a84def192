package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;
import static io.lvs4j.vrrp.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AdvertisementCodecTest {
    private static final InetAddress US = address("192.0.2.1");
    private static final InetAddress GROUP = address("224.0.0.18");
    private static final int IP_HEADER = 20;

    private static VirtualRouterBuilder router(int id, String... addresses) {
        VirtualRouterBuilder builder =
                VirtualRouter.builder().name("r").networkInterface("eth0").virtualRouterId(id);
        Arrays.asList(addresses).forEach(builder::address);
        return builder;
    }

    private static byte[] sent(VirtualRouterBuilder router, int priority, Checksum habit, InetAddress to) {
        return AdvertisementCodec.encode(Advertisement.of(router.build(), priority), habit, US, to);
    }

    private static byte[] message(String packet) {
        byte[] all = bytes(packet);
        return Arrays.copyOfRange(all, IP_HEADER, all.length);
    }

    private static Authentication password(String text) {
        return new Authentication(Authentication.Type.PASS, text);
    }

    @Test
    void versionTwoIsWhatKeepalivedSends() {
        VirtualRouterBuilder secret = router(51, "192.0.2.100/24").authentication(password("secret12"));
        VirtualRouterBuilder abc = router(53, "192.0.2.104/24").authentication(password("abc"));
        VirtualRouterBuilder none = router(52, "192.0.2.101/24", "192.0.2.102/24", "192.0.2.103/24")
                .advertisementInterval(Duration.ofSeconds(2));

        for (Checksum any : Checksum.values()) {
            assertThat(sent(secret, 150, any, GROUP)).isEqualTo(message(Packets.V2_PASSWORD));
            assertThat(sent(secret, 0, any, GROUP)).isEqualTo(message(Packets.V2_FAREWELL));
            assertThat(sent(abc, 100, any, GROUP)).isEqualTo(message(Packets.V2_SHORT_PASSWORD));
            assertThat(sent(none, 100, any, GROUP)).isEqualTo(message(Packets.V2_PLAIN));
        }
    }

    @Test
    void versionThreeIsWhatKeepalivedSends() {
        VirtualRouterBuilder quick = router(54, "192.0.2.105/24", "192.0.2.106/24")
                .version(VrrpVersion.V3)
                .advertisementInterval(Duration.ofMillis(250));
        VirtualRouterBuilder slow =
                router(59, "192.0.2.110/24").version(VrrpVersion.V3).advertisementInterval(Duration.ofMillis(40_950));
        VirtualRouterBuilder unicast = router(55, "192.0.2.107/24").version(VrrpVersion.V3);
        VirtualRouterBuilder old = router(56, "192.0.2.108/24").version(VrrpVersion.V3);

        assertThat(sent(quick, 200, Checksum.PSEUDO_HEADER, GROUP)).isEqualTo(message(Packets.V3));
        assertThat(sent(slow, 0, Checksum.PSEUDO_HEADER, GROUP)).isEqualTo(message(Packets.V3_SLOW));
        assertThat(sent(unicast, 99, Checksum.PSEUDO_HEADER, address("192.0.2.2")))
                .isEqualTo(message(Packets.V3_UNICAST));
        assertThat(sent(unicast, 99, Checksum.PSEUDO_HEADER, address("192.0.2.3")))
                .isEqualTo(message(Packets.V3_UNICAST_OTHER));
        assertThat(sent(old, 98, Checksum.GROUP_PSEUDO_HEADER, address("192.0.2.2")))
                .isEqualTo(message(Packets.V3_OLD));
    }

    @Test
    void overIpv6TheAddressesAreCoveredWhateverTheHabit() {
        VirtualRouter group = router(57, "fe80::5/128", "2001:db8::5/64")
                .version(VrrpVersion.V3)
                .build();
        VirtualRouter unicast =
                router(58, "2001:db8::6/64").version(VrrpVersion.V3).build();

        for (Checksum any : Checksum.values()) {
            assertThat(AdvertisementCodec.encode(
                            Advertisement.of(group, 120), any, address(Packets.V3_IPV6_SOURCE), address("ff02::12")))
                    .isEqualTo(bytes(Packets.V3_IPV6));
            assertThat(AdvertisementCodec.encode(
                            Advertisement.of(unicast, 121), any, address("2001:db8::1"), address("2001:db8::2")))
                    .isEqualTo(bytes(Packets.V3_IPV6_UNICAST));
        }
    }

    /** RFC 9568 section 5.2.8, added up by hand: 3136+c802+0019+c000+0269+c000+026a = 27e24, 7e26 with the carry, ~ = 81d9. */
    @Test
    void aPlainChecksumCoversTheMessageAlone() {
        VirtualRouterBuilder quick = router(54, "192.0.2.105/24", "192.0.2.106/24")
                .version(VrrpVersion.V3)
                .advertisementInterval(Duration.ofMillis(250));

        assertThat(sent(quick, 200, Checksum.PLAIN, GROUP))
                .isEqualTo(bytes("3136c802001981d9c0000269c000026a"))
                .isEqualTo(sent(quick, 200, Checksum.PLAIN, address("192.0.2.2")));
    }

    @Test
    void theIpsecHeaderIsRefused() {
        VirtualRouter router = router(1, "192.0.2.100/24")
                .authentication(new Authentication(Authentication.Type.AH, "secret"))
                .build();

        assertThatThrownBy(() -> Advertisement.of(router, 100))
                .hasMessageStartingWith("authentication: AH (expected: PASS or none");
    }

    @Test
    void aPasswordIsNotInTheText() {
        VirtualRouter router =
                router(1, "192.0.2.100/24").authentication(password("secret12")).build();

        assertThat(Advertisement.of(router, 7)).hasToString("v2 id 1 priority 7 every PT1S [192.0.2.100]");
    }

    @Test
    void mappedAddressesOfAnIpv6AdvertStayIpv6() {
        byte[] message = bytes("313a790100640000" + "00000000000000000000ffffc0000201");

        assertThat(AdvertisementCodec.decode(message, VrrpVersion.V3, AddressFamily.INET6)
                        .addresses())
                .allMatch(Inet6Address.class::isInstance);
    }

    @Property(tries = 500)
    void whatIsWrittenIsRead(@ForAll("adverts") Advertisement advert, @ForAll Checksum habit) {
        boolean ipv4 = advert.family() == AddressFamily.INET;
        InetAddress from = address(ipv4 ? "10.1.2.3" : "fe80::1");
        InetAddress to = address(ipv4 ? "224.0.0.18" : "ff02::12");

        byte[] message = AdvertisementCodec.encode(advert, habit, from, to);

        assertThat(AdvertisementCodec.virtualRouterId(message)).isEqualTo(advert.virtualRouterId());
        assertThat(Optional.ofNullable(AdvertisementCodec.malformed(message, advert.version(), advert.family())))
                .isEmpty();
        assertThat(AdvertisementCodec.hasInterval(message, advert.version())).isTrue();
        assertThat(AdvertisementCodec.habit(advert.version(), advert.family(), habit)
                        .of(message, from, to))
                .isZero();
        assertThat(AdvertisementCodec.decode(message, advert.version(), advert.family()))
                .isEqualTo(advert);
    }

    @Provide
    Arbitrary<Advertisement> adverts() {
        return Arbitraries.of(VrrpVersion.values()).flatMap(version -> {
            Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 255);
            Arbitrary<Integer> addressLength = version == VrrpVersion.V2 ? Arbitraries.just(4) : Arbitraries.of(4, 16);
            Arbitrary<List<InetAddress>> addresses = addressLength.flatMap(length -> Arbitraries.bytes()
                    .array(byte[].class)
                    .ofSize(length)
                    .map(AdvertisementCodecTest::of)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(255));
            Arbitrary<Duration> interval = version == VrrpVersion.V2
                    ? Arbitraries.integers().between(1, 255).map(Duration::ofSeconds)
                    : Arbitraries.integers().between(1, 4095).map(each -> Duration.ofMillis(each * 10L));
            boolean v2 = version == VrrpVersion.V2;
            return Combinators.combine(
                            Arbitraries.integers().between(1, 255),
                            bytes,
                            interval,
                            addresses,
                            v2 ? bytes : Arbitraries.just(0),
                            v2 ? Arbitraries.longs() : Arbitraries.just(0L))
                    .as((id, priority, every, all, type, data) ->
                            new Advertisement(version, id, priority, every, all, type, data));
        });
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return bytes.length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
