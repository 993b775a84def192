package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that do not behave: every check of them ends within its timeout, and says in words what happened. */
class LiarTest {
    /** For servers that let the deadline come. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** For servers that are found out before it, even if this machine stands still for a second. */
    private static final Duration LONG = Duration.ofSeconds(5);

    private static final HttpCheck HTTP = http(LONG);

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aServerThatStaysSilentFailsAtTheDeadline() throws IOException {
        try (Liar liar = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(inTime(liar, http(SHORT))).isEqualTo("response: no complete header within 1s");
        }
    }

    @Test
    void aServerThatDripsItsHeaderFailsAtTheDeadline() throws IOException {
        try (Liar liar = new Liar((self, client) -> {
            Liar.send(client, "HTTP/1.1 200 OK\r\nX: ");
            while (self.running()) {
                Liar.send(client, "x");
                self.pause(50);
            }
        })) {
            assertThat(inTime(liar, http(SHORT))).isEqualTo("response: no complete header within 1s");
        }
    }

    @Test
    void endlessHeadersFail() throws IOException {
        try (Liar liar = repeating("HTTP/1.1 200 OK\r\n", "X-Filler: " + "x".repeat(100) + "\r\n")) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: header larger than 16 KiB");
        }
    }

    @Test
    void anEndlessStatusLineFails() throws IOException {
        try (Liar liar = repeating("HTTP/1.1 200 ", "OK".repeat(100))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: header larger than 16 KiB");
        }
    }

    @Test
    void endlessInterimResponsesFailAtTheReadLimit() throws IOException {
        try (Liar liar = repeating("", "HTTP/1.1 100 Continue\r\nX: " + "x".repeat(1000) + "\r\n\r\n")) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: more than 64 KiB");
        }
    }

    @Test
    void anEndlessBodyIsNotReadToItsEnd() throws Exception {
        try (Liar liar = new Liar((self, client) -> {
            Liar.readRequest(client);
            Liar.send(client, "HTTP/1.1 200 OK\r\n\r\n");
            try {
                while (self.running()) {
                    Liar.send(client, "x".repeat(1000));
                }
            } catch (IOException e) {
                self.seen.add("cut off");
            }
        })) {
            assertThat(inTime(liar, HTTP)).isEqualTo("status 200");
            assertThat(liar.seen.poll(5, TimeUnit.SECONDS)).isEqualTo("cut off");
        }
    }

    @Test
    void aBodyThatDoesNotEndIsCutOffAfterASecond() throws Exception {
        try (Liar liar = new Liar((self, client) -> {
                    Liar.readRequest(client);
                    Liar.send(client, "HTTP/1.1 200 OK\r\n\r\n");
                    self.noteEnding(client);
                });
                var watch = monitor.watch(liar.key(), HTTP, (up, cause) -> {})) {
            assertThat(liar.seen.poll(5, TimeUnit.SECONDS)).isEqualTo("FIN");
            assertThat(watch.latest()).contains(CheckResult.passed("status 200"));
        }
    }

    @Test
    void garbageIsNotHttp() throws IOException {
        try (Liar liar = new Liar(Liar.answering("\u0000\u0001\u00ff garbage \u00fe\r\n\r\n"))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: not HTTP");
        }
    }

    @Test
    void anotherProtocolIsNotHttp() throws IOException {
        try (Liar liar = new Liar(Liar.answering("SSH-2.0-OpenSSH_9.2p1\r\n"))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: not HTTP");
        }
        try (Liar liar = new Liar(Liar.answering("RTSP/1.0 200 OK\r\n\r\n"))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: not HTTP");
        }
    }

    @Test
    void aServerThatClosesBeforeItsAnswerFails() throws IOException {
        try (Liar liar = new Liar((self, client) -> Liar.readRequest(client))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: closed before a status line");
        }
    }

    @Test
    void aServerThatClosesWithinTheHeaderFails() throws IOException {
        try (Liar liar = new Liar(Liar.answering("HTTP/1.1 200 OK\r\nContent-"))) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: closed within the header");
        }
    }

    @Test
    void aServerThatClosesAtOnceFails() throws IOException {
        try (Liar liar = new Liar((self, client) -> {})) {
            assertThat(inTime(liar, HTTP)).matches("(request|response): (closed|connection reset|broken pipe).*");
        }
    }

    @Test
    void aResetFails() throws IOException {
        try (Liar liar = new Liar((self, client) -> {
            Liar.readRequest(client);
            client.setSoLinger(true, 0);
        })) {
            assertThat(inTime(liar, HTTP)).isEqualTo("response: connection reset");
        }
    }

    @Test
    void aServerThatNeverShakesHandsFailsInTls() throws IOException {
        try (Liar liar = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(inTime(liar, tls(SHORT))).isEqualTo("tls: handshake not finished within 1s");
        }
    }

    @Test
    void aServerThatHangsUpDuringTheHandshakeFailsInTls() throws IOException {
        try (Liar liar = new Liar((self, client) -> client.getInputStream().readNBytes(100))) {
            assertThat(inTime(liar, tls(LONG))).matches("tls: (closed during the handshake|connection reset)");
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsFailsInTls() throws IOException {
        try (Liar liar = new Liar((self, client) -> {
            client.getInputStream().read();
            Liar.send(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
            self.noteEnding(client);
        })) {
            assertThat(inTime(liar, tls(LONG))).isEqualTo("tls: the server does not speak TLS");
        }
    }

    @Test
    void aPortThatNobodyListensOnFailsToConnect() throws IOException {
        Liar liar = new Liar(Liar.good());
        liar.close();

        assertThat(inTime(liar, tcp(LONG))).isEqualTo("connect: connection refused");
        assertThat(inTime(liar, HTTP)).isEqualTo("connect: connection refused");
    }

    @Test
    void aServerThatDropsConnectionsFailsToConnectAtTheDeadline() throws IOException {
        List<SocketChannel> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (int i = 0; i < 4; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
                fillers.add(filler);
            }
            var key = new ServerKey(full.getInetAddress(), full.getLocalPort());

            assertThat(Asking.found(monitor, key, tcp(SHORT))).isEqualTo("connect: no answer within 1s");
        } finally {
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    /** That it was in time shows in the words: a deadline that is late, or comes before the lie is found, reads otherwise. */
    private String inTime(Liar liar, HealthCheck check) {
        return Asking.found(monitor, liar.key(), check);
    }

    private static HttpCheck http(Duration timeout) {
        return HttpCheck.httpGet("/health")
                .connectTimeout(timeout)
                .warmup(Duration.ZERO)
                .build();
    }

    private static HttpCheck tls(Duration timeout) {
        return HttpCheck.sslGet("/health")
                .connectTimeout(timeout)
                .warmup(Duration.ZERO)
                .build();
    }

    private static TcpCheck tcp(Duration timeout) {
        return TcpCheck.builder().connectTimeout(timeout).warmup(Duration.ZERO).build();
    }

    private static Liar repeating(String first, String then) throws IOException {
        return new Liar((self, client) -> {
            Liar.readRequest(client);
            Liar.send(client, first);
            while (self.running()) {
                Liar.send(client, then);
            }
        });
    }
}
