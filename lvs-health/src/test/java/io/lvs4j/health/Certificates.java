package io.lvs4j.health;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.RevocationServer;
import io.netty.pkitesting.X509Bundle;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/** An authority and the certificates it issues; all are for {@code auth.example.org}, 127.0.0.1 and ::1 unless they lie. */
final class Certificates {
    private final X509Bundle authority =
            base().subject("CN=Test CA").setIsCertificateAuthority(true).buildSelfSigned();

    Certificates() throws Exception {}

    TrustManagerFactory trust() {
        return authority.toTrustManagerFactory();
    }

    X509Bundle good() throws Exception {
        return server().buildIssuedBy(authority);
    }

    X509Bundle expired() throws Exception {
        Instant now = Instant.now();
        return server().notBefore(now.minus(Duration.ofDays(30)))
                .notAfter(now.minus(Duration.ofDays(1)))
                .buildIssuedBy(authority);
    }

    /** Revokes a certificate, and returns trust in the authority that looks at its list of revoked ones. */
    TrustManagerFactory trustThatLooksForRevocations(X509Bundle revoked) throws Exception {
        RevocationServer lists = RevocationServer.getInstance();
        lists.register(authority);
        lists.revoke(revoked, Instant.now());
        CRL list;
        try (InputStream in = lists.getCrlUri(authority).toURL().openStream()) {
            list = CertificateFactory.getInstance("X.509").generateCRL(in);
        }
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(Set.of(new TrustAnchor(authority.getCertificate(), null)), null);
        parameters.setRevocationEnabled(true);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(list))));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return factory;
    }

    X509Bundle ofAnotherName() throws Exception {
        return base().subject("CN=other.example.org")
                .addSanDnsName("other.example.org")
                .buildIssuedBy(authority);
    }

    static X509Bundle selfSigned() throws Exception {
        return server().setIsCertificateAuthority(true).buildSelfSigned();
    }

    /** Listens on a free port of 127.0.0.1 for TLS under a certificate. */
    static SSLServerSocket listening(X509Bundle certificate, String... applicationProtocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(applicationProtocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static CertificateBuilder server() {
        return base().subject("CN=auth.example.org")
                .addSanDnsName("auth.example.org")
                .addSanIpAddress("127.0.0.1")
                .addSanIpAddress("::1");
    }

    private static CertificateBuilder base() {
        return new CertificateBuilder().ecp256();
    }
}
