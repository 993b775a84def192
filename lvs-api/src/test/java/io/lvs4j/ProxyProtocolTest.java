package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolTest {
    private final VirtualService.Builder builder =
            VirtualService.builder().listen("10.64.1.2", 10000).scheduler("rr");

    @Test
    void sendingAndAcceptingAreIndependent() {
        VirtualService send =
                builder.sendProxyProtocol(ProxyProtocol.Version.V1).build();
        assertThat(send).hasToString("tcp 10.64.1.2:10000 rr send-proxy V1");
        VirtualService both =
                send.toBuilder().acceptProxyProtocol("10.0.0.0/8", "fd00::1").build();
        assertThat(both).hasToString("tcp 10.64.1.2:10000 rr send-proxy V1 accept-proxy 10.0.0.0/8,fd00::1");
        assertThat(both.toBuilder().build()).isEqualTo(both);
        assertThat(both.withRealServers(List.of(RealServer.of("10.0.0.1", 80))).proxyProtocol())
                .isEqualTo(both.proxyProtocol());
        assertThat(both.proxyProtocol().accept().orElseThrow().headerTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(both.toBuilder().noProxyProtocol().build().proxyProtocol()).isEqualTo(ProxyProtocol.none());
    }

    @Test
    void anEmptyTrustListIsRefused() {
        assertThatThrownBy(builder::acceptProxyProtocol)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trusted fronts: none (expected: at least one network, such as 10.0.0.0/8)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2.999S", "PT0S", "PT10M0.001S"})
    void aHeaderTimeoutOutOfRangeIsRefused(Duration timeout) {
        assertThatThrownBy(() -> new ProxyProtocol.Fronts(List.of(AddressPrefix.parse("10.0.0.1")), timeout))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header timeout: " + timeout + " (expected: PT3S..PT10M)");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TCP"})
    void onlyTcpHasIt(Protocol protocol) {
        assertThatThrownBy(() -> builder.protocol(protocol)
                        .sendProxyProtocol(ProxyProtocol.Version.V2)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("proxyProtocol: send-proxy V2 with " + protocol
                        + " 10.64.1.2:10000 (expected: a TCP service, the header is of TCP)");
    }

    @Test
    void aBackendWithoutItRefusesIt() {
        Capabilities without = new Capabilities(
                Set.of(Protocol.TCP), Scheduling.names(), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
        VirtualService service = builder.acceptProxyProtocol("10.0.0.1").build();
        assertThatThrownBy(() -> without.require("ipvs", service))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessage(
                        "add tcp 10.64.1.2:10000: proxyProtocol: accept-proxy 10.0.0.1 (expected: none; netty has it,"
                                + " an embedder and the kernel know the client's address without it; it is missing on the ipvs"
                                + " backend)");
        without.require("ipvs", service.toBuilder().noProxyProtocol().build());
    }
}
