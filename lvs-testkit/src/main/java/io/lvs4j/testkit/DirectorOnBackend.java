package io.lvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.ServerHandle;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Backend;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A director on the backend under test, with three servers, a clock that stands still and checks that a script answers. */
abstract class DirectorOnBackend {
    static final Duration POLL = Duration.ofMillis(50); // the director looks after its drains this often

    final ManualTime time = new ManualTime();
    final ScriptedHealthMonitor health = new ScriptedHealthMonitor();
    final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
    final Map<ServerKey, String> letters = new HashMap<>();
    BackendHarness harness;
    Backend backend;
    Director director;
    ListenAddress address;
    ServerKey a;
    ServerKey b;
    ServerKey c;

    /** {@return a new harness; the suite closes it} */
    protected abstract BackendHarness createHarness();

    @BeforeEach
    void startDirector() {
        harness = createHarness();
        backend = harness.createBackend();
        director = Director.builder()
                .backend(backend)
                .healthMonitor(health)
                .ticker(time)
                .timers(time)
                .listener(events::add)
                .build();
        address = harness.freeListenAddress();
        a = server("A");
        b = server("B");
        c = server("C");
    }

    @AfterEach
    void closeDirector() {
        director.close();
        harness.close();
    }

    // ---------------------------------------------------------------- helpers

    ServerKey server(String letter) {
        ServerKey key = harness.startServer();
        letters.put(key, letter);
        return key;
    }

    VirtualService.Builder service(String scheduler) {
        return VirtualService.builder().listen(address).scheduler(scheduler);
    }

    ServiceHandle add(VirtualService service, int... weights) {
        List<ServerKey> servers = List.of(a, b, c);
        List<RealServer> described = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            described.add(RealServer.builder(servers.get(i)).weight(weights[i]).build());
        }
        return director.add(service.withRealServers(described));
    }

    Optional<BackendHarness.Connection> connect(int client) {
        return harness.connect(clientAddress(client), address);
    }

    /** Makes a connection that the harness ends. */
    void hold(int client) {
        assertThat(connect(client)).isPresent();
    }

    /** Makes a connection and ends it again; returns the server's letter, or - if it was refused. */
    String pick(int client) {
        Optional<BackendHarness.Connection> connection = connect(client);
        String letter = connection.map(this::letter).orElse("-");
        connection.ifPresent(BackendHarness.Connection::close);
        return letter;
    }

    String picks(int count) {
        StringBuilder sequence = new StringBuilder();
        for (int i = 0; i < count; i++) {
            sequence.append(pick(1));
        }
        return sequence.toString();
    }

    String holding(int count) {
        StringBuilder sequence = new StringBuilder();
        for (int i = 0; i < count; i++) {
            sequence.append(connect(1).map(this::letter).orElse("-"));
        }
        return sequence.toString();
    }

    String letter(BackendHarness.Connection connection) {
        return letters.getOrDefault(connection.server(), connection.server().toString());
    }

    static InetAddress clientAddress(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }

    void end(BackendHarness.Connection connection, ServiceHandle service, ServerKey server, int left) {
        connection.close();
        Patience.await(() -> service.server(server).snapshot().counters().open() == left);
    }

    void awaitIdle(ServiceHandle service) {
        Patience.await(() -> service.snapshot().servers().stream()
                .allMatch(server -> server.counters().open() == 0));
    }

    void pass(Duration duration) {
        harness.letPass(duration);
        time.advance(duration);
    }

    void verdict(Runnable script, ServerHandle server, ServerState state) {
        script.run();
        time.advance(Duration.ZERO); // the director works verdicts off on its timers
        assertThat(server.snapshot().state()).isEqualTo(state);
    }

    void awaitEvent(Class<? extends DirectorEvent> type) {
        Patience.await(() -> events.stream().anyMatch(type::isInstance));
    }

    List<String> eventTypes() {
        return events.stream().map(DirectorEvent::type).toList();
    }

    void awaitWhileAdvancing(CompletableFuture<?> future) {
        Patience.await(() -> {
            time.advance(POLL);
            return future.isDone();
        });
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
