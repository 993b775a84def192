package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectorSlowStartTest {
    private static final RealServer A =
            RealServer.builder("10.0.1.1", 80).weight(10).build();
    private static final RealServer B = RealServer.of("10.0.1.2", 80);

    private final FailingBackend backend = new FailingBackend();
    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
    private final Director director = Director.builder()
            .backend(backend)
            .healthMonitor(health)
            .ticker(time)
            .timers(time)
            .listener(events::add)
            .build();
    private final int pending = time.pending(); // the director's own look for repairs
    private final ServiceHandle service = director.add(VirtualService.builder()
            .listen("10.0.0.1", 80)
            .slowStart(Duration.ofSeconds(10))
            .healthCheck(TcpCheck.create())
            .realServer(A)
            .realServer(B)
            .build());

    @AfterEach
    void close() {
        backend.failing = false;
        director.close();
    }

    private int weightOfA() {
        int carried = backend.members(service.key()).get(0).weight();
        assertThat(service.server(A.key()).snapshot().weight()).isEqualTo(carried);
        return carried;
    }

    private void failAndReturn(RealServer server) {
        health.fail(server.key());
        health.pass(server.key());
        time.advance(Duration.ZERO);
    }

    private List<String> slowStartEvents(int count) {
        Patience.await(() -> slowStarts().size() >= count);
        return slowStarts();
    }

    private List<String> slowStarts() {
        return events.stream()
                .filter(event -> event.type().startsWith("slow-start"))
                .map(event -> event instanceof DirectorEvent.SlowStartStarted started
                        ? "started " + started.server() + " " + started.duration()
                        : "ended " + ((DirectorEvent.SlowStartEnded) event).server() + " "
                                + ((DirectorEvent.SlowStartEnded) event).weight())
                .toList();
    }

    @Test
    void theBackendHearsOfAStepOnlyWhenAWeightChanges() {
        failAndReturn(A);
        failAndReturn(B); // of weight 1, which cannot grow
        int updates = backend.updates;
        time.advance(Duration.ofMinutes(1));
        assertThat(backend.updates - updates).isEqualTo(9); // 2, 3 .. 10; the first tenth is 1 as before
        assertThat(time.pending()).isEqualTo(pending);
        assertThat(slowStartEvents(4))
                .containsExactly(
                        "started " + A.key() + " PT10S",
                        "started " + B.key() + " PT10S",
                        "ended " + A.key() + " 10",
                        "ended " + B.key() + " 1");
    }

    @Test
    void aStepThatFailsIsTakenLater() {
        failAndReturn(A);
        time.advance(Duration.ofSeconds(5));
        backend.failing = true;
        time.advance(Duration.ofSeconds(20));
        assertThat(weightOfA()).isEqualTo(5);
        backend.failing = false;
        time.advance(Duration.ofSeconds(1));
        assertThat(weightOfA()).isEqualTo(10);
        assertThat(time.pending()).isEqualTo(pending);
    }

    @Test
    void whatAnOperatorFailsToDoLeavesTheSlowStartAsItWas() {
        failAndReturn(A);
        time.advance(Duration.ofSeconds(5));
        backend.failing = true;
        assertThatThrownBy(() -> service.server(A.key()).startMaintenance()).isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> service.server(A.key()).drain(Duration.ofMinutes(1)))
                .isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> service.server(A.key()).weight(10)).isInstanceOf(BackendException.class);
        assertThat(weightOfA()).isEqualTo(5);
        backend.failing = false;
        time.advance(Duration.ofSeconds(2));
        assertThat(weightOfA()).isEqualTo(7);
    }

    @Test
    void aSlowStartThatIsInterruptedEndsWithWhatTheServerHasThen() {
        failAndReturn(A);
        service.server(A.key()).weight(4);
        failAndReturn(A);
        service.server(A.key()).startMaintenance();
        service.server(A.key()).endMaintenance();
        service.server(A.key()).remove();
        failAndReturn(B);
        service.remove();
        assertThat(slowStartEvents(8))
                .containsExactly(
                        "started " + A.key() + " PT10S",
                        "ended " + A.key() + " 4",
                        "started " + A.key() + " PT10S",
                        "ended " + A.key() + " 0",
                        "started " + A.key() + " PT10S",
                        "ended " + A.key() + " 0",
                        "started " + B.key() + " PT10S",
                        "ended " + B.key() + " 0");
        assertThat(time.pending()).isEqualTo(pending);
    }
}
