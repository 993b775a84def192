package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNamesTest {
    private static final ServiceKey ONE =
            VirtualService.builder().listen("10.0.0.1:443").build().key();
    private static final ServiceKey TWO =
            VirtualService.builder().listen("10.0.0.2:443").build().key();

    @Test
    void aWildcardIsForOneLabel() {
        ServerNames names = ServerNames.none().withRoute("*.Example.org", ONE).withRoute("www.example.org", TWO);

        assertThat(names.route("auth.example.org")).contains(ONE);
        assertThat(names.route("www.example.org")).contains(TWO);
        assertThat(names.route("example.org")).isEmpty();
        assertThat(names.route("a.b.example.org")).isEmpty();
        assertThat(names.route("org")).isEmpty();
        assertThat(names.route(null)).isEmpty();
        assertThat(names).hasToString("names *.example.org to tcp 10.0.0.1:443, www.example.org to tcp 10.0.0.2:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "*.", "a.*.org", "**.org", "a..org", "10.0.0.1", "*.10", "müller.de", "a_b.org", "a."})
    void whatNoClientCanAskForIsNoRoute(String name) {
        assertThatThrownBy(() -> ServerNames.none().withRoute(name, ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("server name: " + name + " (expected: a DNS name such as auth.example.org");
    }

    @Test
    void aNameHasOneRoute() {
        ServerNames names = ServerNames.none().withRoute("a.org", ONE);
        assertThatThrownBy(() -> names.withRoute("A.org", TWO))
                .hasMessage("server name: A.org (expected: each name once)");
    }

    @Test
    void aRouteLeadsToAServiceOverTcp() {
        ServiceKey udp = VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen("10.0.0.1:443")
                .build()
                .key();
        assertThatThrownBy(() -> ServerNames.none().withRoute("a.org", udp))
                .hasMessage("service of server name a.org: udp 10.0.0.1:443 (expected: the key of a TCP service)");
        assertThatThrownBy(() -> VirtualService.builder()
                        .protocol(Protocol.UDP)
                        .listen("10.0.0.1:443")
                        .routeServerName("a.org", ONE)
                        .build())
                .hasMessageContaining("(expected: a TCP service, they are of TLS)");
        assertThatThrownBy(() -> VirtualService.builder()
                        .protocol(Protocol.UDP)
                        .listen("10.0.0.1:443")
                        .persistence(Persistence.byServerName(Duration.ofSeconds(10)))
                        .build())
                .hasMessage("persistence: by server name with udp 10.0.0.1:443"
                        + " (expected: a TCP service, server names are of TLS)");
    }

    @Test
    void refusingOthersNeedsARoute() {
        assertThatThrownBy(() -> ServerNames.none().withOthersRefused())
                .hasMessageContaining("(expected: a route, else nobody is served)");
    }

    @Test
    void theTimeoutHasLimits() {
        for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofMillis(999), Duration.ofMinutes(11)}) {
            assertThatThrownBy(() -> ServerNames.none().withHelloTimeout(timeout))
                    .hasMessage("hello timeout: " + timeout + " (expected: PT1S..PT10M)");
        }
    }

    @Test
    void aDescriptionKeepsThemThroughItsBuilder() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1:443")
                .routeServerName("a.org", TWO)
                .persistence(Persistence.byServerName(Duration.ofSeconds(10)))
                .build();
        assertThat(service.toBuilder().build()).isEqualTo(service);
        assertThat(service)
                .hasToString("tcp 10.0.0.1:443 wlc persistent 10 by server name names a.org to tcp 10.0.0.2:443");
    }

    @Test
    void aBackendThatReadsNoNamesRefusesThem() {
        Capabilities capabilities = new Capabilities(
                Set.of(Protocol.TCP), List.of("wlc"), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
        VirtualService.Builder service = VirtualService.builder().listen("10.0.0.1:443");
        VirtualService persistent = service.persistence(Persistence.byServerName(Duration.ofSeconds(10)))
                .build();
        VirtualService routing =
                service.noPersistence().routeServerName("a.org", TWO).build();
        assertThatThrownBy(() -> capabilities.require("plain", persistent))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining(
                        "persistence: by server name (expected: persistence by client address on the plain");
        assertThatThrownBy(() -> capabilities.require("plain", routing))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("serverNames: names a.org to tcp 10.0.0.2:443 (expected: none; netty has them");
    }
}
