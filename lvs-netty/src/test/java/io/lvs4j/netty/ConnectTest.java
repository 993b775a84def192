package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Servers that cannot be reached. */
class ConnectTest extends TransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Duration NEVER = Duration.ofMinutes(10);

    @Test
    void aServerThatRefusesIsPassedOver() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServerKey refusing = Lab.key(lab.refusing());
        ServiceHandle service = lab.serve(with(refusing), server);

        for (int i = 0; i < 200; i++) {
            try (Socket client = lab.connect(service)) {
                Lab.ping(client);
            }
        }

        assertThat(server.count()).isEqualTo(200);
        var snapshot = service.snapshot();
        assertThat(snapshot.connections()).isEqualTo(200);
        assertThat(snapshot.refused()).isZero();
        assertThat(snapshot.server(refusing).counters().connectFailures()).isBetween(100L, 200L);
        assertThat(snapshot.server(refusing).counters().connections()).isZero();
    }

    @Test
    void withoutAnyServerTheClientIsReset() throws Exception {
        ServiceHandle service = lab.serve();

        assertThat(lab.isReset(service)).isTrue();

        await().untilAsserted(() -> assertThat(service.snapshot().refused()).isEqualTo(1));
    }

    @Test
    void whenAllServersRefuseTheClientIsResetAtOnce() throws Exception {
        ServerKey one = Lab.key(lab.refusing());
        ServerKey two = Lab.key(lab.refusing());
        ServiceHandle service = lab.serve(with(NEVER, one, two));

        for (int i = 0; i < 20; i++) {
            assertThat(lab.isReset(service)).isTrue(); // or its read would time out
        }

        assertThat(service.snapshot().refused()).isEqualTo(20);
        assertThat(service.snapshot().server(one).counters().connectFailures()).isEqualTo(20);
        assertThat(service.snapshot().server(one).counters().open()).isZero();
    }

    /** The promise is 20 ms; this bound is for machines that stand still at times. */
    @Test
    void whenAllServersRefuse99OutOf100ClientsAreResetWithinASecond() throws Exception {
        ServiceHandle service = lab.serve(with(NEVER, Lab.key(lab.refusing()), Lab.key(lab.refusing())));
        int clients = 300;
        long[] nanos = new long[clients];

        for (int i = 0; i < clients; i++) {
            long began = System.nanoTime();
            assertThat(lab.isReset(service)).isTrue();
            nanos[i] = System.nanoTime() - began;
        }

        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[clients * 99 / 100])).isLessThan(Duration.ofSeconds(1));
        assertThat(service.snapshot().refused()).isEqualTo(clients);
    }

    @Test
    void aSilentServerIsPassedOverAfterTheConnectTimeout() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServerKey silent = silent();
        ServiceHandle service = lab.serve(with(LIMIT, silent), server);

        Socket one = lab.connect(service);
        Socket other = lab.connect(service); // one of the two has to do with the silent server
        letConnectTimeoutPass(service, silent);
        Lab.ping(one);
        Lab.ping(other);

        assertThat(server.count()).isEqualTo(2);
        assertThat(service.snapshot().server(silent).counters().connectFailures())
                .isEqualTo(1);
    }

    @Test
    void aClientThatGoesWhileItsServerIsSilentCostsTheServerNothing() throws Exception {
        // A selector does not tell us of the reset.
        boolean told = transport == Transport.EPOLL;
        ServerKey silent = silent();
        ServiceHandle service = lab.serve(with(LIMIT, silent));
        Socket client = lab.connect(service);
        await().until(() -> service.snapshot().server(silent).counters().inactive() == 1);

        Lab.reset(client);
        if (!told) {
            advance(LIMIT);
        }

        await().until(() -> service.snapshot().server(silent).counters().open() == 0);
        long failures = service.snapshot().server(silent).counters().connectFailures();
        assertThat(failures).isEqualTo(told ? 0 : 1);
    }

    @Test
    void aServerThatSpeaksFirstIsHeardByASilentClient() throws Exception {
        TestServer server = lab.keep(new TestServer("127.0.0.1", 0, socket -> {
            socket.getOutputStream().write("welcome".getBytes(StandardCharsets.US_ASCII));
            socket.close();
        }));
        ServiceHandle service = lab.serve(server);

        for (int i = 0; i < 20; i++) {
            assertThat(Lab.readAll(lab.connect(service)).bytes()).asString().isEqualTo("welcome");
        }
    }

    @Test
    void whatTheClientSaidMeanwhileReachesTheServerThatAnswers() throws Exception {
        TestServer server = lab.server();
        ServerKey silent = silent();
        ServiceHandle service = lab.serve(with(LIMIT, silent), server);

        for (int i = 0; i < 2; i++) { // one of the two has to do with the silent server
            Socket client = lab.connect(service);
            client.getOutputStream().write(Lab.pattern(10_000, 0));
            client.shutdownOutput();
        }
        letConnectTimeoutPass(service, silent);

        for (int i = 0; i < 2; i++) {
            Lab.Received received = Lab.readAll(server.take());
            assertThat(received.reset()).isFalse();
            assertThat(received.bytes()).isEqualTo(Lab.pattern(10_000, 0));
        }
    }

    private void letConnectTimeoutPass(ServiceHandle service, ServerKey silent) {
        await().until(() -> service.snapshot().server(silent).counters().inactive() == 1);
        advance(LIMIT);
    }

    @Test
    void aServerThatIsRemovedWhileItIsSilentIsPassedOver() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServerKey silent = silent();
        ServiceHandle service = lab.serve(with(silent));
        Socket client = lab.connect(service);
        await().until(() -> service.snapshot().server(silent).counters().inactive() == 1);

        VirtualService.Builder next = VirtualService.builder().scheduler("rr");
        next.listen(Lab.VIP, Lab.addressOf(service).getPort());
        service.update(next.realServer(RealServer.builder(server.key()).build()).build());

        Lab.ping(client);
    }

    private static UnaryOperator<VirtualService.Builder> with(ServerKey server) {
        return b -> b.realServer(RealServer.builder(server).build());
    }

    private static UnaryOperator<VirtualService.Builder> with(Duration connectTimeout, ServerKey... servers) {
        return b -> {
            for (ServerKey server : servers) {
                b.realServer(RealServer.builder(server).build());
            }
            return b.timeouts(ConnectionTimeouts.defaults().withConnect(connectTimeout));
        };
    }

    private ServerKey silent() throws IOException {
        return lab.keep(new FullServer()).key();
    }
}
