package io.lvs4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowStartTest {
    private static final HealthCheck TCP = TcpCheck.create();
    private static final CheckResult PASSED = CheckResult.passed("up");
    private static final CheckResult FAILED = CheckResult.failed("script", "down");
    private static final ServerKey A = ServerKey.of("10.0.1.1", 80);
    private static final ServerKey B = ServerKey.of("10.0.1.2", 80);

    private long now = Long.MAX_VALUE - 500_000_000L; // only differences mean anything
    private PoolPolicy policy = new PoolPolicy(service(10, 20), () -> now);

    private static VirtualService service(int seconds, int weightOfA) {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .slowStart(Duration.ofSeconds(seconds))
                .healthCheck(TCP)
                .realServer(RealServer.builder(A).weight(weightOfA).build())
                .realServer(RealServer.builder(B).weight(30).build())
                .build();
    }

    private void pass(Duration time) {
        now += time.toNanos();
        policy.advance();
    }

    private void reconfigure(UnaryOperator<VirtualService> change) {
        policy = policy.reconfigured(change.apply(policy.service()));
    }

    private void failAndReturn(ServerKey server) {
        policy.verdict(server, TCP, false, FAILED);
        policy.verdict(server, TCP, true, PASSED);
    }

    private List<ServerKey> slowStarts() {
        return policy.all().stream()
                .filter(standing -> standing.slowStart != null)
                .map(standing -> standing.server.key())
                .toList();
    }

    private int weight(ServerKey server) {
        return policy.pool().members().stream()
                .filter(member -> member.server().key().equals(server))
                .findFirst()
                .orElseThrow()
                .weight();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PT10S   | 20    | PT1S    | 1 2 4 6 8 10 12 14 16 18 20 20
            PT10S   | 20    | PT0.5S  | 1 1 2 2 4 4 6 6 8 8 10
            PT10S   | 1     | PT5S    | 1 1 1 1
            PT10S   | 5     | PT1S    | 1 1 1 1 2 2 3 3 4 4 5
            PT10S   | 65535 | PT5S    | 1 32767 65535
            PT10S   | 0     | PT5S    | 0 0 0
            PT3S    | 9     | PT1S    | 1 3 6 9
            PT1S    | 9     | PT0.5S  | 1 1 9
            PT2.5S  | 10    | PT0.25S | 1 1 1 1 1 5 5 5 5 5 10
            PT1H    | 100   | PT6M    | 1 10 20 30 40 50 60 70 80 90 100
            PT10S   | 20    | PT4M    | 1 20
            """)
    void theWeightGrowsInAtMostTenStepsAndAtMostOneASecond(Duration time, int weight, Duration tick, String expected) {
        VirtualService service = service(1, weight).toBuilder().slowStart(time).build();
        policy = new PoolPolicy(service, () -> now);
        failAndReturn(A);
        List<Integer> weights = new ArrayList<>(List.of(weight(A)));
        int moments = expected.split(" ").length;
        while (weights.size() < moments) {
            pass(tick);
            weights.add(weight(A));
        }
        assertThat(weights)
                .containsExactlyElementsOf(
                        Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
        assertThat(weight(B)).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"PT1S", "PT2.999999999S", "PT7S", "PT10S", "PT16M40.000000001S", "PT1H"})
    void whoeverComesWhenAStepIsDueFindsItDone(Duration time) {
        SlowStart start = SlowStart.begin(now, time);
        int steps = 0;
        while (!start.over()) {
            long wait = start.nanosToNextStep(now);
            assertThat(start.at(now + wait - 1)).isEqualTo(start);
            now += wait;
            start = start.at(now);
            assertThat(start.step()).isEqualTo(++steps);
        }
        assertThat(steps).isLessThanOrEqualTo(10);
    }

    @Test
    void serversThatAreThereWhenTheServiceStartsHaveAllOfTheirWeight() {
        assertThat(weight(A)).isEqualTo(20);
        policy.verdict(A, TCP, true, PASSED); // the first check
        assertThat(weight(A)).isEqualTo(20);
        assertThat(slowStarts()).isEmpty();
    }

    @Test
    void aServerThatIsAddedStartsSlowlyAndSoDoesOneThatReturnsFromMaintenance() {
        reconfigure(service -> service.withoutRealServer(A));
        reconfigure(service ->
                service.withRealServer(RealServer.builder(A).weight(20).build()));
        assertThat(weight(A)).isEqualTo(1);
        pass(Duration.ofSeconds(10));
        policy.maintenance(B, true);
        policy.maintenance(B, false);
        assertThat(weight(A)).isEqualTo(20);
        assertThat(weight(B)).isEqualTo(1);
    }

    @Test
    void aServerThatFailsInMaintenanceStartsSlowlyWhenItServesAgain() {
        policy.maintenance(A, true);
        failAndReturn(A);
        assertThat(slowStarts()).isEmpty();
        policy.verdict(A, TCP, false, FAILED);
        policy.maintenance(A, false);
        assertThat(slowStarts()).isEmpty();
        policy.verdict(A, TCP, true, PASSED);
        assertThat(slowStarts()).containsExactly(A);
    }

    @Test
    void aServerThatFailsAgainStartsFromTheBeginning() {
        failAndReturn(A);
        pass(Duration.ofSeconds(5));
        policy.verdict(A, TCP, false, FAILED);
        assertThat(slowStarts()).isEmpty();
        policy.verdict(A, TCP, true, PASSED);
        assertThat(weight(A)).isEqualTo(1);
    }

    @Test
    void serversThatReturnTogetherAllServe() {
        failAndReturn(A);
        failAndReturn(B);
        assertThat(policy.pool().members()).allSatisfy(member -> {
            assertThat(member.serving()).isTrue();
            assertThat(member.weight()).isEqualTo(1);
        });
        pass(Duration.ofSeconds(5));
        assertThat(weight(A)).isEqualTo(10);
        assertThat(weight(B)).isEqualTo(15);
    }

    @Test
    void aDrainAndMaintenanceEndASlowStart() {
        failAndReturn(A);
        failAndReturn(B);
        policy.draining(A, true);
        policy.maintenance(B, true);
        assertThat(weight(A)).isZero();
        assertThat(slowStarts()).isEmpty();
        policy.draining(A, false);
        assertThat(weight(A)).isEqualTo(20);
    }

    @Test
    void anotherWeightIsInForceAtOnce() {
        failAndReturn(A);
        failAndReturn(B);
        pass(Duration.ofSeconds(5));
        reconfigure(service ->
                service.withRealServer(service.realServer(A).orElseThrow().withWeight(7)));
        assertThat(weight(A)).isEqualTo(7);
        assertThat(weight(B)).isEqualTo(15);
        reconfigure(service ->
                service.withRealServer(service.realServer(B).orElseThrow().withWeight(0)));
        assertThat(weight(B)).isZero();
        assertThat(slowStarts()).isEmpty();
    }

    @Test
    void otherChangesLeaveASlowStartAlone() {
        failAndReturn(A);
        pass(Duration.ofSeconds(5));
        reconfigure(service -> service.withoutRealServer(B).toBuilder()
                .scheduler("wrr")
                .slowStart(Duration.ofMinutes(1)) // for those to come
                .build());
        reconfigure(service -> service.withRealServer(service.realServer(A).orElseThrow().toBuilder()
                .upperThreshold(100)
                .build()));
        assertThat(weight(A)).isEqualTo(10);
        pass(Duration.ofSeconds(4));
        assertThat(weight(A)).isEqualTo(18);
        reconfigure(service -> service.toBuilder().noSlowStart().build());
        assertThat(weight(A)).isEqualTo(20);
    }

    @Test
    void withoutASlowStartAServerHasItsWeightAtOnce() {
        policy = new PoolPolicy(service(10, 20).toBuilder().noSlowStart().build(), () -> now);
        failAndReturn(A);
        assertThat(weight(A)).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT0.999999999S", "PT1H0.000000001S"})
    void aTimeOutOfRangeIsRefused(Duration time) {
        VirtualService.Builder builder = VirtualService.builder();
        assertThatThrownBy(() -> builder.slowStart(time))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slowStart: " + time + " (expected: PT1S..PT1H)");
    }

    @Test
    void aDescriptionSaysItsSlowStartAndCanBeCopied() {
        VirtualService service = service(10, 20);
        assertThat(service).hasToString("tcp 10.0.0.1:80 wlc slow start PT10S");
        assertThat(service.toBuilder().build()).isEqualTo(service);
        assertThat(service.withRealServers(service.realServers())).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wlc | 10 |
            mh  | 10 |
            wlc | 0  |
            wlc | 9  | slowStart with weights below 10: weights are whole numbers, so that of 10.0.1.1:80 grows in leaps
            rr  | 1  | slowStart with scheduler rr: it does not look at weights
            lc  | 10 | slowStart with scheduler lc: it does not look at weights
            dh  | 10 | slowStart with scheduler dh: it does not look at weights
            fo  | 10 | slowStart with scheduler fo: it prefers the heaviest server
            ovf | 10 | slowStart with scheduler ovf: it prefers the heaviest server
            sh  | 10 | slowStart with scheduler sh: every step moves clients between servers
            """)
    void aSlowStartThatDoesNotShowIsWarnedOf(String scheduler, int weight, String warning) {
        VirtualService service =
                service(10, weight).toBuilder().scheduler(scheduler).build();
        if (warning == null) {
            assertThat(service.warnings()).isEmpty();
        } else {
            assertThat(service.warnings()).singleElement().asString().startsWith(warning);
        }
        assertThat(service.toBuilder().noSlowStart().build().warnings()).isEmpty();
    }
}
