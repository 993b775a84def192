package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.check.TlsCheck;
import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProbeTest {
    private final Certificates certificates;
    private final NettyHealthMonitor monitor;
    private final TlsCheck.Builder check = TlsCheck.builder().warmup(Duration.ZERO);

    TlsProbeTest() throws Exception {
        certificates = new Certificates();
        monitor = NettyHealthMonitor.builder().trust(certificates.trust()).build();
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aRealServerPassesAndSeesAnOrderlyEnd(@TempDir Path directory) throws Exception {
        try (Nginx nginx = new Nginx(directory, certificates.good())) {
            assertThat(Asking.found(
                            monitor,
                            nginx.tls,
                            check.serverName("auth.example.org").build()))
                    .startsWith("handshake TLSv1.");
            assertThat(Asking.found(monitor, nginx.tlsAfterProxy, check.build(), Optional.of(ProxyProtocol.Version.V2)))
                    .startsWith("handshake TLSv1.");
            assertThat(nginx.log("error.log").lines()).noneMatch(line -> line.contains("reset"));
            assertThat(Asking.found(monitor, nginx.plain, check.build()))
                    .isEqualTo("tls: the server does not speak TLS");
        }
    }

    @Test
    void aCertificateThatIsNotGoodFailsUnlessAnyWillDo() throws Exception {
        check.serverName("auth.example.org");
        assertThat(found(certificates.expired())).startsWith("tls: certificate expired (NotAfter: ");
        assertThat(found(certificates.ofAnotherName())).startsWith("tls: certificate not accepted (");
        assertThat(found(Certificates.selfSigned())).startsWith("tls: certificate not trusted (");

        check.insecure();
        assertThat(found(certificates.expired())).startsWith("handshake ");
        assertThat(found(certificates.ofAnotherName())).startsWith("handshake ");
        assertThat(found(Certificates.selfSigned())).startsWith("handshake ");
    }

    @Test
    void aServerThatNeverShakesHandsFailsAtTheDeadline() throws Exception {
        check.connectTimeout(Duration.ofSeconds(1));
        try (Liar liar = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(Asking.found(monitor, liar.key(), check.build()))
                    .isEqualTo("tls: handshake not finished within 1s");
        }
        try (Liar liar = new Liar(Liar.dripping("\u0016\u0003\u0003@\u0000" + "\u0002".repeat(1000)))) {
            assertThat(Asking.found(monitor, liar.key(), check.build()))
                    .isEqualTo("tls: handshake not finished within 1s");
        }
    }

    @Test
    void anEndlessHandshakeFails() throws Exception {
        String record = "\u0016\u0003\u0003@\u0000\u0002\u00ff\u00ff\u00ff" + "\0".repeat(0x4000 - 4);
        try (Liar liar = new Liar(Liar.repeating(record, record))) {
            assertThat(Asking.found(monitor, liar.key(), check.build())).startsWith("tls: ");
        }
    }

    @Test
    void theServerHearsGoodbye() throws Exception {
        check.serverName("auth.example.org");
        try (Liar server = new Liar(Certificates.listening(certificates.good()), (self, client) -> {
            ((SSLSocket) client).startHandshake();
            self.noteEnding(client);
        })) {
            monitor.watch(server.key(), check.build(), (up, cause) -> {});
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("FIN");
        }
    }

    private String found(X509Bundle certificate) throws Exception {
        try (Liar server = new Liar(Certificates.listening(certificate), TlsProbeTest::shakeHands)) {
            return Asking.found(monitor, server.key(), check.build());
        }
    }

    private static void shakeHands(Liar self, Socket client) throws Exception {
        ((SSLSocket) client).startHandshake();
        self.noteEnding(client);
    }
}
