package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.testkit.ManualTime;
import io.lvs4j.testkit.ScriptedHealthMonitor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real director's events, of services that a script's checks decide on. */
class QuorumWatchTest {
    private static final ServerKey SERVER = ServerKey.of("10.1.0.1", 80);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "tcp 10.0.0.1:80";

    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final GatedBackend gated =
            new GatedBackend(HeadlessBackend.create(), List.of(), Duration.ZERO, failed -> {}, time, () -> {});
    private final Director director = Director.builder()
            .backend(gated)
            .healthMonitor(health)
            .ticker(time)
            .timers(time)
            .listener(new QuorumWatch(this::tell, gated::added))
            .build();

    private void tell(TrackerKind kind, String name, TrackerResult result) {
        assertThat(kind).isEqualTo(TrackerKind.SERVICE);
        assertThat(result.known()).isTrue();
        told.add(name + (result.fails() ? " down" : " up"));
    }

    @AfterEach
    void close() {
        director.close();
    }

    private static VirtualService.Builder service() {
        return VirtualService.builder().listen("10.0.0.1", 80);
    }

    private static VirtualService.Builder checked() {
        return service()
                .healthCheck(TcpCheck.create())
                .realServer(RealServer.builder(SERVER).build());
    }

    private void verdict(boolean up, ServerKey server) {
        if (up) {
            health.pass(server);
        } else {
            health.fail(server);
        }
        time.advance(Duration.ZERO);
    }

    /** All that is told, and that the service is down when the director has closed. */
    private void assertTold(String... states) {
        await().atMost(PATIENCE).until(() -> told.size() >= states.length);
        director.close();
        told.remove(told.size() - 1);
        assertThat(told)
                .containsExactly(List.of(states).stream()
                        .map(state -> NAME + " " + state)
                        .toArray(String[]::new));
    }

    @Test
    void aServiceIsUpWhileItHasItsQuorum() {
        director.add(checked().build());
        verdict(false, SERVER);
        verdict(true, SERVER);
        assertTold("up", "down", "up");
    }

    @Test
    void aServiceThatEndsIsDownAndUpWhenItIsThereAgain() {
        ServiceHandle service = director.add(checked().build());
        await().atMost(PATIENCE).until(() -> told.size() == 1);
        service.remove();
        await().atMost(PATIENCE).until(() -> told.size() == 2);
        director.add(checked().build());
        assertTold("up", "down", "up");
    }

    @Test
    void aServiceWhoseServersWaitForTheirChecksIsDownUntilItHasItsQuorum() {
        director.add(checked().alpha().build());
        verdict(false, SERVER);
        verdict(true, SERVER);
        assertTold("down", "up");
    }

    @Test
    void aServiceWithoutServersIsDownUntilThereIsOne() {
        ServiceHandle service = director.add(service()
                .realServer(RealServer.builder(SERVER).weight(0).build())
                .build());
        service.server(SERVER).weight(1);
        assertTold("down", "down", "up"); // added, and told that the quorum is lost
    }

    @Test
    void aChangeBeforeItsBeginningIsHeardDoesNotMatter() {
        CountDownLatch described = new CountDownLatch(1);
        director.addListener(event -> awaitUninterrupted(described));
        director.add(VirtualService.builder().listen("10.0.0.2", 80).build()); // holds up the thread of events

        ServiceHandle service = director.add(checked().build());
        service.update(service.description().toBuilder().alpha().build());
        described.countDown();

        await().atMost(PATIENCE).until(() -> told.contains(NAME + " up"));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Servers are numbers: their weight is the rest of 4; from 4 on they have a check, from 8 on it has to pass first. */
    @Property(tries = 100)
    void whatItTakesForTheBeginningIsTheDirectors(
            @ForAll @Size(max = 4) List<@IntRange(max = 11) Integer> servers,
            @ForAll boolean alpha,
            @ForAll @IntRange(min = 1, max = 8) int quorum,
            @ForAll @IntRange(max = 3) int hysteresis) {
        VirtualService.Builder described = service().quorum(quorum, hysteresis);
        for (int i = 0; i < servers.size(); i++) {
            described.realServer(server("10.1.0." + (1 + i), servers.get(i)));
        }
        if (alpha) {
            described.alpha();
        }
        QuorumWatchTest each = new QuorumWatchTest();
        try (Director director = each.director) {
            ServiceHandle service = director.add(described.build());
            boolean held = service.snapshot().quorum().held();
            await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> !each.told.isEmpty());
            assertThat(each.told.get(0)).isEqualTo(NAME + (held ? " up" : " down"));
        }
    }

    private static RealServer server(String address, int number) {
        RealServer.Builder server = RealServer.builder(address, 80).weight(number % 4);
        if (number >= 8) {
            server.healthCheck(TcpCheck.builder().alpha().build());
        } else if (number >= 4) {
            server.healthCheck(TcpCheck.create());
        }
        return server.build();
    }
}
