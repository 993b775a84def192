package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.GrpcCheck;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcProbeTest {
    private static final String SETTINGS = frame(4, 0, 0, "");
    private static final String OK_HEADERS = "\u0088\u000f\u0010\u0010application/grpc"; // :status 200, content-type

    private final Certificates certificates;
    private final NettyHealthMonitor monitor;

    GrpcProbeTest() throws Exception {
        certificates = new Certificates();
        monitor = NettyHealthMonitor.builder().trust(certificates.trust()).build();
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aRealServerSaysHowItsServicesAre() throws Exception {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("a.Good", ServingStatus.SERVING);
        health.setStatus("a.Bad", ServingStatus.NOT_SERVING);
        Server server = start(null, health);
        try {
            ServerKey key = key(server);
            assertThat(found(key, clear())).isEqualTo("SERVING");
            assertThat(found(key, clear().service("a.Good"))).isEqualTo("SERVING");
            assertThat(found(key, clear().service("a.Bad"))).isEqualTo("health: NOT_SERVING (expected: SERVING)");
            assertThat(found(key, clear().service("a.Missing"))).startsWith("call: NOT_FOUND (unknown service");
            health.enterTerminalState();
            assertThat(found(key, clear())).isEqualTo("health: NOT_SERVING (expected: SERVING)");
        } finally {
            stop(server);
        }
    }

    @Test
    void aServerWithoutHealthServiceFails() throws Exception {
        Server server = start(null, null);
        try {
            assertThat(found(key(server), clear())).startsWith("call: UNIMPLEMENTED (Method not found");
        } finally {
            stop(server);
        }
    }

    @Test
    void tlsIsVerifiedAndHttp2IsAgreedUpon() throws Exception {
        Server server = start(certificates.good(), new HealthStatusManager());
        try {
            assertThat(found(key(server), tls().serverName("auth.example.org"))).isEqualTo("SERVING");
            assertThat(found(key(server), tls())).isEqualTo("SERVING");
            assertThat(found(key(server), tls().serverName("other.example.org")))
                    .startsWith("tls: certificate not accepted");
        } finally {
            stop(server);
        }
        Server untrusted = start(Certificates.selfSigned(), new HealthStatusManager());
        try {
            assertThat(found(key(untrusted), tls())).startsWith("tls: certificate not trusted");
            assertThat(found(key(untrusted), tls().insecure())).isEqualTo("SERVING");
        } finally {
            stop(untrusted);
        }
        try (Liar other = new Liar(Certificates.listening(certificates.good(), "http/1.1"), (self, client) -> {
            ((SSLSocket) client).startHandshake();
            self.noteEnding(client);
        })) {
            assertThat(found(other.key(), tls())).startsWith("tls: ");
        }
        try (Liar mute = new Liar(Certificates.listening(certificates.good()), (self, client) -> {
            ((SSLSocket) client).startHandshake();
            self.noteEnding(client);
        })) {
            assertThat(found(mute.key(), tls())).isEqualTo("tls: the server does not agree to speak HTTP/2 (ALPN)");
        }
    }

    @Test
    void aProxyHeaderComesFirst() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            self.seen.add(new String(client.getInputStream().readNBytes(16 + 14), StandardCharsets.ISO_8859_1));
            self.noteEnding(client);
        })) {
            String unused = Asking.found(
                    monitor,
                    server.key(),
                    clear().connectTimeout(Duration.ofMillis(500)).build(),
                    Optional.of(ProxyProtocol.Version.V2));
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("\r\n\r\n\0\r\nQUIT\n \0\0\0PRI * HTTP/2.0");
        }
    }

    /** What a server says after its settings: type, flags, stream (ours is 3) and payload of a frame. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 5 | 3 | 8d                 | call: status 404 (expected: 200)
            1 | 5 | 3 | 88                 | call: content-type null (expected: application/grpc)
            3 | 0 | 3 | 00000007           | call: reset by the server (REFUSED_STREAM)
            7 | 0 | 0 | 0000000000000000   | call: refused, the server goes away (NO_ERROR)
            4 | 0 | 0 | 000000             | call: not HTTP/2 as it should be:
            0 | 0 | 0 | 00                 | call: not HTTP/2 as it should be:
            0 | 0 | 3 | 00                 | call: data before headers
            9 | 4 | 3 | 88                 | call: not HTTP/2 as it should be:
            1 | 4 | 3 | ffffffffffffffffff | call: not HTTP/2 as it should be:
            """)
    void whatIsNoAnswerFails(int type, int flags, int stream, String payload, String found) throws Exception {
        String bytes = new String(HexFormat.of().parseHex(payload), StandardCharsets.ISO_8859_1);
        assertThat(afterSettings(frame(type, flags, stream, bytes))).startsWith(found);
    }

    @Test
    void anAnswerWithoutTrailersOrOfTheWrongSizeFails() throws Exception {
        String headers = frame(1, 4, 3, OK_HEADERS);
        assertThat(afterSettings(headers + frame(0, 1, 3, "\0\0\0\0\2\u0008\1")))
                .isEqualTo("call: ended without trailers");
        assertThat(afterSettings(headers + frame(0, 0, 3, "x".repeat(2000))))
                .isEqualTo("call: answer larger than 1024 bytes");
        assertThat(afterSettings(
                        headers + frame(0, 0, 3, "\1\0\0\0\2\u0008\1") + frame(1, 5, 3, "\0\u000bgrpc-status\0010")))
                .isEqualTo("call: message: compressed, which was not offered (expected: HealthCheckResponse)");
    }

    @Test
    void otherProtocolsAreNotHttp2() throws Exception {
        try (Liar liar = new Liar((self, client) -> {
            Liar.send(client, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            self.noteEnding(client);
        })) {
            assertThat(found(liar.key(), clear())).startsWith("call: not HTTP/2 as it should be: ");
        }
    }

    @Test
    void floodsFail() throws Exception {
        assertThat(flood(SETTINGS, SETTINGS.repeat(100))).isEqualTo("call: more than 64 KiB");
        assertThat(flood(SETTINGS, frame(6, 0, 0, "12345678").repeat(100))).isEqualTo("call: more than 64 KiB");
        assertThat(flood(SETTINGS + frame(1, 0, 3, OK_HEADERS), frame(9, 0, 3, "\0\1a\1b".repeat(100))))
                .startsWith("call: ");
        assertThat(flood(SETTINGS, "\u00ff\u00ff\u00ff\0\0\0\0\0\3" + "x".repeat(1000)))
                .startsWith("call: not HTTP/2 as it should be: ");
    }

    @Test
    void silenceAndDrippingFailAtTheDeadline() throws Exception {
        GrpcCheck.Builder check = clear().connectTimeout(Duration.ofSeconds(1));
        try (Liar liar = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(found(liar.key(), check)).isEqualTo("call: no answer within 1s");
        }
        try (Liar liar = new Liar(Liar.dripping(SETTINGS))) {
            assertThat(found(liar.key(), check)).isEqualTo("call: no answer within 1s");
        }
    }

    private String afterSettings(String frames) throws Exception {
        try (Liar liar = new Liar((self, client) -> {
            client.getInputStream().readNBytes(60); // so that our stream is open
            Liar.send(client, SETTINGS + frames);
            self.noteEnding(client);
        })) {
            return found(liar.key(), clear());
        }
    }

    private String flood(String first, String then) throws Exception {
        try (Liar liar = new Liar((self, client) -> {
            client.getInputStream().readNBytes(60);
            Liar.repeating(first, then).talk(self, client);
        })) {
            return found(liar.key(), clear());
        }
    }

    private static GrpcCheck.Builder clear() {
        return GrpcCheck.plaintext().warmup(Duration.ZERO);
    }

    private static GrpcCheck.Builder tls() {
        return GrpcCheck.overTls().warmup(Duration.ZERO);
    }

    private String found(ServerKey server, GrpcCheck.Builder check) {
        return Asking.found(monitor, server, check.build());
    }

    private static ServerKey key(Server server) {
        return ServerKey.of("127.0.0.1", server.getPort());
    }

    private static Server start(X509Bundle certificate, HealthStatusManager health) throws Exception {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        if (certificate != null) {
            builder.sslContext(GrpcSslContexts.forServer(
                            pem(certificate.getCertificatePathPEM()), pem(certificate.getPrivateKeyPEM()))
                    .build());
        }
        if (health != null) {
            builder.addService(health.getHealthService());
        }
        return builder.build().start();
    }

    private static InputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void stop(Server server) throws InterruptedException {
        server.shutdownNow();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String frame(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return new String(new char[] {
                    (char) (length >> 16 & 0xff),
                    (char) (length >> 8 & 0xff),
                    (char) (length & 0xff),
                    (char) type,
                    (char) flags,
                    0,
                    0,
                    0,
                    (char) stream
                })
                + payload;
    }
}
