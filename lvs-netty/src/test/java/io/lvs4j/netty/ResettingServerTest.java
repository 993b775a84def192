package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.OutlierDetection;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One of two servers resets its connections: whether that makes it an outlier. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
class ResettingServerTest {
    private static final OutlierDetection DETECTION = OutlierDetection.defaults();
    private static final int CLIENTS = 20;

    @Parameter
    Transport transport;

    private final ManualTime time = new ManualTime();
    private final List<DirectorEvent> events = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> servers = new ArrayList<>();
    private Director director;

    @BeforeEach
    void open() {
        director = Director.builder()
                .backend(NettyBackend.builder().transport(transport).threads(2).build())
                .ticker(time)
                .timers(time)
                .listener(events::add)
                .build();
    }

    @AfterEach
    void close() throws Exception {
        director.close();
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    private TestServer server(TestServer.Handler handler) {
        TestServer server = new TestServer("127.0.0.1", 0, handler);
        servers.add(server);
        return server;
    }

    private ServiceHandle serve(TestServer... members) {
        VirtualService.Builder service = VirtualService.builder()
                .listen(Lab.VIP, Lab.freePort(Lab.VIP))
                .scheduler("rr")
                .outlierDetection(DETECTION);
        for (TestServer server : members) {
            service.realServer(server.key().toString());
        }
        return director.add(service.build());
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    /** Lets clients send a byte each; returns how many got it back. */
    private static int served(ServiceHandle service) throws IOException {
        int served = 0;
        for (int i = 0; i < CLIENTS; i++) {
            try (Socket client = new Socket()) {
                client.setSoTimeout(Lab.TIMEOUT_MILLIS);
                client.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
                Lab.ping(client);
                served++;
                client.getOutputStream().write('.');
            } catch (SocketException e) {
                // reset
            }
        }
        return served;
    }

    private static void awaitEnd(ServiceHandle service, TestServer server) {
        await().until(() -> server.count() > 0 && Lab.counters(service, server).open() == 0);
    }

    private static ServerState state(ServiceHandle service, TestServer server) {
        return service.server(server.key()).snapshot().state();
    }

    @Test
    void aServerThatResetsEveryConnectionIsEjectedAndComesBackAfterItsInhibit() throws IOException {
        TestServer good = server(ResettingServerTest::echo);
        TestServer bad = server(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        });
        ServiceHandle service = serve(good, bad);

        assertThat(served(service)).isEqualTo(CLIENTS / 2);
        await().until(() -> Lab.counters(service, bad).resets() == CLIENTS / 2);
        assertThat(Lab.counters(service, bad).connectFailures()).isZero();
        assertThat(Lab.counters(service, good).resets()).isZero();
        time.advance(DETECTION.interval());

        assertThat(state(service, bad)).isEqualTo(ServerState.EJECTED);
        assertThat(served(service)).isEqualTo(CLIENTS);
        await().untilAsserted(() -> assertThat(events)
                .anyMatch(event -> event instanceof DirectorEvent.ServerEjected ejected
                        && ejected.cause().equals("10 of 10 connections failed, 10 of them by a reset, within PT10S")));
        time.advance(DETECTION.baseInhibit().minusMillis(1));
        assertThat(state(service, bad)).isEqualTo(ServerState.EJECTED);
        time.advance(Duration.ofMillis(1));
        assertThat(state(service, bad)).isEqualTo(ServerState.UP);
        assertThat(served(service)).isEqualTo(CLIENTS / 2);
    }

    /** The reset may be there before the connection has been seen to be established. */
    @Test
    void soIsOneThatResetsBeforeItIsAskedAnything() throws IOException {
        TestServer bad = server(socket -> socket.setSoLinger(true, 0));
        ServiceHandle service = serve(server(ResettingServerTest::echo), bad);
        served(service);
        await().until(() ->
                Lab.counters(service, bad).resets() + Lab.counters(service, bad).connectFailures() == bad.count());
        time.advance(DETECTION.interval());
        assertThat(state(service, bad)).isEqualTo(ServerState.EJECTED);
    }

    @Test
    void aServerThatAnswersAndThenResetsIsNot() throws IOException {
        TestServer abrupt = server(socket -> {
            socket.getOutputStream().write(socket.getInputStream().read());
            socket.getInputStream().read(); // the client has its answer
            socket.setSoLinger(true, 0);
        });
        ServiceHandle service = serve(server(ResettingServerTest::echo), abrupt);

        assertThat(served(service)).isEqualTo(CLIENTS);
        awaitEnd(service, abrupt);
        assertThat(Lab.counters(service, abrupt).resets()).isZero();
        time.advance(DETECTION.interval());
        assertThat(state(service, abrupt)).isEqualTo(ServerState.UP);
    }

    @Test
    void norIsOneWhoseClientsHaveEndedTheirStreamsOrReset() throws IOException {
        TestServer server = server(socket -> {
            try {
                socket.getInputStream().readAllBytes();
            } finally {
                socket.setSoLinger(true, 0);
            }
        });
        ServiceHandle service = serve(server(ResettingServerTest::echo), server);
        for (int i = 0; i < CLIENTS; i++) {
            try (Socket client = new Socket()) {
                client.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
                if (i < CLIENTS / 2) {
                    client.shutdownOutput();
                    await().until(() -> service.snapshot().servers().stream()
                            .allMatch(each -> each.counters().active() == 0));
                } else {
                    Lab.reset(client);
                }
            }
        }
        awaitEnd(service, server);
        assertThat(Lab.counters(service, server).resets()).isZero();
        time.advance(DETECTION.interval());
        assertThat(state(service, server)).isEqualTo(ServerState.UP);
    }
}
