package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualRouterTest {
    private static VirtualRouterBuilder router() {
        return VirtualRouter.builder()
                .name("one")
                .virtualRouterId(51)
                .networkInterface("eth0")
                .address("10.0.0.5/24");
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Test
    void aRouterThatSaysLittleIsKeepalivedsDefault() {
        VirtualRouter router = router().build();

        assertThat(router.version()).isEqualTo(VrrpVersion.V2);
        assertThat(router.priority()).isEqualTo(100);
        assertThat(router.advertisementInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(router.initialState()).isEqualTo(State.BACKUP);
        assertThat(router.preempt() && router.has(Option.ACCEPT) && router.trackInterface())
                .isTrue();
        assertThat(router.downAfterAdverts()).isEqualTo(3);
        assertThat(router).hasToString("one id 51 on eth0 priority 100 [10.0.0.5/24]");
    }

    @Test
    void aBuilderOfARouterBuildsItAgain() {
        VirtualRouter router = router().version(VrrpVersion.V2)
                .priority(150)
                .advertisementInterval(Duration.ofSeconds(3))
                .excludedAddress(VirtualAddress.parse("fd00::5/64"))
                .preempt(Duration.ofSeconds(5))
                .authentication(new Authentication(Authentication.Type.PASS, "secret"))
                .transport(Transport.unicast(address("10.0.0.1"), address("10.0.0.2")))
                .tracking(Tracking.none().withInterface(new Tracked("eth1", -20, false)))
                .virtualMac(VirtualMac.standard())
                .option(Option.LOWER_PRIORITY_NO_ADVERT, true)
                .build();

        assertThat(router.toBuilder().build()).isEqualTo(router);
        assertThat(router.toBuilder().priority(151).build()).isNotEqualTo(router);
    }

    @Test
    void versionThreeHasHundredthsOfSeconds() {
        VirtualRouter router = router().version(VrrpVersion.V3)
                .advertisementInterval(Duration.ofMillis(10))
                .build();

        assertThat(router.advertisementInterval()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aPasswordIsNotShown() {
        VirtualRouter router = router().authentication(new Authentication(Authentication.Type.PASS, "secret"))
                .build();

        assertThat(router.toString() + router.authentication()).doesNotContain("secret");
    }

    /** What is refused, and the beginning of what is said. */
    @TestFactory
    Stream<DynamicTest> whatIsWrongIsRefusedByName() {
        Map<String, Consumer<VirtualRouterBuilder>> wrong = Map.ofEntries(
                Map.entry("priority: 0 (expected: 1..255)", it -> it.priority(0)),
                Map.entry("priority: 300 (expected: 1..255)", it -> it.priority(300)),
                Map.entry("virtual router id: 0 (expected: 1..255)", it -> it.virtualRouterId(0)),
                Map.entry("virtual router id: 256 (expected: 1..255)", it -> it.virtualRouterId(256)),
                Map.entry("router: no name (expected: one)", it -> it.name("")),
                Map.entry("interface: a/b (expected: the name of an interface", it -> it.networkInterface("a/b")),
                Map.entry(
                        "interface: sixteen-bytes-is (expected: the name of an interface",
                        it -> it.networkInterface("sixteen-bytes-is")),
                Map.entry(
                        "address: fd00:0:0:0:0:0:0:5/64 (expected: all of family inet",
                        it -> it.address(VirtualAddress.parse("fd00::5/64"))),
                Map.entry(
                        "address: 10.0.0.5/24 (expected: all of family inet, each once)",
                        it -> it.address("10.0.0.5/24")),
                Map.entry(
                        "advertisementInterval: PT0.5S (expected: whole seconds",
                        it -> it.advertisementInterval(Duration.ofMillis(500))),
                Map.entry(
                        "advertisementInterval: PT4M16S (expected: whole seconds",
                        it -> it.advertisementInterval(Duration.ofSeconds(256))),
                Map.entry(
                        "advertisementInterval: PT0S (expected: whole seconds",
                        it -> it.advertisementInterval(Duration.ZERO)),
                Map.entry(
                        "advertisementInterval: PT41S (expected: hundredths of seconds",
                        it -> it.version(VrrpVersion.V3).advertisementInterval(Duration.ofSeconds(41))),
                Map.entry(
                        "advertisementInterval: PT2562047788015215H30M7S (expected: hundredths of seconds",
                        it -> it.version(VrrpVersion.V3).advertisementInterval(Duration.ofSeconds(Long.MAX_VALUE))),
                Map.entry(
                        "advertisementInterval: PT-2562047788015215H-30M-8S (expected: whole seconds",
                        it -> it.advertisementInterval(Duration.ofSeconds(Long.MIN_VALUE))),
                Map.entry(
                        "address: 255.255.255.255/32 (expected: one that a host can have)",
                        it -> it.address("255.255.255.255")),
                Map.entry(
                        "address: 0.0.0.0/32 (expected: one that a host can have)",
                        it -> it.excludedAddress(VirtualAddress.parse("0.0.0.0"))),
                Map.entry(
                        "address: 0:0:0:0:0:0:0:1/128 (expected: one that a host can have)",
                        it -> it.excludedAddress(VirtualAddress.parse("::1"))),
                Map.entry(
                        "address: 127.0.0.1/8 dev lo (expected: one that a host can have)",
                        it -> it.address(on("127.0.0.1/8", "lo"))),
                Map.entry(
                        "label: eth0 1 of 10.0.0.6 (expected: no control characters and blanks)",
                        it -> it.address(labelled("10.0.0.6/24", "eth0 1"))),
                Map.entry(
                        "label: a?b of 10.0.0.6 (expected: no control characters and blanks)",
                        it -> it.excludedAddress(labelled("10.0.0.6/24", "a\nb"))),
                Map.entry(
                        "unicast peer: 10.0.0.5 (expected: none of the router's own addresses)",
                        it -> it.transport(Transport.unicast(address("10.0.0.1"), address("10.0.0.5")))),
                Map.entry(
                        "unicast peer: 10.0.0.7 (expected: none of the router's own addresses)",
                        it -> it.excludedAddress(VirtualAddress.parse("10.0.0.7/24"))
                                .transport(Transport.unicast(
                                        address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.7")))),
                Map.entry(
                        "preempt: false (expected: true with priority 255)",
                        it -> it.priority(255).noPreempt()),
                Map.entry(
                        "preempt: false (expected: true with initial state MASTER)",
                        it -> it.initialState(State.MASTER).noPreempt()),
                Map.entry("preemptDelay: PT16M41S (expected: 0..", it -> it.preempt(Duration.ofSeconds(1001))),
                Map.entry(
                        "preemptDelay: PT1S (expected: 0 without preemption",
                        it -> it.preempt(Duration.ofSeconds(1)).noPreempt()),
                Map.entry(
                        "authentication: PASS (expected: none with version 3)",
                        it -> it.version(VrrpVersion.V3)
                                .authentication(new Authentication(Authentication.Type.PASS, "x"))),
                Map.entry(
                        "password: 9 bytes (expected: 1..8)",
                        it -> it.authentication(new Authentication(Authentication.Type.PASS, "123456789"))),
                Map.entry(
                        "weight: 5 of eth1 (expected: 0 with priority 255)",
                        it -> it.priority(255).tracking(Tracking.none().withInterface(new Tracked("eth1", 5, false)))),
                Map.entry(
                        "tracked script: x (expected: once)",
                        it -> it.tracking(
                                Tracking.none().withScript(Tracked.of("x")).withScript(Tracked.of("x")))),
                Map.entry(
                        "weight: 255 (expected: -254..254)",
                        it -> it.tracking(Tracking.none().withFile(new Tracked("x", 255, false)))),
                Map.entry(
                        "transport: fd00:0:0:0:0:0:0:1 (expected: an address of family inet",
                        it -> it.transport(Transport.unicast(address("fd00::1"), address("fd00::2")))),
                Map.entry(
                        "ttl: 5..4 (expected: least and greatest",
                        it -> assertThat(new UnicastPeer(address("10.0.0.1"), 5, 4))
                                .isNull()),
                Map.entry("downAfterAdverts: 0 (expected: 1..100)", it -> it.downAfterAdverts(0)),
                Map.entry(
                        "mac: 01:00:00:00:00:05 (expected: 5 or 6 bytes",
                        it -> it.virtualMac(new VirtualMac(
                                VirtualMac.Type.MAC,
                                Optional.empty(),
                                Optional.of("01:00:00:00:00:05"),
                                Optional.empty(),
                                false))),
                Map.entry(
                        "group: 10.0.0.9 (expected: a multicast address",
                        it -> it.transport(transport(Optional.of(address("10.0.0.9")), OptionalInt.empty()))),
                Map.entry(
                        "ttl: 5 (expected: 0..255, with peers)",
                        it -> it.transport(transport(Optional.empty(), OptionalInt.of(5)))));
        return wrong.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThatThrownBy(() -> {
                                    VirtualRouterBuilder builder = router();
                                    each.getValue().accept(builder);
                                    builder.build();
                                })
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageStartingWith(each.getKey())));
    }

    private static Transport transport(Optional<InetAddress> group, OptionalInt ttl) {
        return new Transport(
                Optional.empty(),
                false,
                group,
                List.of(),
                ttl,
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty());
    }

    @Test
    void aRouterWithoutAddressesIsRefused() {
        assertThatThrownBy(() -> VirtualRouter.builder()
                        .name("one")
                        .virtualRouterId(1)
                        .networkInterface("eth0")
                        .build())
                .hasMessage("addresses of one: 0 (expected: 1..255)");
    }

    @Test
    void addressesThatNoHostCanHaveAreRefused() {
        for (String address : List.of("0.0.0.0/0", "224.0.0.5/24")) {
            assertThatThrownBy(() -> VirtualRouter.builder()
                            .name("one")
                            .virtualRouterId(1)
                            .networkInterface("eth0")
                            .address(address)
                            .build())
                    .hasMessage("address: " + address + " (expected: one that a host can have)");
        }
    }

    @Test
    void unicastWithoutPeersIsRefused() {
        assertThatThrownBy(() -> Transport.unicast(address("10.0.0.1")))
                .hasMessage("peers: none (expected: at least one)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # source        | peers                    | what is said
        10.0.0.1        | 224.0.0.18               | unicast peer: 224.0.0.18 (expected: an address that a host can have)
        10.0.0.1        | 0.0.0.0                  | unicast peer: 0.0.0.0 (expected: an address that a host can have)
        10.0.0.1        | 255.255.255.255          | unicast peer: 255.255.255.255 (expected: an address that a host can have)
        fd00::1         | ::                       | unicast peer: 0:0:0:0:0:0:0:0 (expected: an address that a host can have)
        10.0.0.1        | 10.0.0.2 10.0.0.2        | unicast peer: 10.0.0.2 (expected: each once)
        10.0.0.1        | 10.0.0.2 10.0.0.1        | unicast peer: 10.0.0.1 (expected: another one than the source)
        224.0.0.18      | 10.0.0.2                 | source: 224.0.0.18 (expected: an address that a host can have)
        0.0.0.0         | 10.0.0.2                 | source: 0.0.0.0 (expected: an address that a host can have)
        255.255.255.255 | 10.0.0.2                 | source: 255.255.255.255 (expected: an address that a host can have)
        """)
    void advertsTravelFromOneHostToOthers(String source, String peers, String message) {
        InetAddress[] others =
                Stream.of(peers.split(" ", -1)).map(VirtualRouterTest::address).toArray(InetAddress[]::new);
        assertThatThrownBy(() -> Transport.unicast(address(source), others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static VirtualAddress on(String address, String device) {
        return with(VirtualAddress.parse(address), Optional.of(device), Optional.empty());
    }

    private static VirtualAddress labelled(String address, String label) {
        return with(VirtualAddress.parse(address), Optional.empty(), Optional.of(label));
    }

    private static VirtualAddress with(VirtualAddress plain, Optional<String> device, Optional<String> label) {
        return new VirtualAddress(
                plain.address(),
                plain.prefixLength(),
                device,
                0,
                label,
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                false,
                true,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void anotherLoopbackAddressThanEachHostsIsPossible() {
        VirtualAddress address = on("127.0.0.5/32", "lo");
        assertThat(router().address("127.0.0.6")
                        .excludedAddress(address)
                        .build()
                        .excludedAddresses())
                .containsExactly(address);
    }

    @TestFactory
    @SuppressWarnings("NullAway") // what callers do who are not checked
    Stream<DynamicTest> whatIsNullIsNamed() {
        VirtualRouters.Builder all = VirtualRouters.builder();
        Map<String, ThrowingCallable> calls = Map.ofEntries(
                Map.entry("source", () -> Transport.unicast(null, address("10.0.0.2"))),
                Map.entry("peers", () -> Transport.unicast(address("10.0.0.1"), (InetAddress[]) null)),
                Map.entry("address", () -> Transport.unicast(address("10.0.0.1"), (InetAddress) null)),
                Map.entry("router", () -> all.router(null)),
                Map.entry("syncGroup", () -> all.syncGroup(null)),
                Map.entry("script", () -> all.script(null)),
                Map.entry("process", () -> all.process(null)),
                Map.entry("file", () -> all.file(null)),
                Map.entry("option", () -> router().option(null, true)),
                Map.entry("password", () -> new Authentication(Authentication.Type.PASS, null)),
                Map.entry("drainTimeout", () -> VrrpSpeaker.builder().drainTimeout(null)),
                Map.entry(
                        "wanted",
                        () -> VrrpSpeaker.builder()
                                .router(router().build())
                                .build()
                                .apply(null)));
        return Stream.concat(calls.entrySet().stream(), Stream.of(Map.entry("address", (ThrowingCallable)
                        () -> VirtualAddress.parse(null))))
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(),
                        () -> assertThatThrownBy(each.getValue())
                                .isInstanceOf(NullPointerException.class)
                                .hasMessage(each.getKey())));
    }

    @Test
    void aNameIsOneLine() {
        assertThatThrownBy(() -> Tracked.of("a\nb"))
                .hasMessage("tracked: a?b (expected: a name without control characters)");
    }

    @Test
    void aRouterWithoutAnInterfaceIsRefusedUnlessItHasPeers() {
        VirtualRouterBuilder without =
                VirtualRouter.builder().name("one").virtualRouterId(1).address("10.0.0.5");

        assertThatThrownBy(without::build)
                .hasMessage("interface: none (expected: one, or a source address and unicast peers)");
        assertThat(without.transport(Transport.unicast(address("10.0.0.1"), address("10.0.0.2")))
                        .build()
                        .networkInterface())
                .isEmpty();
    }

    @Test
    void versionTwoHasNoIpv6() {
        VirtualRouterBuilder ipv6 = VirtualRouter.builder()
                .name("six")
                .virtualRouterId(1)
                .networkInterface("eth0")
                .address("fe80::5/64");

        assertThatThrownBy(ipv6::build).hasMessageStartingWith("version: 2 (expected: 3 for IPv6");
        assertThat(ipv6.version(VrrpVersion.V3).build().family()).hasToString("inet6");
    }
}
