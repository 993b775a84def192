package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.DrainReport;
import io.lvs4j.RealServer;
import io.lvs4j.ServerHandle;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What every backend makes of health verdicts and of what operators ask for, seen through a {@link Director}. Extend
 * it and say in {@link #createHarness} how to reach the backend.
 */
public abstract class PoolContract extends PoolRulesContract {
    /** For subclasses. */
    protected PoolContract() {}

    // ---------------------------------------------------------------- health and operators

    @Test
    void aFailedServerLeavesAndReturnsAndBothAreAnnounced() {
        ServiceHandle service = add(service("rr").healthCheck(TcpCheck.create()).build(), 1, 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        assertThat(letter(held)).isEqualTo("C");
        verdict(() -> health.fail(c), service.server(c), ServerState.DOWN);
        assertThat(picks(4)).isEqualTo("BABA");
        assertThat(held.works()).isTrue();
        verdict(() -> health.pass(c), service.server(c), ServerState.UP);
        assertThat(picks(3)).contains("C");
        awaitEvent(DirectorEvent.ServerUp.class);
        assertThat(eventTypes()).containsSubsequence("server-down", "server-up");
    }

    @Test
    void aServerInMaintenanceGetsNoNewConnectionAndKeepsThoseItHas() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        ServerHandle server = service.server(held.server());
        server.startMaintenance();
        assertThat(server.snapshot().state()).isEqualTo(ServerState.MAINTENANCE);
        assertThat(picks(4)).isEqualTo("AAAA");
        assertThat(held.works()).isTrue();
        server.endMaintenance();
        assertThat(picks(4)).contains("B");
    }

    @Test
    void aDrainEndsWhenTheLastConnectionHasEndedAndRemovesTheServer() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        CompletableFuture<DrainReport> drain = service.server(b).drain(Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(4));
        assertThat(drain).isNotDone();
        assertThat(service.server(b).snapshot().state()).isEqualTo(ServerState.DRAINING);
        assertThat(picks(4)).isEqualTo("AAAA");
        assertThat(held.works()).isTrue();
        end(held, service, b, 0);
        time.advance(POLL);
        DrainReport report = get(drain);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
        assertThat(report.remaining()).isZero();
        assertThat(report.took()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(service.description().realServers())
                .extracting(RealServer::key)
                .containsExactly(a);
    }

    @Test
    void aDrainThatReachesItsDeadlineSaysHowManyConnectionsWereLeftAndResetsThem() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection ofB = connect(1).orElseThrow();
        BackendHarness.Connection ofA = connect(1).orElseThrow();
        CompletableFuture<DrainReport> drain = service.server(b).drain(Duration.ofSeconds(30));
        time.advance(Duration.ofMillis(29_999));
        assertThat(drain).isNotDone();
        assertThat(ofB.works()).isTrue();
        time.advance(Duration.ofMillis(1));
        DrainReport report = get(drain);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.DEADLINE);
        assertThat(report.remaining()).isEqualTo(1);
        assertThat(report.took()).isEqualTo(Duration.ofSeconds(30));
        Patience.await(() -> !ofB.works());
        assertThat(ofA.works()).isTrue();
    }

    @Test
    void settingTheWeightCancelsADrain() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        CompletableFuture<DrainReport> drain = service.server(b).drain(Duration.ofMinutes(5));
        service.server(b).weight(1);
        assertThat(get(drain).outcome()).isEqualTo(DrainReport.Outcome.CANCELLED);
        time.advance(Duration.ofMinutes(6));
        assertThat(held.works()).isTrue();
        assertThat(picks(4)).contains("B");
    }

    @Test
    void aRemovedServerLosesItsConnectionsAndNobodyElseDoes() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection ofB = connect(1).orElseThrow();
        BackendHarness.Connection ofA = connect(1).orElseThrow();
        ServerHandle handle = service.server(b);
        handle.remove();
        Patience.await(() -> !ofB.works());
        assertThat(ofA.works()).isTrue();
        assertThat(picks(2)).isEqualTo("AA");
        assertThatThrownBy(() -> handle.weight(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("server: " + b + " (expected: one of [" + a + "])");
    }

    @Test
    void connectionsOutliveChangesOfEverythingElse() {
        ServiceHandle service = add(service("rr").build(), 1, 1);
        BackendHarness.Connection held = connect(1).orElseThrow();
        service.scheduler("wlc");
        service.server(a).weight(9);
        service.server(b).weight(0);
        service.add(RealServer.builder(c).weight(2).build());
        service.server(a).remove();
        service.update(service.description().toBuilder()
                .persistence(Duration.ofSeconds(5))
                .build());
        service.update(service.description().toBuilder().noPersistence().build());
        assertThat(held.works()).isTrue();
        assertThat(picks(2)).isEqualTo("CC");
    }

    @Test
    void anUpdateKeepsEqualChecksAndDropsOthers() {
        TcpCheck kept = TcpCheck.create();
        TcpCheck dropped = TcpCheck.builder().retries(7).build();
        ServiceHandle service =
                add(service("rr").healthCheck(kept).healthCheck(dropped).build(), 1, 1);
        verdict(() -> health.fail(a), service.server(a), ServerState.DOWN);
        service.update(service.description().toBuilder()
                .noHealthChecks()
                .healthCheck(kept)
                .build());
        assertThat(health.checksOf(a)).containsExactly(kept);
        assertThat(service.server(a).snapshot().state()).isEqualTo(ServerState.DOWN);
        service.server(a).remove();
        assertThat(health.checksOf(a)).isEmpty();
    }

    // ---------------------------------------------------------------- slow start

    @Test
    void aServerThatReturnsGetsItsShareBackStepByStep() {
        ServiceHandle service = addWithSlowStart(10, 10);
        assertThat(countOfB(20)).isEqualTo(10);
        failAndReturn(service);
        assertThat(service.server(b).snapshot().weight()).isEqualTo(1);
        assertThat(countOfB(11)).isEqualTo(1);
        BackendHarness.Connection held = connectTo(b);
        time.advance(Duration.ofSeconds(5));
        assertThat(service.server(b).snapshot().weight()).isEqualTo(5);
        assertThat(countOfB(15)).isEqualTo(5);
        time.advance(Duration.ofSeconds(5));
        assertThat(service.server(b).snapshot().weight()).isEqualTo(10);
        assertThat(countOfB(20)).isEqualTo(10);
        assertThat(held.works()).isTrue();
        awaitEvent(DirectorEvent.SlowStartEnded.class);
        assertThat(eventTypes())
                .containsSubsequence("server-down", "server-up", "slow-start-started", "slow-start-ended")
                .doesNotContain("weight-changed");
    }

    @Test
    void aServerThatIsAddedStartsSlowlyAndThoseThatWereThereDoNot() {
        ServiceHandle service = addWithSlowStart(10);
        assertThat(service.server(a).snapshot().weight()).isEqualTo(10);
        service.add(RealServer.builder(b).weight(10).build());
        assertThat(countOfB(11)).isEqualTo(1);
        assertThat(director.apply(List.of(service.description())).isEmpty()).isTrue();
        time.advance(Duration.ofSeconds(5));
        assertThat(countOfB(15)).isEqualTo(5);
    }

    @Test
    void serversThatStartSlowlyTogetherCarryEverything() {
        ServiceHandle service = addWithSlowStart(10, 10);
        verdict(() -> health.fail(a), service.server(a), ServerState.DOWN);
        verdict(() -> health.fail(b), service.server(b), ServerState.DOWN);
        assertThat(picks(2)).isEqualTo("--");
        verdict(() -> health.pass(a), service.server(a), ServerState.UP);
        assertThat(picks(3)).isEqualTo("AAA");
        verdict(() -> health.pass(b), service.server(b), ServerState.UP);
        assertThat(countOfB(10)).isEqualTo(5);
    }

    @Test
    void aFailureDuringASlowStartTakesTheServerOutAndItStartsAgain() {
        ServiceHandle service = addWithSlowStart(10, 10);
        failAndReturn(service);
        time.advance(Duration.ofSeconds(5));
        verdict(() -> health.fail(b), service.server(b), ServerState.DOWN);
        time.advance(Duration.ofSeconds(10));
        assertThat(countOfB(5)).isZero();
        verdict(() -> health.pass(b), service.server(b), ServerState.UP);
        assertThat(countOfB(11)).isEqualTo(1);
    }

    @Test
    void anOperatorsWeightEndsASlowStartEvenIfItIsTheDescribedOne() {
        ServiceHandle service = addWithSlowStart(10, 10);
        failAndReturn(service);
        service.server(b).weight(10);
        assertThat(countOfB(20)).isEqualTo(10);
        failAndReturn(service);
        service.server(b).weight(0);
        time.advance(Duration.ofSeconds(10));
        assertThat(countOfB(5)).isZero();
    }

    private ServiceHandle addWithSlowStart(int... weights) {
        return add(
                service("wrr")
                        .slowStart(Duration.ofSeconds(10))
                        .healthCheck(TcpCheck.create())
                        .build(),
                weights);
    }

    private void failAndReturn(ServiceHandle service) {
        verdict(() -> health.fail(b), service.server(b), ServerState.DOWN);
        verdict(() -> health.pass(b), service.server(b), ServerState.UP);
    }

    /** Counts over whole rounds of {@code wrr}, so that it does not matter where in its round it is. */
    private long countOfB(int picks) {
        return picks(picks).chars().filter(letter -> letter == 'B').count();
    }

    private BackendHarness.Connection connectTo(ServerKey server) {
        while (true) {
            BackendHarness.Connection connection = connect(1).orElseThrow();
            if (connection.server().equals(server)) {
                return connection;
            }
            connection.close();
        }
    }
}
