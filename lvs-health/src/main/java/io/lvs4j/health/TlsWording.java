package io.lvs4j.health;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Failures of a TLS handshake in words for an operator; the JVM's own begin with the layer that noticed. */
final class TlsWording {
    static final String CLOSED = "closed during the handshake";

    private TlsWording() {}

    static String of(Throwable failure) {
        Throwable root = Wording.rootOf(failure);
        String kind = kindOf(root);
        return kind == null ? Wording.of(root) : kind;
    }

    private static @Nullable String kindOf(Throwable root) {
        String message = String.valueOf(root.getMessage());
        if (root instanceof CertificateExpiredException) {
            return "certificate expired (" + message + ")";
        }
        if (root instanceof CertificateNotYetValidException) {
            return "certificate not valid yet (" + message + ")";
        }
        if (root instanceof CertPathBuilderException || root instanceof CertPathValidatorException) {
            return "certificate not trusted (" + message + ")";
        }
        if (root instanceof CertificateException) {
            return "certificate not accepted (" + message + ")"; // above all: it bears another name
        }
        if (root instanceof NotSslRecordException) {
            return "the server does not speak TLS";
        }
        if (root instanceof ClosedChannelException || message.startsWith("Connection closed while")) {
            return CLOSED;
        }
        return null;
    }
}
