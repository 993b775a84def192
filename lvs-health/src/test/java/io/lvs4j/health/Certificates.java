package io.lvs4j.health;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.time.Instant;
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

    X509Bundle ofAnotherName() throws Exception {
        return base().subject("CN=other.example.org")
                .addSanDnsName("other.example.org")
                .buildIssuedBy(authority);
    }

    static X509Bundle selfSigned() throws Exception {
        return server().setIsCertificateAuthority(true).buildSelfSigned();
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
