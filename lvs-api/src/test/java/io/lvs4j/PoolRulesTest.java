package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolRulesTest {
    private static final RealServer SORRY = RealServer.of("10.0.2.1", 80);
    private static final PoolRules EVERYTHING = PoolRules.builder()
            .quorum(3, 1)
            .sorryServer(SORRY)
            .alpha()
            .omega()
            .inhibitOnFailure()
            .slowStart(Duration.ofSeconds(10))
            .panicThreshold(50)
            .maxDepool(30)
            .flapDamping(new FlapDamping(Duration.ofSeconds(10), Duration.ofMinutes(1)))
            .outlierDetection(OutlierDetection.defaults())
            .build();

    private static VirtualService.Builder service() {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .realServer("10.0.1.1", 80)
                .realServer("10.0.1.2", 80);
    }

    @Test
    void aDescriptionKeepsAndSaysItsRules() {
        VirtualService service = service().poolRules(EVERYTHING).build();
        assertThat(service.poolRules()).isEqualTo(EVERYTHING);
        assertThat(service.toBuilder().build()).isEqualTo(service);
        assertThat(service)
                .hasToString("tcp 10.0.0.1:80 wlc quorum 3 hysteresis 1 sorry 10.0.2.1:80 weight 1 alpha omega inhibit"
                        + " slow start PT10S panic below 50% max-depool 30% flap damping PT10S..PT1M outlier detection"
                        + " 5 failures in 50% within PT10S, out for PT30S..PT5M, at most 10%");
        assertThat(service().build()).hasToString("tcp 10.0.0.1:80 wlc");
        VirtualService off = service.toBuilder()
                .quorum(1)
                .noSorryServer()
                .noAlpha()
                .noOmega()
                .noInhibitOnFailure()
                .noSlowStart()
                .panicThreshold(0)
                .maxDepool(100)
                .noFlapDamping()
                .noOutlierDetection()
                .build();
        assertThat(off).isEqualTo(service().build());
    }

    @Test
    void aChangeOfRulesIsAVisibleStepOfAPlan() {
        VirtualService before = service().build();
        VirtualService after = service().quorum(2).build();
        assertThat(Plan.between(before, after).changes()).containsExactly(new Plan.UpdateService(before, after));
        assertThat(Plan.between(after, service().quorum(2).build()).isEmpty()).isTrue();
    }

    @Test
    void aServerSaysItsPriorityAndKeepsItWithAnotherWeight() {
        RealServer server = RealServer.builder("10.0.1.1", 80)
                .priority(2)
                .inhibitOnFailure()
                .build();
        assertThat(server.withWeight(5)).hasToString("10.0.1.1:80 weight 5 priority 2 inhibit");
        assertThat(server.toBuilder().build()).isEqualTo(server);
    }

    @Test
    void whatIsOutOfRangeIsRefusedByName() {
        Duration second = Duration.ofSeconds(1);
        Map<String, Consumer<VirtualService.Builder>> refusals = Map.ofEntries(
                Map.entry("quorum: 0 (expected: 1..2147483647)", b -> b.quorum(0)),
                Map.entry("hysteresis: -1 (expected: 0..2147483647)", b -> b.quorum(1, -1)),
                Map.entry("panicThreshold: 101 (expected: 0..100)", b -> b.panicThreshold(101)),
                Map.entry("panicThreshold: -1 (expected: 0..100)", b -> b.panicThreshold(-1)),
                Map.entry("maxDepool: 101 (expected: 0..100)", b -> b.maxDepool(101)),
                Map.entry("slowStart: PT0S (expected: PT1S..PT1H)", b -> b.slowStart(Duration.ZERO)),
                Map.entry("priority: 256 (expected: 0..255)", b -> b.realServer("10.0.1.3", 80, s -> s.priority(256))),
                Map.entry("priority: -1 (expected: 0..255)", b -> b.realServer("10.0.1.3", 80, s -> s.priority(-1))),
                Map.entry("sorryServer weight: 0 (expected: 1..65535)", b -> b.sorryServer(SORRY.withWeight(0))),
                Map.entry(
                        "sorryServer checks: [" + TcpCheck.create()
                                + "] (expected: none, it serves when nobody else does and is not checked)",
                        b -> b.sorryServer(
                                SORRY.toBuilder().healthCheck(TcpCheck.create()).build())),
                Map.entry(
                        "sorryServer: 10.0.0.1:80 (expected: not an address that the service itself listens on,"
                                + " tcp 10.0.0.1:80)",
                        b -> b.sorryServer("10.0.0.1:80").build()),
                Map.entry(
                        "holdDown: PT0.5S (expected: PT1S..PT1H)",
                        b -> b.flapDamping(new FlapDamping(Duration.ofMillis(500), second))),
                Map.entry(
                        "maxHoldDown: PT1S (expected: holdDown, which is PT2S, to PT24H)",
                        b -> b.flapDamping(new FlapDamping(second.multipliedBy(2), second))),
                Map.entry(
                        "outlierDetection failures: 0 (expected: 1..1000000)",
                        b -> b.outlierDetection(OutlierDetection.defaults().withFailures(0, 50))),
                Map.entry(
                        "outlierDetection percent: 101 (expected: 1..100)",
                        b -> b.outlierDetection(OutlierDetection.defaults().withFailures(5, 101))),
                Map.entry(
                        "outlierDetection interval: PT0S (expected: PT1S..PT1H)",
                        b -> b.outlierDetection(OutlierDetection.defaults().withInterval(Duration.ZERO))),
                Map.entry(
                        "outlierDetection baseInhibit: PT2H (expected: PT1S..PT1H)",
                        b -> b.outlierDetection(
                                OutlierDetection.defaults().withInhibit(Duration.ofHours(2), Duration.ofHours(3)))),
                Map.entry(
                        "outlierDetection maxInhibit: PT1S (expected: PT1M..PT24H)",
                        b -> b.outlierDetection(
                                OutlierDetection.defaults().withInhibit(Duration.ofMinutes(1), second))),
                Map.entry(
                        "outlierDetection maxEjected: 0 (expected: 1..100)",
                        b -> b.outlierDetection(OutlierDetection.defaults().withMaxEjected(0))));
        refusals.forEach((message, setter) -> assertThatThrownBy(() -> setter.accept(service()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
    }

    @Test
    void aBackendThatDoesNotCountFailuresRefusesOutlierDetection() {
        Capabilities kernel = new Capabilities(
                Set.of(Protocol.TCP), Scheduling.names(), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
        VirtualService service =
                service().outlierDetection(OutlierDetection.defaults()).build();
        assertThatThrownBy(() -> kernel.require("ipvs", service))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContainingAll("outlierDetection", "ipvs", "health checks find them");
        kernel.require("ipvs", service().build());
    }

    @Test
    void aSorryServerHasToBeReachedInAWayThatTheBackendCan() {
        Capabilities forwarder = new Capabilities(
                Set.of(Protocol.TCP), Scheduling.names(), Set.of(ForwardingMethod.Kind.MASQUERADE), Set.of());
        VirtualService service = service()
                .sorryServer(SORRY.toBuilder()
                        .forwarding(ForwardingMethod.directRouting())
                        .build())
                .build();
        assertThat(service.allServers()).hasSize(3);
        assertThatThrownBy(() -> forwarder.require("netty", service))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("forwarding of 10.0.2.1:80");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 0 |
            2 | 0 |
            3 | 0 | quorum 3: all servers weigh 2 together, so it counts as 2
            1 | 1 | hysteresis 1: the quorum is 1, so it counts as 0
            2 | 1 | quorum 2 with hysteresis 1: it is gained at 3, but all servers weigh 2 together; once lost, it cannot be gained again
            """)
    void aQuorumThatCannotBeIsWarnedOf(int quorum, int hysteresis, String warning) {
        List<String> warnings = service().quorum(quorum, hysteresis).build().warnings();
        if (warning == null) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).containsExactly(warning);
        }
    }

    @Test
    void inhibitedServersOfHashesAreWarnedOf() {
        VirtualService.Builder service = service().inhibitOnFailure();
        assertThat(service.scheduler("sh").build().warnings())
                .singleElement()
                .asString()
                .contains("sh-fallback");
        assertThat(service.scheduling(Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK))
                        .build()
                        .warnings())
                .isEmpty();
    }
}
