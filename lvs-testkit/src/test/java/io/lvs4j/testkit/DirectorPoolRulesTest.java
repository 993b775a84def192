package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.OutlierDetection;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import io.lvs4j.spi.Backend;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectorPoolRulesTest {
    private static final ServerKey A = ServerKey.of("10.0.1.1", 80);
    private static final ServerKey B = ServerKey.of("10.0.1.2", 80);
    private static final ServerKey C = ServerKey.of("10.0.1.3", 80);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.9.9.9", 999);

    private final FailingBackend failing = new FailingBackend();
    private final HeadlessBackend headless = HeadlessBackend.create();
    private final ManualTime time = new ManualTime();
    private final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
    private Director director = direct(headless);

    private Director direct(Backend backend) {
        return Director.builder()
                .backend(backend)
                .healthMonitor(health)
                .ticker(time)
                .timers(time)
                .listener(events::add)
                .build();
    }

    private void useFailingBackend() {
        director.close();
        time.advance(Duration.ofSeconds(10)); // what the first one had scheduled is over
        director = direct(failing);
    }

    @AfterEach
    void close() {
        failing.failing = false;
        director.close();
    }

    private static VirtualService.Builder service() {
        return VirtualService.builder()
                .listen("10.0.0.1", 80)
                .scheduler("rr")
                .healthCheck(TcpCheck.create())
                .realServer(RealServer.builder(A).build())
                .realServer(RealServer.builder(B).build())
                .realServer(RealServer.builder(C).build());
    }

    private void fail(ServerKey server) {
        health.fail(server);
        time.advance(Duration.ZERO);
    }

    private void pass(ServerKey server) {
        health.pass(server);
        time.advance(Duration.ZERO);
    }

    private List<String> eventTypes(String last) {
        Patience.await(() -> events.stream().anyMatch(event -> event.type().equals(last)));
        return events.stream().map(DirectorEvent::type).toList();
    }

    @Test
    void aVerdictThatTheBackendFailsAtIsTriedAgainEverySecond() {
        useFailingBackend();
        int pending = time.pending();
        ServiceHandle service = director.add(service().build());
        failing.failing = true;
        fail(A);
        assertThat(service.server(A).snapshot().state()).isEqualTo(ServerState.DOWN);
        assertThat(service.server(A).snapshot().serving()).isTrue(); // it does, whatever it should
        assertThat(eventTypes("server-down")).contains("server-down");
        time.advance(Duration.ofSeconds(5));
        failing.failing = false;
        assertThat(failing.members(service.key()).get(0).serving()).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(failing.members(service.key()).get(0).serving()).isFalse();
        assertThat(service.server(A).snapshot().serving()).isFalse();
        assertThat(time.pending()).isEqualTo(pending);
    }

    @Test
    void theBackendHearsNothingOfVerdictsThatChangeNothing() {
        useFailingBackend();
        director.add(service().build());
        int updates = failing.updates;
        pass(A);
        pass(B);
        pass(A);
        assertThat(failing.updates).isEqualTo(updates);
        fail(B);
        fail(B);
        assertThat(failing.updates).isEqualTo(updates + 1);
    }

    @Test
    void omegaTellsTheEndOfAServiceAsTheEndOfItsServersAndItsQuorum() {
        ServiceHandle service = director.add(service().omega().build());
        fail(B);
        service.remove();
        assertThat(eventTypes("service-removed"))
                .containsSequence("server-down", "server-down", "server-down", "quorum-lost", "service-removed");
    }

    @Test
    void withoutOmegaTheEndOfAServiceIsToldOnce() {
        director.add(service().build()).remove();
        assertThat(eventTypes("service-removed")).doesNotContain("server-down", "quorum-lost");
    }

    @Test
    void aServiceThatBeginsWithoutWeightBeginsWithoutItsQuorum() {
        director.add(VirtualService.builder().listen("10.0.0.1", 80).build());
        assertThat(eventTypes("quorum-lost")).containsExactly("service-added", "quorum-lost");
    }

    @Test
    void goingOverToTheSorryServerAndBackLeavesNoMomentWithoutAServer() throws InterruptedException {
        ServiceHandle service =
                director.add(service().quorum(2).sorryServer("10.0.2.1:80").build());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger sorry = new AtomicInteger();
        Thread client = new Thread(() -> {
            while (!over.get()) {
                headless.acquire(service.key(), CLIENT)
                        .ifPresentOrElse(
                                lease -> {
                                    if (lease.server().equals(ServerKey.parse("10.0.2.1:80"))) {
                                        sorry.incrementAndGet();
                                    }
                                    lease.close();
                                },
                                refused::incrementAndGet);
            }
        });
        fail(A);
        client.start();
        for (int i = 0; i < 200; i++) {
            int before = sorry.get();
            fail(B);
            Patience.await(() -> sorry.get() > before);
            pass(B);
        }
        over.set(true);
        client.join();
        assertThat(refused).hasValue(0);
    }

    @Test
    void aServerThatConnectionsFailToIsEjectedAndGivenBack() {
        ServiceHandle service = director.add(
                service().outlierDetection(OutlierDetection.defaults()).build());
        for (int i = 0; i < 15; i++) {
            Lease lease = headless.acquire(service.key(), CLIENT).orElseThrow();
            if (lease.server().equals(B)) {
                lease.connectFailed();
            }
            lease.close();
        }
        time.advance(Duration.ofMillis(9_999));
        assertThat(service.server(B).snapshot().state()).isEqualTo(ServerState.UP);
        time.advance(Duration.ofMillis(1));
        assertThat(service.server(B).snapshot().state()).isEqualTo(ServerState.EJECTED);
        time.advance(Duration.ofSeconds(30));
        assertThat(service.server(B).snapshot().state()).isEqualTo(ServerState.UP);
        assertThat(eventTypes("server-returned")).containsSubsequence("server-ejected", "server-returned");
        assertThat(events)
                .anyMatch(event -> event instanceof DirectorEvent.ServerEjected ejected
                        && ejected.cause().equals("5 of 5 connections failed within PT10S"));
        service.update(service.description().toBuilder().noOutlierDetection().build());
    }

    @Test
    void anEmbedderSaysWhichConnectionsAServerHasReset() {
        ServiceHandle service = director.add(
                service().outlierDetection(OutlierDetection.defaults()).build());
        for (int i = 0; i < 15; i++) {
            Lease lease = headless.acquire(service.key(), CLIENT).orElseThrow();
            lease.established();
            if (lease.server().equals(B)) {
                lease.serverReset();
                lease.serverReset(); // once is enough
            }
            lease.close();
            lease.serverReset();
        }
        assertThat(service.server(B).snapshot().counters().resets()).isEqualTo(5);
        assertThat(service.server(B).snapshot().counters().open()).isZero();
        time.advance(Duration.ofSeconds(10));
        assertThat(service.server(B).snapshot().state()).isEqualTo(ServerState.EJECTED);
        assertThat(service.server(A).snapshot().state()).isEqualTo(ServerState.UP);
    }

    @Test
    void aListenerThatThrowsOrHangsHoldsUpNoChangeOfThePool() {
        CountDownLatch end = new CountDownLatch(1);
        director.addListener(event -> {
            throw new IllegalStateException("on purpose");
        });
        director.addListener(event -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ServiceHandle service =
                director.add(service().quorum(2).sorryServer("10.0.2.1:80").build());
        fail(A);
        fail(B);
        assertThat(headless.acquire(service.key(), CLIENT))
                .hasValueSatisfying(lease -> assertThat(lease.server()).hasToString("10.0.2.1:80"));
        end.countDown();
        assertThat(eventTypes("quorum-lost")).contains("server-down");
    }

    @Test
    void whatAReloadKeepsIsNotToldAgain() {
        VirtualService described =
                service().quorum(2).sorryServer("10.0.2.1:80").build();
        director.add(described);
        fail(A);
        fail(B);
        assertThat(director.apply(List.of(described)).isEmpty()).isTrue();
        ServiceHandle service = director.service(described.key());
        service.scheduler("wrr");
        assertThat(service.snapshot().quorum().held()).isFalse();
        assertThat(service.snapshot().sorryServer())
                .hasValueSatisfying(sorry -> assertThat(sorry.serving()).isTrue());
        service.update(service.description().toBuilder().quorum(1).build());
        assertThat(service.snapshot().quorum().held()).isTrue();
        assertThat(service.server(C).snapshot().serving()).isTrue();
        assertThat(eventTypes("quorum-gained"))
                .filteredOn(type -> type.startsWith("quorum"))
                .containsExactly("quorum-lost", "quorum-gained");
    }
}
