package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualServiceTest {

    private static VirtualService.Builder builder() {
        return VirtualService.builder().listen("10.64.1.2", 10000);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void defaultsAreTcpWlcMasqueradeWithoutPersistenceAndChecks() {
        VirtualService service = builder().build();
        assertThat(service.key()).isEqualTo(ServiceKey.tcp("10.64.1.2", 10000));
        assertThat(service.scheduling()).isEqualTo(Scheduling.of("wlc"));
        assertThat(service.forwarding()).isEqualTo(ForwardingMethod.masquerade());
        assertThat(service.persistence()).isEmpty();
        assertThat(service.healthChecks()).isEmpty();
        assertThat(service.timeouts()).isEqualTo(ConnectionTimeouts.defaults());
    }

    @Test
    void theGuidesServiceReadsAsAnOperatorWouldWriteIt() {
        VirtualService service = builder()
                .scheduler("rr")
                .persistence(Duration.ofSeconds(10))
                .realServer("192.168.1.100", 8089)
                .realServer("192.168.1.101", 18089, server -> server.weight(3))
                .build();
        assertThat(service).hasToString("tcp 10.64.1.2:10000 rr persistent 10");
        assertThat(service.realServers())
                .extracting(RealServer::toString)
                .containsExactly("192.168.1.100:8089 weight 1", "192.168.1.101:18089 weight 3");
    }

    @Test
    void datagramsAreScheduledOneByOneIfWanted() {
        VirtualService service = builder()
                .protocol(Protocol.UDP)
                .scheduler("rr")
                .onePacketScheduling()
                .build();
        assertThat(service).hasToString("udp 10.64.1.2:10000 rr one-packet");
        assertThat(service.toBuilder().build()).isEqualTo(service);
        assertThat(service.withRealServers(List.of(RealServer.of("10.0.0.1", 80)))
                        .onePacketScheduling())
                .isTrue();
        assertThat(service.toBuilder().noOnePacketScheduling().build())
                .isEqualTo(builder().protocol(Protocol.UDP).scheduler("rr").build());
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UDP"})
    void onlyDatagramsAreScheduledOneByOne(Protocol protocol) {
        refused(
                () -> builder().onePacketScheduling().protocol(protocol).build(),
                "onePacketScheduling: with " + protocol
                        + " (expected: UDP or a firewall mark, only datagrams can be scheduled one by one)");
    }

    @Test
    void datagramsWithAMarkAreScheduledOneByOneAndMayPersist() {
        assertThat(VirtualService.builder()
                        .firewallMark(7, AddressFamily.INET6)
                        .onePacketScheduling()
                        .persistence(Duration.ofSeconds(10))
                        .build())
                .hasToString("fwmark 7 inet6 wlc one-packet persistent 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lc", "wlc", "sed", "nq"})
    void schedulersThatCountConnectionsWarnOfOnePacketScheduling(String scheduler) {
        assertThat(builder()
                        .protocol(Protocol.UDP)
                        .scheduler(scheduler)
                        .onePacketScheduling()
                        .build()
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("scheduler " + scheduler + " with one-packet scheduling: ");
    }

    @Test
    void aBackendWithoutOnePacketSchedulingRefusesIt() {
        Capabilities without = new Capabilities(
                Set.of(Protocol.UDP), Scheduling.names(), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
        VirtualService service =
                builder().protocol(Protocol.UDP).onePacketScheduling().build();
        assertThatThrownBy(() -> without.require("netty", service))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessage("add udp 10.64.1.2:10000: onePacketScheduling: on"
                        + " (expected: off; ipvs has it, it is missing on the netty backend)");
        without.require("netty", service.toBuilder().noOnePacketScheduling().build());
    }

    @Test
    void addressAndPortMayBeOneText() {
        assertThat(VirtualService.builder()
                        .listen("10.64.1.2:80")
                        .listen("[::1]:80")
                        .listen("10.64.1.2:8000-8009")
                        .realServer("192.168.1.100:8089")
                        .realServer("[fd00::1]:80")
                        .build())
                .isEqualTo(VirtualService.builder()
                        .listen("10.64.1.2", 80)
                        .listen("::1", 80)
                        .listen(ListenAddress.parse("10.64.1.2:8000-8009"))
                        .realServer("192.168.1.100", 8089)
                        .realServer("fd00::1", 80)
                        .build());
    }

    @Test
    void aTextWithoutAddressOrPortIsRefused() {
        for (String text : List.of("10.0.0.1", "::1", "::1:80", "[::1]", "")) {
            String form = text + " (expected: address:port or [IPv6 address]:port)";
            refused(() -> builder().listen(text), "listen: " + form);
            refused(() -> builder().realServer(text), "real server: " + form);
        }
        refused(() -> builder().listen("10.0.0.1:http"), "listen port: http (expected: 1..65535)");
        refused(() -> builder().realServer("10.0.0.1:80-90"), "real server port: 80-90 (expected: 1..65535)");
    }

    @Test
    void anUnknownSchedulerIsRefusedWithTheList() {
        refused(
                () -> builder().scheduler("fastest"),
                "scheduler: fastest (expected: one of rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aWeightOutOfRangeIsRefused(int weight) {
        refused(() -> RealServer.builder("10.0.0.1", 80).weight(weight), "weight: " + weight + " (expected: 0..65535)");
        refused(() -> RealServer.of("10.0.0.1", 80).withWeight(weight), "weight: " + weight + " (expected: 0..65535)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65536, 70000})
    void aPortOutOfRangeIsRefused(int port) {
        refused(
                () -> VirtualService.builder().listen("10.0.0.1", port),
                "listen port: " + port + " (expected: 1..65535)");
        refused(() -> builder().realServer("10.0.0.2", port), "real server port: " + port + " (expected: 1..65535)");
    }

    @Test
    void aServerIsDescribedOnce() {
        refused(
                () -> builder().realServer("10.0.0.1", 80).realServer("10.0.0.1", 80),
                "realServer: 10.0.0.1:80 (expected: each real server once)");
        RealServer server = RealServer.of("10.0.0.1", 80);
        refused(
                () -> builder().build().withRealServers(List.of(server, server.withWeight(2))),
                "realServer: 10.0.0.1:80 (expected: each real server once in tcp 10.64.1.2:10000)");
    }

    @Test
    void listenAddressesOfAServiceDoNotOverlap() {
        refused(
                () -> builder().listen("10.64.1.2", 10000),
                "listen: 10.64.1.2:10000 (expected: each address and port once, overlaps 10.64.1.2:10000)");
        refused(
                () -> builder().listen(ListenAddress.parse("10.64.1.2:9999-10001")),
                "listen: 10.64.1.2:9999-10001 (expected: each address and port once, overlaps 10.64.1.2:10000)");
        assertThat(builder()
                        .listen("::1", 10000)
                        .listen("10.64.1.2", 10001)
                        .build()
                        .key())
                .hasToString("tcp 10.64.1.2:10000,[::1]:10000,10.64.1.2:10001");
    }

    @Test
    void aServiceNeedsAListenAddressOrAFirewallMarkAndNotBoth() {
        refused(() -> VirtualService.builder().build(), "listen: none (expected: at least one listen address)");
        refused(
                () -> builder().firewallMark(7, AddressFamily.INET),
                "fwmark 7 inet (expected: no firewall mark, the service already listens on [10.64.1.2:10000])");
        refused(
                () -> VirtualService.builder()
                        .firewallMark(7, AddressFamily.INET)
                        .listen("10.0.0.1", 80),
                "listen: 10.0.0.1:80 (expected: none, the service already is fwmark 7 inet)");
        refused(
                () -> VirtualService.builder().firewallMark(0, AddressFamily.INET),
                "firewallMark: 0 (expected: 1..4294967295)");
        refused(
                () -> VirtualService.builder().protocol(Protocol.UDP).firewallMark(7, AddressFamily.INET),
                "fwmark 7 inet (expected: no protocol with a firewall mark, but it is udp)");
    }

    @Test
    void aServerThatIsTheServiceItselfIsRefusedWhereItWouldLoop() {
        refused(
                () -> builder().realServer("10.64.1.2", 10000).build(),
                "realServer: 10.64.1.2:10000 (expected: not an address that the service itself listens on,"
                        + " tcp 10.64.1.2:10000)");
        assertThat(builder().realServer("10.64.1.2", 10001).build().realServers())
                .hasSize(1);
        assertThat(builder()
                        .forwarding(ForwardingMethod.directRouting())
                        .realServer("10.64.1.2", 10000)
                        .build()
                        .realServers())
                .hasSize(1);
    }

    @Test
    void aLoopbackServerOnThePortOfAWildcardIsTheServiceItself() {
        refused(
                () -> VirtualService.builder()
                        .listen("0.0.0.0", 80)
                        .realServer("127.0.0.7", 80)
                        .build(),
                "realServer: 127.0.0.7:80 (expected: not an address that the service itself listens on, tcp 0.0.0.0:80)");
        assertThat(VirtualService.builder()
                        .listen("0.0.0.0", 80)
                        .realServer("192.168.1.100", 80)
                        .realServer("127.0.0.1", 81)
                        .build()
                        .realServers())
                .hasSize(2);
    }

    @Test
    void aHostNameIsRefused() {
        refused(
                () -> builder().realServer("web1", 80),
                "real server: web1 (expected: an IPv4 or IPv6 address, not a host name)");
    }

    @Test
    void aServerIsOneHost() {
        refused(
                () -> builder().realServer("0.0.0.0", 80),
                "real server: 0.0.0.0 (expected: a unicast address of one host)");
        refused(
                () -> builder().realServer("ff02::1", 80),
                "real server: ff02::1 (expected: a unicast address of one host)");
        refused(
                () -> VirtualService.builder().listen("224.0.0.18", 80),
                "listen: 224.0.0.18 (expected: a unicast address, not multicast)");
    }

    @Test
    void thresholdsAreOrderedAndALowerOneNeedsAnUpperOne() {
        refused(
                () -> RealServer.builder("10.0.0.1", 80)
                        .upperThreshold(2)
                        .lowerThreshold(3)
                        .build(),
                "lowerThreshold: 3 (expected: 0..upperThreshold, which is 2)");
        refused(
                () -> RealServer.builder("10.0.0.1", 80).lowerThreshold(1).build(),
                "lowerThreshold: 1 (expected: 0..upperThreshold, which is 0)");
        refused(
                () -> RealServer.builder("10.0.0.1", 80).upperThreshold(-1).build(),
                "upperThreshold: -1 (expected: 0..2147483647)");
    }

    @Test
    void aServersOwnChecksReplaceTheServices() {
        TcpCheck ofService = TcpCheck.create();
        TcpCheck own = TcpCheck.builder().retries(3).build();
        VirtualService service = builder()
                .healthCheck(ofService)
                .realServer("10.0.0.1", 80)
                .realServer("10.0.0.2", 80, server -> server.healthCheck(own))
                .build();
        assertThat(service.checksOf(service.realServers().get(0))).containsExactly(ofService);
        assertThat(service.checksOf(service.realServers().get(1))).containsExactly(own);
    }

    @Test
    void aBuilderThatStartsFromADescriptionGivesTheSameDescription() {
        VirtualService service = builder()
                .protocol(Protocol.TCP)
                .scheduler("sh")
                .forwarding(ForwardingMethod.tunnel(ForwardingMethod.Encapsulation.GUE))
                .persistence(Persistence.of(Duration.ofSeconds(300)).withNetmask("255.255.255.0"))
                .healthCheck(TcpCheck.create())
                .timeouts(ConnectionTimeouts.defaults().withIdle(Duration.ofSeconds(1)))
                .realServer(
                        "10.0.0.2", 80, s -> s.weight(2).upperThreshold(9).forwarding(ForwardingMethod.directRouting()))
                .build();
        assertThat(service.toBuilder().build()).isEqualTo(service);
        RealServer server = service.realServers().get(0);
        assertThat(server.toBuilder().build()).isEqualTo(server);
        VirtualService marked =
                VirtualService.builder().firewallMark(7, AddressFamily.INET6).build();
        assertThat(marked.toBuilder().build()).isEqualTo(marked);
    }

    @Test
    void anUnchangedWeightIsTheVerySameServer() {
        RealServer server = RealServer.of("10.0.0.1", 80);
        assertThat(server.withWeight(1)).isSameAs(server);
    }

    @Test
    void anIpv4MappedAddressIsTheIpv4Address() {
        assertThat(ServerKey.of("::ffff:10.0.0.1", 80)).isEqualTo(ServerKey.of("10.0.0.1", 80));
    }
}
