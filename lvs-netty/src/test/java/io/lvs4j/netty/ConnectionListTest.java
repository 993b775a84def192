package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.ConnectionTimeouts;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is listed of connections, in which state and for how long. The clock stands unless it is moved. */
class ConnectionListTest extends TransportTest {
    private static final ConnectionTimeouts TIMEOUTS = ConnectionTimeouts.defaults()
            .withConnect(Duration.ofSeconds(7))
            .withIdle(Duration.ofMinutes(10))
            .withHalfClosed(Duration.ofMinutes(1));

    private static List<ConnectionEntry> listed(ServiceHandle service) {
        return service.connections(ConnectionEntries.MAX).entries();
    }

    private static void awaitState(ServiceHandle service, String state) {
        await().untilAsserted(() ->
                assertThat(listed(service)).extracting(ConnectionEntry::state).containsExactly(state));
    }

    @Test
    void aConnectionIsListedWithItsEndsAndWhatIsLeftOfItsTime() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(service);
        server.take();
        awaitState(service, "ESTABLISHED");
        awaitSweep();
        advance(Duration.ofMinutes(4));
        assertThat(listed(service))
                .containsExactly(new ConnectionEntry(
                        "TCP",
                        (InetSocketAddress) client.getLocalSocketAddress(),
                        Lab.addressOf(service),
                        server.address(),
                        "ESTABLISHED",
                        Duration.ofMinutes(6)));
    }

    @Test
    void whoHasEndedItsStreamIsToldByTheState() throws Exception {
        TestServer server = lab.server();
        ServiceHandle byClient = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket client = lab.connect(byClient);
        Socket atServer = server.take();
        client.shutdownOutput();
        awaitState(byClient, "CLOSE_WAIT");
        assertThat(listed(byClient)).allMatch(entry -> entry.expiresIn().equals(Duration.ofMinutes(1)));
        atServer.close();
        await().until(() -> listed(byClient).isEmpty());

        ServiceHandle byServer = lab.serve(b -> b.timeouts(TIMEOUTS), server);
        Socket other = lab.connect(byServer);
        server.take().shutdownOutput();
        awaitState(byServer, "FIN_WAIT");
        other.close();
        await().until(() -> listed(byServer).isEmpty());
    }

    @Test
    void whoWaitsForAServerIsListedWithIt() throws Exception {
        FullServer silent = lab.keep(new FullServer());
        ServiceHandle service = lab.serve(b ->
                b.timeouts(TIMEOUTS).realServer(RealServer.builder(silent.key()).build()));
        lab.connect(service);
        awaitState(service, "SYN_RECV");
        advance(Duration.ofSeconds(2));
        assertThat(listed(service)).allSatisfy(entry -> {
            assertThat(entry.destination()).isEqualTo(silent.key().socketAddress());
            assertThat(entry.expiresIn()).isEqualTo(Duration.ofSeconds(5));
        });
    }

    @Test
    void whoHasNotSaidWhatItMustIsNotListed() throws Exception {
        TestServer server = lab.server();
        ServiceHandle service = lab.serve(b -> b.acceptProxyProtocol("127.0.0.0/8"), server);
        Socket front = lab.connect(service);
        Socket another = lab.connect(service);
        front.getOutputStream()
                .write("PROXY TCP4 192.0.2.1 198.51.100.2 54321 443\r\n".getBytes(StandardCharsets.US_ASCII));
        server.take();
        awaitState(service, "ESTABLISHED");
        assertThat(listed(service))
                .extracting(ConnectionEntry::client, ConnectionEntry::virtual)
                .containsExactly(
                        tuple(new InetSocketAddress("192.0.2.1", 54321), new InetSocketAddress("198.51.100.2", 443)));
        assertThat(another.isConnected()).isTrue();
    }

    @Test
    void manyAreListedOnceEachWhileOthersComeAndGo() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle service = lab.serve(server);
        List<InetSocketAddress> staying = new ArrayList<>();
        for (int i = 0; i < 700; i++) { // more than a loop makes entries of at a time
            Socket client = lab.connect(service);
            Lab.ping(client);
            staying.add((InetSocketAddress) client.getLocalSocketAddress());
        }
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> coming = CompletableFuture.runAsync(() -> comeAndGo(service, over));
        for (int i = 0; i < 20; i++) {
            assertThat(listed(service))
                    .extracting(ConnectionEntry::client)
                    .doesNotHaveDuplicates()
                    .containsAll(staying);
        }
        over.set(true);
        coming.get(Lab.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        await().until(() -> listed(service).size() == staying.size());
        ConnectionEntries some = service.connections(300);
        assertThat(some.entries()).hasSize(300);
        assertThat(some.more()).isEqualTo(400);
    }

    private static void comeAndGo(ServiceHandle service, AtomicBoolean over) {
        while (!over.get()) {
            try (Socket client = new Socket()) {
                client.setSoTimeout(Lab.TIMEOUT_MILLIS);
                client.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
                Lab.ping(client);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void anotherServicesConnectionsAreNotListed() throws Exception {
        TestServer server = lab.keep(TestServer.echo());
        ServiceHandle busy = lab.serve(server);
        ServiceHandle idle = lab.serve(server);
        Lab.ping(lab.connect(busy));
        assertThat(listed(busy)).hasSize(1);
        assertThat(listed(idle)).isEmpty();
    }
}
