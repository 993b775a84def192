package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.spi.Backend;
import io.lvs4j.spi.Pool;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** With threads and timers of its own. */
class GatedBackendRaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<VirtualRouter> ROUTERS = List.of(
            ElectionDrive.router().name("one").address("127.0.0.5").build(),
            ElectionDrive.router().name("two").address("127.0.0.6").build());

    private final List<String> failures = new CopyOnWriteArrayList<>();

    private GatedBackend gate(Backend carrier, Duration drain) {
        return new GatedBackend(carrier, ROUTERS, drain, failed -> failures.add(failed.what()));
    }

    private static Pool pool(int service, int weight) {
        RealServer server = RealServer.builder("127.0.0.1", 8080).weight(weight).build();
        VirtualService described = VirtualService.builder()
                .listen(service % 2 == 0 ? "127.0.0.5" : "127.0.0.6", 10_000 + service)
                .realServer(server)
                .build();
        return new Pool(described, List.of(new Pool.Member(server, weight, true)));
    }

    @Test
    void routersAndTheDirectorDoNotMeetInTheCarrier() {
        TableCarrier carrier = new TableCarrier();
        GatedBackend gated = gate(carrier, Duration.ofMillis(1));
        Pool[] described = new Pool[6];
        described[0] = pool(0, 1);
        gated.add(described[0]);
        ServiceKey steady = described[0].service().key();
        AtomicBoolean goesOn = new AtomicBoolean(true);

        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (goesOn.get()) {
                gated.connections(steady, 10); // it is described all the time, so this never fails
                assertThat(gated.counters(steady).connections()).isNotNegative();
            }
        });
        CompletableFuture<Void> routing = CompletableFuture.runAsync(() -> {
            Random random = new Random(1);
            while (goesOn.get()) {
                gated.entered(
                        random.nextBoolean() ? "one" : "two",
                        random.nextBoolean() ? RouterState.MASTER : RouterState.BACKUP);
            }
        });
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            change(gated, described, 1 + random.nextInt(described.length - 1), random);
            gated.repair();
        }
        goesOn.set(false);
        looking.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        routing.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        gated.entered("one", RouterState.MASTER);
        gated.entered("two", RouterState.MASTER);

        assertThat(carrier.misuse).isEmpty();
        assertThat(failures).isEmpty();
        List<TableCarrier.Row> expected = new ArrayList<>();
        for (Pool pool : described) {
            if (pool != null) {
                expected.add(new TableCarrier.Row(pool, true));
            }
        }
        assertThat(carrier.rows.values()).containsExactlyInAnyOrderElementsOf(expected);
        gated.close();
    }

    private static void change(GatedBackend gated, Pool[] described, int service, Random random) {
        Pool pool = pool(service, random.nextInt(100));
        if (described[service] == null) {
            gated.add(pool);
            described[service] = pool;
        } else if (random.nextInt(3) == 0) {
            gated.remove(pool.service().key());
            described[service] = null;
        } else {
            gated.update(pool);
            described[service] = pool;
        }
    }

    @Test
    void itsOwnTimersTryAgainAndEnd() throws IOException {
        LoopbackHarness harness = new LoopbackHarness(
                Packets.address("127.0.0.5"), () -> gate(NettyBackend.create(), Duration.ofMillis(1)));
        GatedBackend gated = (GatedBackend) harness.createBackend();
        try (harness;
                Director director = Director.builder().backend(gated).build()) {
            ListenAddress address = harness.freeListenAddress();
            ServiceHandle service = director.add(VirtualService.builder()
                    .listen(address)
                    .realServer(RealServer.builder(harness.startServer()).build())
                    .build());
            try (ServerSocket occupied = new ServerSocket(address.firstPort(), 1, address.address())) {
                gated.entered("one", RouterState.MASTER);
                assertThat(failures).hasSize(1);
                assertThat(occupied.isBound()).isTrue();
            }
            await().atMost(PATIENCE)
                    .until(() -> harness.connect(Packets.address("127.0.0.1"), address)
                            .isPresent());
            assertThat(service.snapshot().connections()).isPositive();

            gated.entered("one", RouterState.FAULT);
            await().atMost(PATIENCE).until(() -> service.snapshot().connections() == 0);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("lvs-gate");
    }
}
