package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelSettingsTest {
    private static final ServerKey FAILED = ServerKey.of("10.0.1.1", 80);
    private static final ServerKey GOOD = ServerKey.of("10.0.1.2", 80);

    @ParameterizedTest
    @CsvSource({"rr, 0", "sh, 1", "mh, 1"})
    void aFailedServerWithConnectionsStaysWithWeightZeroAndHashesFallBackOnOthers(String scheduler, int flags) {
        ServiceState state = state(scheduler, Set.of(FAILED));
        assertThat(state.destinations()).extracting(IpvsDestination::weight).containsExactly(0, 5);
        assertThat(state.service().schedulerFlags()).isEqualTo(flags);
    }

    @ParameterizedTest
    @CsvSource({"rr", "sh", "mh"})
    void aFailedServerWithoutConnectionsLeaves(String scheduler) {
        ServiceState state = state(scheduler, Set.of(GOOD));
        assertThat(state.destinations()).extracting(IpvsDestination::weight).containsExactly(5);
        assertThat(state.service().schedulerFlags()).isZero();
    }

    @Test
    void aFailedServerLeavesDestinationHashingWhichCannotFallBack() {
        assertThat(state("dh", Set.of(FAILED)).destinations()).hasSize(1);
    }

    @Test
    void oneServiceDoesNotMixMasqueradeAndFullNat() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .forwarding(ForwardingMethod.fullNat())
                .realServer("10.0.1.1", 80)
                .realServer("10.0.1.2", 80, server -> server.forwarding(ForwardingMethod.masquerade()))
                .build();
        assertThatThrownBy(() -> KernelSettings.require(service, "ipvs"))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("masquerade and full NAT in one service (expected: one of them");
    }

    @Test
    void onePacketSchedulingIsPassedOn() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 53)
                .protocol(Protocol.UDP)
                .onePacketScheduling()
                .build();
        assertThat(written(service).onePacket()).isTrue();
        assertThat(written(service.toBuilder().noOnePacketScheduling().build()).onePacket())
                .isFalse();
    }

    @Test
    void theSourceOfSingleDatagramsCannotBeRewritten() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 53)
                .protocol(Protocol.UDP)
                .onePacketScheduling()
                .forwarding(ForwardingMethod.fullNat())
                .realServer("10.0.1.1", 53)
                .build();
        assertThatThrownBy(() -> KernelSettings.require(service, "ipvs"))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessage("add udp 10.0.0.1:53: onePacketScheduling: with full NAT"
                        + " (expected: direct routing, a tunnel or masquerade on the ipvs backend)");
    }

    private static IpvsService written(VirtualService service) {
        IpvsServiceKey key = KernelSettings.keys(service.key()).get(0);
        return KernelSettings.state(new Pool(service, List.of()), key, Set.of()).service();
    }

    private static ServiceState state(String scheduler, Set<ServerKey> busy) {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .scheduler(scheduler)
                .build();
        Pool pool = new Pool(service, List.of(member(FAILED, false), member(GOOD, true)));
        return KernelSettings.state(pool, KernelSettings.keys(service.key()).get(0), busy);
    }

    private static Pool.Member member(ServerKey key, boolean serving) {
        return new Pool.Member(RealServer.builder(key).weight(5).build(), 5, serving);
    }
}
