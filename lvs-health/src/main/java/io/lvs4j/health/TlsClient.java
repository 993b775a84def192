package io.lvs4j.health;

import io.lvs4j.check.Tls;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Speaks TLS to one server under one check. Thread-safe.
 *
 * <p>Every attempt gets a context of its own, and so an empty session cache: the server of a resumed session shows no
 * certificate, and one that has expired since would go unnoticed.
 */
final class TlsClient {
    private final String host;
    private final int port;
    private final boolean verified;
    private final TrustManager[] trust;
    private final List<SNIServerName> names;
    private final String[] protocols;

    /**
     * @param host the server's name or address, which its certificate must bear if it is verified
     * @param trust who vouches for a verified certificate; of others, who lets anything pass
     * @param protocols what to offer to speak inside (ALPN), best first; none = says nothing about it
     * @throws IllegalArgumentException if a host to be verified is neither an address nor a host name
     */
    TlsClient(String host, int port, Tls tls, TrustManagerFactory trust, String... protocols) {
        this.host = host;
        this.port = port;
        this.verified = tls == Tls.VERIFIED;
        this.trust = trust.getTrustManagers();
        this.names = names(host, verified);
        this.protocols = protocols.clone();
    }

    /** Returns what to call the server by; an address is no name (RFC 6066 section 3). */
    private static List<SNIServerName> names(String host, boolean verified) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            if (!verified) {
                return List.of(); // names with underscores are met; the server then shows its default certificate
            }
            throw new IllegalArgumentException(
                    "virtualHost: " + host + " (expected: a host name, because the certificate is verified)", e);
        }
    }

    SslHandler newHandler() {
        SslHandler handler = new SslHandler(newEngine());
        handler.setHandshakeTimeoutMillis(0); // the attempt's deadline covers it
        return handler;
    }

    private SSLEngine newEngine() {
        SSLEngine engine = newContext().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (verified) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setServerNames(names);
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLContext newContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot speak TLS", e);
        }
    }
}
