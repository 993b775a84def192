package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.ConnectionLimits;
import io.lvs4j.Refusal;
import io.lvs4j.ServiceHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Who gets into a TCP service. The clock stands unless it is moved. */
class AdmissionTest extends TransportTest {
    private static final String A = "127.0.0.2";
    private static final String B = "127.0.0.3";
    private static final ConnectionLimits NONE = ConnectionLimits.defaults();

    private TestServer server;

    private ServiceHandle serve(UnaryOperator<io.lvs4j.VirtualService.Builder> settings) {
        server = lab.keep(TestServer.echo());
        return lab.serve(settings, server);
    }

    private Socket from(String source, ServiceHandle service) throws IOException {
        Socket socket = lab.keep(new Socket());
        socket.setSoTimeout(Lab.TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress(source, 0));
        socket.connect(Lab.addressOf(service), Lab.TIMEOUT_MILLIS);
        return socket;
    }

    /** A connection that is open, all the way to the server. */
    private Socket open(String source, ServiceHandle service) throws IOException {
        Socket socket = from(source, service);
        Lab.ping(socket);
        return socket;
    }

    private boolean isReset(String source, ServiceHandle service) throws IOException {
        try {
            return Lab.readAll(from(source, service)).reset();
        } catch (SocketException e) {
            return true;
        }
    }

    private static Map<Refusal, Long> refusals(ServiceHandle service) {
        return service.snapshot().refusals();
    }

    private void close(Socket socket, ServiceHandle service) throws IOException {
        int before = Lab.counters(service, server).open();
        Lab.reset(socket);
        await().until(() -> Lab.counters(service, server).open() < before);
    }

    // ---------------------------------------------------------------- access lists

    @Test
    void whoIsDeniedIsResetBeforeAServerHearsOfIt() throws Exception {
        ServiceHandle service = serve(b -> b.allow("127.0.0.0/29").deny(B));

        open(A, service);
        assertThat(isReset(B, service)).isTrue();
        assertThat(isReset("127.0.0.9", service)).isTrue();

        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.ACCESS_DENIED, 2L));
        assertThat(service.snapshot().refused()).isEqualTo(2);
        assertThat(service.snapshot().connections()).isEqualTo(1);
        assertThat(server.count()).isOne();
    }

    @Test
    void aConnectionStaysWhenItsSourceIsDenied() throws Exception {
        ServiceHandle service = serve(b -> b);
        Socket before = open(A, service);
        lab.edit(service, b -> b.deny(A));

        assertThat(isReset(A, service)).isTrue();
        Lab.ping(before);

        lab.edit(service, b -> b.access(io.lvs4j.AccessList.everybody()));
        open(A, service);
    }

    // ---------------------------------------------------------------- limits

    @Test
    void aFullServiceTurnsAwayUntilSomebodyLeaves() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerService(20)));
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(open("127.0.1." + (1 + i), service));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(isReset(A, service)).isTrue();
        }
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SERVICE_FULL, 5L));

        close(held.get(7), service);
        open(A, service);
        assertThat(isReset(A, service)).isTrue();
    }

    @Test
    void aSourceIsFullByItselfWhateverLoopItsConnectionsLandOn() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerSource(10)));
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(open(A, service));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(isReset(A, service)).isTrue();
        }
        open(B, service);
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SOURCE_FULL, 10L));

        close(held.get(3), service);
        open(A, service);
        assertThat(isReset(A, service)).isTrue();
    }

    @Test
    void aNetworkCanBeASource() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerSource(2).withSourcePrefixes(24, 64)));
        open("127.0.1.1", service);
        open("127.0.1.2", service);
        assertThat(isReset("127.0.1.3", service)).isTrue();
        open("127.0.2.3", service);
    }

    @Test
    void aSourceThatIsTooFastWaitsForItsBucket() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withNewPerSource(new ConnectionLimits.Rate(10, 3))));
        for (int i = 0; i < 3; i++) {
            open(A, service);
        }
        assertThat(isReset(A, service)).isTrue();
        open(B, service);
        advance(Duration.ofMillis(99));
        assertThat(isReset(A, service)).isTrue();
        advance(Duration.ofMillis(1));
        open(A, service);
        assertThat(isReset(A, service)).isTrue();
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SOURCE_RATE, 3L));
    }

    @Test
    void whoFindsTheServiceFullKeepsTheToken() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerService(1).withNewPerSource(1)));
        Socket held = open(B, service);
        for (int i = 0; i < 3; i++) {
            assertThat(isReset(A, service)).isTrue();
        }
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SERVICE_FULL, 3L));
        close(held, service);
        open(A, service);
    }

    @Test
    void whoFindsNoServerDoesNotCountAnyMore() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerService(1).withPerSource(1)));
        service.server(server.key()).weight(0);
        for (int i = 0; i < 5; i++) {
            assertThat(isReset(A, service)).isTrue();
        }
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.NO_SERVER, 5L));
        service.server(server.key()).weight(1);
        open(A, service);
    }

    // ---------------------------------------------------------------- changes

    @Test
    void newLimitsCountTheConnectionsThatThereAreAndCutNone() throws Exception {
        ServiceHandle service = serve(b -> b);
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            held.add(open(i < 4 ? A : B, service));
        }
        lab.edit(service, b -> b.limits(NONE.withPerService(7).withPerSource(3)));
        assertThat(isReset(A, service)).isTrue();
        open(B, service);
        assertThat(isReset("127.0.0.4", service)).isTrue();
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SOURCE_FULL, 1L, Refusal.SERVICE_FULL, 1L));
        for (Socket socket : held) {
            Lab.ping(socket);
        }

        close(held.get(0), service);
        assertThat(isReset(A, service)).isTrue(); // has three
        close(held.get(1), service);
        open(A, service);
    }

    @Test
    void limitsCanBeSwitchedOffAndOn() throws Exception {
        ServiceHandle service = serve(b -> b.limits(NONE.withPerSource(1)));
        Socket first = open(A, service);
        lab.edit(service, b -> b.limits(NONE));
        Socket second = open(A, service);
        lab.edit(service, b -> b.limits(NONE.withPerService(3)));
        open(B, service);
        assertThat(isReset(B, service)).isTrue();
        lab.edit(service, b -> b.limits(NONE.withPerSource(2)));
        assertThat(isReset(A, service)).isTrue();
        close(first, service);
        close(second, service);
        open(A, service);
        open(A, service);
        assertThat(isReset(A, service)).isTrue();
    }

    // ---------------------------------------------------------------- behind fronts

    private Socket proxied(String header, ServiceHandle service) throws IOException {
        Socket front = from("127.0.0.1", service);
        front.getOutputStream().write((header + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return front;
    }

    private static String header(String client) {
        return "PROXY TCP4 " + client + " 198.51.100.2 54321 443";
    }

    @Test
    void behindAFrontTheSourceIsTheHeaders() throws Exception {
        ServiceHandle service = serve(b -> b.acceptProxyProtocol("127.0.0.1")
                .allow("192.0.2.0/24")
                .limits(NONE.withPerSource(2).withNewPerSource(2)));
        for (int client = 1; client <= 10; client++) {
            Lab.ping(proxied(header("192.0.2." + client), service));
            Lab.ping(proxied(header("192.0.2." + client), service));
        }
        assertThat(Lab.readAll(proxied(header("192.0.2.1"), service)).reset()).isTrue();
        assertThat(Lab.readAll(proxied(header("203.0.113.1"), service)).reset()).isTrue();
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SOURCE_FULL, 1L, Refusal.ACCESS_DENIED, 1L));
    }

    @Test
    void aFrontsOwnConnectionsCountForTheServiceAlone() throws Exception {
        ServiceHandle service = serve(b -> b.acceptProxyProtocol("127.0.0.1")
                .deny("127.0.0.0/8")
                .limits(NONE.withPerService(5).withPerSource(1).withNewPerSource(1)));
        for (int i = 0; i < 5; i++) {
            Lab.ping(proxied("PROXY UNKNOWN", service));
        }
        assertThat(Lab.readAll(proxied("PROXY UNKNOWN", service)).reset()).isTrue();
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SERVICE_FULL, 1L));
    }

    @Test
    void whoeverIsWaitedForIsAdmittedByTheLimitsOfThen() throws Exception {
        ServiceHandle service = serve(b -> b.acceptProxyProtocol("127.0.0.1"));
        Socket waiting = from("127.0.0.1", service);
        Lab.ping(proxied(header("192.0.2.1"), service)); // another connection, so that the first has been accepted, too
        lab.edit(service, b -> b.limits(NONE.withPerSource(1)));
        waiting.getOutputStream().write((header("192.0.2.1") + "\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(Lab.readAll(waiting).reset()).isTrue();
        assertThat(refusals(service)).isEqualTo(Map.of(Refusal.SOURCE_FULL, 1L));
    }

    @Test
    void theEdgeProfileLimitsSourcesUnlessTheServiceSaysOtherwise() throws Exception {
        try (Lab edge = new Lab(
                NettyBackend.builder().transport(transport).threads(2).profile(Profile.EDGE),
                () -> 0)) { // no time passes
            TestServer echo = edge.keep(TestServer.echo());
            ServiceHandle silent = edge.serve(echo);
            ServiceHandle unlimited =
                    edge.serve(b -> b.limits(NONE.withNewPerSource(ConnectionLimits.UNLIMITED)), echo);
            for (int i = 0; i < 500; i++) {
                Lab.ping(edge.connect(silent));
                Lab.ping(edge.connect(unlimited));
            }

            assertThat(edge.isReset(silent)).isTrue();
            Lab.ping(edge.connect(unlimited));

            assertThat(refusals(silent)).containsExactly(Map.entry(Refusal.SOURCE_RATE, 1L));
        }
    }
}
