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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real director's events, of services that a script's checks decide on. */
class QuorumWatchTest {
    private static final ServerKey SERVER = ServerKey.of("10.1.0.1", 80);
    private static final ServerKey OTHER = ServerKey.of("10.1.0.2", 80);
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

    /** All that is told until the director has closed, which is the last of it. */
    private void assertTold(String... states) {
        director.close();
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
        assertTold("up", "down", "up", "down");
    }

    @Test
    void aServiceThatEndsIsDown() {
        ServiceHandle service = director.add(checked().build());
        service.remove();
        await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 2);
        assertTold("up", "down");
    }

    @Test
    void aServiceWhoseServersAreNotTakenToBeUpIsDownUntilItHasItsQuorum() {
        director.add(checked().alpha().build());
        verdict(false, SERVER);
        verdict(true, SERVER);
        assertTold("down", "up", "down");
    }

    @Test
    void oneCheckThatHasToPassFirstIsEnoughForThat() {
        director.add(service()
                .realServer(RealServer.builder(SERVER).build())
                .realServer(RealServer.builder(OTHER)
                        .healthCheck(TcpCheck.builder().alpha().build())
                        .build())
                .build());
        verdict(true, OTHER);
        assertTold("down", "up", "down");
    }

    @Test
    void aServiceWithoutServersIsDownUntilThereIsOne() {
        ServiceHandle service = director.add(service()
                .realServer(RealServer.builder(SERVER).weight(0).build())
                .build());
        service.server(SERVER).weight(1);
        assertTold("down", "down", "up", "down");
    }

    @Test
    void aChangeBeforeItsBeginningIsHeardDoesNotMatter() {
        CountDownLatch described = new CountDownLatch(1);
        director.addListener(event -> awaitUninterrupted(described));
        director.add(VirtualService.builder().listen("10.0.0.2", 80).build()); // holds up the thread of events

        ServiceHandle service = director.add(checked().build());
        service.update(service.description().toBuilder().alpha().build());
        described.countDown();

        director.close();
        assertThat(told).containsSubsequence(NAME + " up", NAME + " down");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
