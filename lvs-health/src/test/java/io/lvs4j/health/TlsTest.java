package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ServerKey;
import io.lvs4j.check.HttpCheck;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TlsTest {
    private final Certificates certificates;
    private final NettyHealthMonitor monitor;
    private final HttpCheck.Builder check =
            HttpCheck.sslGet("/").warmup(Duration.ZERO).delayLoop(Duration.ofMillis(50));

    TlsTest() throws Exception {
        certificates = new Certificates();
        monitor = NettyHealthMonitor.builder().trust(certificates.trust()).build();
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aTrustedCertificateOfTheNamePasses() throws Exception {
        check.virtualHost("auth.example.org:443");
        try (Liar server = server("127.0.0.1", certificates.good())) {
            assertThat(found(server)).isEqualTo("status 200");
            assertThat(server.seen.take()).isEqualTo("name auth.example.org");
        }
    }

    @Test
    void aTrustedCertificateOfTheAddressPassesAndNoNameIsSent() throws Exception {
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            try (Liar server = server(address, certificates.good())) {
                assertThat(found(server)).isEqualTo("status 200");
                assertThat(server.seen.take()).isEqualTo("name ");
            }
        }
    }

    @Test
    void anotherNameFails() throws Exception {
        check.virtualHost("auth.example.org");
        try (Liar server = server("127.0.0.1", certificates.ofAnotherName())) {
            assertThat(found(server))
                    .startsWith("tls: certificate not accepted (No subject alternative DNS name matching"
                            + " auth.example.org found");
        }
    }

    @Test
    void anotherAddressFails() throws Exception {
        try (Liar server = server("127.0.0.1", certificates.ofAnotherName())) {
            assertThat(found(server)).startsWith("tls: certificate not accepted (No subject alternative names");
        }
    }

    @Test
    void aSelfSignedCertificateFails() throws Exception {
        try (Liar server = server("127.0.0.1", Certificates.selfSigned())) {
            assertThat(found(server)).startsWith("tls: certificate not trusted (");
        }
    }

    @Test
    void anExpiredCertificateFails() throws Exception {
        try (Liar server = server("127.0.0.1", certificates.expired())) {
            assertThat(found(server)).startsWith("tls: certificate expired (NotAfter: ");
        }
    }

    /** The JVM's own trust looks at no list: whoever wants it says which. */
    @Test
    void aRevokedCertificateFailsWhereTheTrustLooksAtAList() throws Exception {
        X509Bundle revoked = certificates.good();
        try (NettyHealthMonitor looking = NettyHealthMonitor.builder()
                        .trust(certificates.trustThatLooksForRevocations(revoked))
                        .build();
                Liar bad = server("127.0.0.1", revoked);
                Liar good = server("127.0.0.1", certificates.good())) {
            assertThat(Asking.found(looking, bad.key(), check.build()))
                    .startsWith("tls: certificate not accepted (Certificate has been revoked, ");
            assertThat(Asking.found(looking, good.key(), check.build())).isEqualTo("status 200");
        }
    }

    @Test
    void anUnknownAuthorityFailsWithTheJvmsOwnTrust() throws Exception {
        try (NettyHealthMonitor strict = NettyHealthMonitor.create();
                Liar server = server("127.0.0.1", certificates.good())) {
            assertThat(Asking.found(strict, server.key(), check.build())).startsWith("tls: certificate not trusted (");
        }
    }

    @Test
    void insecurePassesWithAnyCertificate() throws Exception {
        check.insecure().virtualHost("auth.example.org");
        for (X509Bundle certificate :
                new X509Bundle[] {Certificates.selfSigned(), certificates.expired(), certificates.ofAnotherName()}) {
            try (Liar server = server("127.0.0.1", certificate)) {
                assertThat(found(server)).isEqualTo("status 200");
            }
        }
    }

    @Test
    void oldProtocolsFail() throws Exception {
        try (Liar server = new Liar(socket("127.0.0.1", context(certificates.good()), "TLSv1.1"), TlsTest::answer)) {
            assertThat(found(server)).startsWith("tls: ");
        }
    }

    /** A resumed session would pass: its server shows no certificate. */
    @Test
    void everyAttemptLooksAtTheCertificateAnew() throws Exception {
        AtomicReference<X509ExtendedKeyManager> keys = new AtomicReference<>(keys(certificates.good()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new SwitchableKeys(keys)}, null, null);
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            keys.set(keys(certificates.good()));
            try (Liar server = new Liar(socket("127.0.0.1", context, protocol), TlsTest::answer)) {
                assertThat(found(server)).isEqualTo("status 200");

                keys.set(keys(certificates.expired()));

                assertThat(found(server)).startsWith("tls: certificate expired");
            }
        }
    }

    @Test
    void aVirtualHostThatIsNoHostNameIsRefused() {
        assertThatThrownBy(() -> monitor.watch(
                        ServerKey.of("127.0.0.1", 443), check.virtualHost("-").build(), (up, cause) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("virtualHost: -");
    }

    @Test
    void insecurePassesWithAHostThatIsNoHostName() throws Exception {
        check.insecure().virtualHost("old_intranet");
        try (Liar server = server("127.0.0.1", certificates.good())) {
            assertThat(found(server)).isEqualTo("status 200");
            assertThat(server.seen.take()).isEqualTo("name ");
        }
    }

    private String found(Liar server) {
        return Asking.found(monitor, server.key(), check.build());
    }

    private static Liar server(String address, X509Bundle certificate) throws Exception {
        return new Liar(socket(address, context(certificate)), TlsTest::answer);
    }

    private static void answer(Liar self, Socket client) throws Exception {
        SSLSocket tls = (SSLSocket) client;
        tls.startHandshake();
        self.seen.add("name "
                + ((ExtendedSSLSession) tls.getSession())
                        .getRequestedServerNames().stream()
                                .map(name -> ((SNIHostName) name).getAsciiName())
                                .collect(Collectors.joining()));
        Liar.readRequest(client);
        Liar.send(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    private static SSLServerSocket socket(String address, SSLContext context, String... protocols) throws Exception {
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName(address));
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    private static SSLContext context(X509Bundle certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return context;
    }

    private static X509ExtendedKeyManager keys(X509Bundle certificate) throws Exception {
        return (X509ExtendedKeyManager) certificate.toKeyManagerFactory().getKeyManagers()[0];
    }
}
