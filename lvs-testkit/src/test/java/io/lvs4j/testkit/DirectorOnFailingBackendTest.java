package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.ApplyException;
import io.lvs4j.BackendException;
import io.lvs4j.CloseReport;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.Director;
import io.lvs4j.DrainReport;
import io.lvs4j.Plan;
import io.lvs4j.RealServer;
import io.lvs4j.ServerHandle;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectorOnFailingBackendTest {
    private static final RealServer A = RealServer.of("10.0.1.1", 80);
    private static final RealServer B = RealServer.of("10.0.1.2", 80);

    private final FailingBackend backend = new FailingBackend();
    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final Director director = Director.builder()
            .backend(backend)
            .healthMonitor(health)
            .ticker(time)
            .timers(time)
            .build();

    @AfterEach
    void close() {
        backend.failing = false;
        backend.stuck.clear();
        director.close();
    }

    private static VirtualService service(int port) {
        return VirtualService.builder()
                .listen("10.0.0.1", port)
                .healthCheck(TcpCheck.create())
                .realServer(A)
                .realServer(B)
                .build();
    }

    @Test
    void changesDoNotWaitForAListOfConnections() {
        ServiceHandle service = director.add(service(80));
        CompletableFuture<ServiceHandle> change = new CompletableFuture<>();
        backend.whileListing = () -> {
            change.completeAsync(() -> director.add(service(81)));
            change.orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        };

        assertThat(service.connections(1)).isEqualTo(ConnectionEntries.none());

        assertThat(director.services()).hasSize(2);
    }

    @Test
    void aServiceThatCannotBeAddedLeavesNothingBehind() {
        backend.failing = true;
        assertThatThrownBy(() -> director.add(service(80)))
                .isInstanceOf(BackendException.class)
                .hasMessage("listen tcp 10.0.0.1:80: on purpose");
        assertThat(director.services()).isEmpty();
        assertThat(health.checksOf(A.key())).isEmpty();
        backend.failing = false;
        assertThat(director.add(service(80)).key()).isEqualTo(ServiceKey.tcp("10.0.0.1", 80));
    }

    @Test
    void anUpdateThatFailsChangesNothing() {
        ServiceHandle service = director.add(service(80));
        VirtualService before = service.description();
        backend.failing = true;
        assertThatThrownBy(() -> service.scheduler("rr")).isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> service.server(A.key()).weight(5)).isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> service.server(A.key()).remove()).isInstanceOf(BackendException.class);
        assertThat(service.description()).isEqualTo(before);
        assertThat(health.checksOf(A.key())).hasSize(1);
    }

    @Test
    void aServiceThatCannotBeRemovedGoesOn() {
        ServiceHandle service = director.add(service(80));
        CompletableFuture<DrainReport> drain = service.server(A.key()).drain(Duration.ofMinutes(1));
        backend.failing = true;
        assertThatThrownBy(service::remove).isInstanceOf(BackendException.class);
        assertThat(director.services()).extracting(ServiceHandle::key).containsExactly(service.key());
        assertThat(health.checksOf(B.key())).hasSize(1);
        assertThat(drain).isNotDone();
    }

    @Test
    void maintenanceAndDrainThatFailHaveNotBegun() {
        ServerHandle server = director.add(service(80)).server(A.key());
        backend.failing = true;
        assertThatThrownBy(server::startMaintenance).isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> server.drain(Duration.ofMinutes(1))).isInstanceOf(BackendException.class);
        assertThat(server.snapshot().state()).isEqualTo(ServerState.UP);
        backend.failing = false;
        server.startMaintenance();
        backend.failing = true;
        assertThatThrownBy(server::endMaintenance).isInstanceOf(BackendException.class);
        assertThat(server.snapshot().state()).isEqualTo(ServerState.MAINTENANCE);
    }

    @Test
    void aDrainedServerThatCannotBeRemovedIsRemovedLater() {
        ServiceHandle service = director.add(service(80));
        CompletableFuture<DrainReport> drain = service.server(A.key()).drain(Duration.ofMinutes(1));
        assertThat(backend.members(service.key()).get(0).weight()).isZero();
        backend.failing = true;
        time.advance(Duration.ofSeconds(5));
        assertThat(drain).isNotDone();
        assertThat(service.server(A.key()).snapshot().state()).isEqualTo(ServerState.DRAINING);
        backend.failing = false;
        time.advance(Duration.ofSeconds(1));
        assertThat(drain.orTimeout(10, TimeUnit.SECONDS).join().outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
        assertThat(service.description().realServers()).containsExactly(B);
    }

    @Test
    void aDrainWhoseConnectionsCannotBeCountedGoesOn() {
        ServiceHandle service = director.add(service(80));
        backend.uncountable = true;
        CompletableFuture<DrainReport> drain = service.server(A.key()).drain(Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(5));
        assertThat(drain).isNotDone();
        backend.uncountable = false;
        time.advance(Duration.ofSeconds(1));
        assertThat(drain.orTimeout(10, TimeUnit.SECONDS).join().outcome()).isEqualTo(DrainReport.Outcome.DRAINED);
    }

    @Test
    void applyingATableIsAllOrNothingPerService() {
        director.add(service(80));
        backend.failing = true;
        VirtualService changed = service(80).withRealServer(A.withWeight(7));
        ApplyException failure =
                catchThrowableOfType(ApplyException.class, () -> director.apply(List.of(changed, service(81))));
        assertThat(failure.failures())
                .containsOnlyKeys(changed.key(), service(81).key());
        assertThat(failure.plan().changes()).hasSize(2);
        assertThat(director.services()).hasSize(1);
        assertThat(director.services().get(0).description()).isEqualTo(service(80));
    }

    @Test
    void aServiceThatCannotBeRemovedIsReportedAndTheRestOfTheTableApplied() {
        ServiceHandle stuck = director.add(service(80));
        director.add(service(81));
        director.add(service(82));
        CompletableFuture<DrainReport> drain = stuck.server(A.key()).drain(Duration.ofMinutes(1));
        backend.stuck.add(stuck.key());
        VirtualService changed = service(82).withRealServer(A.withWeight(7));
        ApplyException failure =
                catchThrowableOfType(ApplyException.class, () -> director.apply(List.of(changed, service(83))));
        assertThat(failure).hasMessage("remove tcp 10.0.0.1:80: on purpose");
        assertThat(failure.failures()).containsOnlyKeys(stuck.key());
        assertThat(failure.plan().changes()).hasSize(4);
        assertThat(director.services())
                .extracting(ServiceHandle::description)
                .containsExactly(service(80), changed, service(83));
        assertThat(drain).isNotDone();
    }

    @Test
    void aServiceWhoseRemovalFailedCanBeRemovedAgain() {
        VirtualService stuck = director.add(service(80)).description();
        backend.stuck.add(stuck.key());
        assertThatThrownBy(() -> director.apply(List.of())).isInstanceOf(ApplyException.class);
        assertThat(health.checksOf(A.key())).hasSize(1);
        backend.stuck.clear();
        assertThat(director.apply(List.of()).changes()).containsExactly(new Plan.RemoveService(stuck.key()));
        assertThat(director.services()).isEmpty();
        assertThat(health.checksOf(A.key())).isEmpty();
        assertThat(backend.pools).isEmpty();
    }

    @Test
    void anAddressOfAServiceThatCouldNotBeRemovedIsNotGivenToAnother() {
        VirtualService stuck = director.add(service(80)).description();
        VirtualService wider = service(80).toBuilder().listen("10.0.0.1", 81).build();
        backend.stuck.add(stuck.key());
        ApplyException failure = catchThrowableOfType(ApplyException.class, () -> director.apply(List.of(wider)));
        assertThat(failure.failures()).containsOnlyKeys(stuck.key(), wider.key());
        assertThat(failure.failures().get(wider.key()))
                .hasMessage("add tcp 10.0.0.1:80,10.0.0.1:81: tcp 10.0.0.1:80 still has an address of it,"
                        + " for it could not be removed");
        assertThat(backend.pools).containsOnlyKeys(stuck.key());
    }

    @Test
    void aTableThatContradictsItselfChangesNothing() {
        director.add(service(80));
        assertThatThrownBy(() -> director.apply(List.of(service(81), service(81))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service: tcp 10.0.0.1:81 (expected: each service once)");
        assertThat(director.services()).hasSize(1);
    }

    @Test
    void aDirectorWhoseBackendCannotStartLeavesNoThreadBehind() {
        FailingBackend broken = new FailingBackend();
        broken.failing = true;
        assertThatThrownBy(() -> Director.builder().backend(broken).build()).isInstanceOf(BackendException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("lvs-director"));
    }

    @Test
    void aVerdictThatCannotBeCarriedOutIsKeptForTheNextChange() {
        ServiceHandle service = director.add(service(80));
        backend.failing = true;
        health.fail(A.key());
        time.advance(Duration.ZERO);
        backend.failing = false;
        service.server(B.key()).weight(2);
        assertThat(backend.members(service.key()).get(0).serving()).isFalse();
    }

    @Test
    void repairsGoOnWhateverALookThrows() {
        Error error = new AssertionError("on purpose");
        backend.brokenLooks.add(new IllegalStateException("on purpose"));
        backend.brokenLooks.add(error);
        time.advance(FailingBackend.REPAIR_INTERVAL);
        assertThat(backend.looks).isEqualTo(1);
        assertThatThrownBy(() -> time.advance(FailingBackend.REPAIR_INTERVAL)).isSameAs(error);
        time.advance(FailingBackend.REPAIR_INTERVAL);
        assertThat(backend.looks).isEqualTo(3);
    }

    @Test
    void anotherKeyIsAnotherService() {
        ServiceHandle service = director.add(service(80));
        assertThatThrownBy(() -> service.update(service(81)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key: tcp 10.0.0.1:81 (expected: tcp 10.0.0.1:80");
    }

    @Test
    void aDeadlineIsNeitherNegativeNorForever() {
        ServerHandle server = director.add(service(80)).server(A.key());
        assertThatThrownBy(() -> server.drain(Duration.ofSeconds(-1)))
                .hasMessage("drain deadline: PT-1S (expected: PT0S..PT744H)");
        assertThatThrownBy(() -> director.closeGracefully(Duration.ofDays(32)))
                .hasMessage("close deadline: PT768H (expected: PT0S..PT744H)");
    }

    @Test
    void closingFreesEverythingWhateverTheBackendFailsAt() {
        director.add(service(80));
        director.add(service(81));
        CompletableFuture<CloseReport> graceful = director.closeGracefully(Duration.ofMinutes(1));
        backend.failing = true;
        backend.uncountable = true;

        assertThatThrownBy(director::close)
                .isInstanceOf(BackendException.class)
                .hasMessage("close backend: on purpose");

        assertThat(backend.pools).isEmpty();
        assertThat(health.checksOf(A.key())).isEmpty();
        assertThat(graceful).isCompletedExceptionally();
        assertThatThrownBy(director::services).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aGracefulCloseEndsAtItsDeadlineAlsoWhenNothingCanBeCounted() {
        director.add(service(80));
        backend.uncountable = true;
        CompletableFuture<CloseReport> graceful = director.closeGracefully(Duration.ofMinutes(1));
        time.advance(Duration.ofSeconds(30));
        assertThat(graceful).isNotDone();
        backend.uncountable = false;
        backend.stuck.add(ServiceKey.tcp("10.0.0.1", 80));

        time.advance(Duration.ofSeconds(30));

        assertThat(graceful).isCompleted();
        assertThat(backend.pools).isEmpty();
    }
}
