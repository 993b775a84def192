package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients that say nothing, or one byte now and then, do not stay for longer than their deadline and the sweep after it. */
@Tag("size")
class SlowClientsTest extends TransportTest {
    private static final int CLIENTS = Integer.getInteger("lvs.promise.slow", 1_000);
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final byte[] BEGINNING = "PROXY TCP4 192.".getBytes(StandardCharsets.US_ASCII);

    @Test
    void whoIsSilentOrDripsAHeaderIsGoneAfterTheDeadline() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol("127.0.0.1"), server);
        int before = Resources.now().descriptors();
        List<Socket> clients = connect(service);
        awaitDescriptors(before + 2 * CLIENTS);
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < CLIENTS; i += 2) {
                clients.get(i).getOutputStream().write(BEGINNING[second]);
            }
            awaitSweep();
            assertThat(service.snapshot().refusals()).isEmpty();
            advance(second < 2 ? Duration.ofSeconds(1) : Duration.ofMillis(999));
        }
        awaitSweep();
        assertThat(service.snapshot().refusals()).isEmpty();

        advance(Duration.ofMillis(1)); // and no further

        await().untilAsserted(() ->
                assertThat(service.snapshot().refusals()).isEqualTo(Map.of(Refusal.PROXY_LATE, (long) CLIENTS)));
        assertThat(server.count()).isZero();
        awaitDescriptors(before + CLIENTS); // the clients' own
        requireReset(clients);
    }

    @Test
    void whoIsSilentIsGoneAfterTheIdleTimeout() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service =
                lab.serve(b -> b.timeouts(ConnectionTimeouts.defaults().withIdle(IDLE)), server);
        int before = Resources.now().descriptors();
        List<Socket> clients = connect(service);
        await().until(() -> Lab.counters(service, server).active() == CLIENTS);
        advance(IDLE.minusMillis(1));
        awaitSweep();
        assertThat(Lab.counters(service, server).open()).isEqualTo(CLIENTS);

        advance(Duration.ofMillis(1)); // and no further

        await().until(() -> Lab.counters(service, server).open() == 0);
        awaitDescriptors(before + 2 * CLIENTS); // the clients' and the server's own
        requireReset(clients);
    }

    private List<Socket> connect(ServiceHandle service) throws Exception {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(lab.connect(service));
        }
        return clients;
    }

    private static void awaitDescriptors(int count) {
        await().until(() -> Math.abs(Resources.now().descriptors() - count) <= 5);
    }

    private static void requireReset(List<Socket> clients) throws Exception {
        for (Socket client : clients) {
            assertThat(Lab.readAll(client).reset()).isTrue();
        }
    }
}
