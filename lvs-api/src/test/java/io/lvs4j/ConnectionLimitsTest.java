package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ConnectionLimits.Rate;
import io.lvs4j.spi.Capabilities;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionLimitsTest {
    private static final ConnectionLimits NONE = ConnectionLimits.defaults();
    private static final int UNLIMITED = ConnectionLimits.UNLIMITED;

    @Test
    void unlimitedIsSomethingElseThanNotSaid() {
        ConnectionLimits unlimited =
                NONE.withPerService(UNLIMITED).withPerSource(UNLIMITED).withNewPerSource(UNLIMITED);
        assertThat(unlimited).isNotEqualTo(NONE);
        assertThat(unlimited.limited()).isFalse();
        assertThat(NONE.limited()).isFalse();
        assertThat(NONE.perService()).isEmpty();
        assertThat(NONE).hasToString("limits none");
        assertThat(unlimited).hasToString("limits unlimited per-source unlimited new-per-source unlimited");
    }

    @Test
    void aSourceIsAnAddressOrASiteUnlessSaidOtherwise() {
        assertThat(NONE.ipv4PrefixLength()).isEqualTo(32);
        assertThat(NONE.ipv6PrefixLength()).isEqualTo(64);
        assertThat(NONE.withSourcePrefixes(24, 56)).hasToString("limits by /24,/56");
        assertThat(NONE.withPerService(10)
                        .withPerSource(3)
                        .withNewPerSource(new Rate(5, 9))
                        .toString())
                .isEqualTo("limits 10 per-source 3 new-per-source 5/s burst 9");
    }

    @Test
    void aSourceCannotHaveMoreThanTheService() {
        assertThatThrownBy(() -> NONE.withPerService(10).withPerSource(11))
                .hasMessage("connections per source: 11 (expected: at most the connections per service, which are 10)");
        assertThatThrownBy(() -> NONE.withPerSource(11).withPerService(10))
                .hasMessage("connections per source: 11 (expected: at most the connections per service, which are 10)");
        assertThat(NONE.withPerService(10).withPerSource(UNLIMITED).limitsSources())
                .isFalse();
        assertThat(NONE.withPerSource(10).withPerService(10).limited()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aLimitOfNoneIsRefused(int limit) {
        assertThatThrownBy(() -> NONE.withPerService(limit))
                .hasMessage("connections per service: " + limit + " (expected: 1..2147483646 or unlimited)");
        assertThatThrownBy(() -> NONE.withPerSource(limit))
                .hasMessage("connections per source: " + limit + " (expected: 1..2147483646 or unlimited)");
        assertThatThrownBy(() -> NONE.withNewPerSource(limit))
                .hasMessage("new connections per second per source: " + limit + " (expected: 1..1000000 or unlimited)");
        assertThatThrownBy(() -> new Rate(1, limit))
                .hasMessage("burst per source: " + limit + " (expected: 1..1000000)");
        assertThatThrownBy(() -> NONE.withSourcePrefixes(limit, 64))
                .hasMessage("IPv4 prefix length of a source: " + limit + " (expected: 1..32)");
        assertThatThrownBy(() -> NONE.withSourcePrefixes(24, limit))
                .hasMessage("IPv6 prefix length of a source: " + limit + " (expected: 1..128)");
    }

    @Test
    void aRateAndItsBurstHaveBounds() {
        assertThatThrownBy(() -> NONE.withNewPerSource(1_000_001))
                .hasMessageContaining("1000001 (expected: 1..1000000");
        assertThatThrownBy(() -> new Rate(5, UNLIMITED)).hasMessageContaining("burst per source");
        assertThatThrownBy(() -> new Rate(UNLIMITED, 5))
                .hasMessage("burst per source: 5 (expected: unlimited, as new connections per second per source are)");
        assertThat(Rate.of(20)).isEqualTo(new Rate(20, 20));
    }

    @Test
    void onePacketSchedulingLeavesNoConnectionsToLimit() {
        VirtualService.Builder service = VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen("10.0.0.1", 53)
                .onePacketScheduling()
                .limits(NONE.withNewPerSource(5));
        assertThat(service.build().limits()).isEqualTo(NONE.withNewPerSource(5));
        assertThatThrownBy(() -> service.limits(NONE.withPerService(5)).build())
                .hasMessage("limits: limits 5 with onePacketScheduling"
                        + " (expected: none but new-per-source, no datagram leaves a connection behind)");
    }

    @Test
    void aDescriptionKeepsAndShowsThem() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .allow("10.0.0.0/8")
                .deny("10.1.0.0/16")
                .limits(NONE.withPerService(5))
                .build();
        assertThat(service).hasToString("tcp 10.0.0.1:80 wlc allow 10.0.0.0/8 deny 10.1.0.0/16 limits 5");
        assertThat(service.toBuilder().build()).isEqualTo(service);
        assertThat(service.withRealServers(List.of()).limits()).isEqualTo(service.limits());
    }

    @Test
    void aBackendThatHasNoneNamesSettingAndRemedy() {
        Capabilities kernel = new Capabilities(
                EnumSet.allOf(Protocol.class),
                List.of("wlc"),
                EnumSet.allOf(ForwardingMethod.Kind.class),
                EnumSet.of(Capabilities.Feature.FIREWALL_MARK));
        VirtualService.Builder service = VirtualService.builder().listen("10.0.0.1", 80);
        VirtualService limited = service.limits(NONE.withPerService(5)).build();
        assertThatThrownBy(() -> kernel.require("ipvs", limited))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageStartingWith(
                        "add tcp 10.0.0.1:80: limits: limits 5 (expected: none but the servers' upper thresholds; netty has it")
                .hasMessageEndingWith("it is missing on the ipvs backend)");
        VirtualService listed = service.limits(NONE).deny("10.0.0.0/8").build();
        assertThatThrownBy(() -> kernel.require("ipvs", listed))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageStartingWith(
                        "add tcp 10.0.0.1:80: access: deny 10.0.0.0/8 (expected: everybody; netty has it");
        kernel.require(
                "ipvs",
                service.access(AccessList.everybody())
                        .limits(NONE.withPerService(UNLIMITED))
                        .build());
    }

    @Test
    void whatIsNotSaidIsTheBackendsAndNoSourceMayHaveMoreThanItsService() {
        ConnectionLimits backend =
                ConnectionLimits.defaults().withPerSource(1_000).withNewPerSource(100);

        assertThat(ConnectionLimits.defaults().orElse(backend)).isEqualTo(backend);
        assertThat(ConnectionLimits.defaults().withPerService(10).orElse(backend))
                .isEqualTo(backend.withPerSource(10).withPerService(10));
        ConnectionLimits said =
                ConnectionLimits.defaults().withPerSource(5).withNewPerSource(ConnectionLimits.UNLIMITED);
        assertThat(said.orElse(backend)).isEqualTo(said);
    }
}
