package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes when the server's own health service says {@code SERVING}: one call of {@code grpc.health.v1.Health/Check} over HTTP/2,
 * either in clear (with prior knowledge, RFC 9113 section 3.3) or over TLS with ALPN.
 *
 * @param service the service to ask about, printable ASCII without spaces; empty text = the server as a whole
 * @param serverName the authority of the call, and the server name in TLS, which the certificate must bear; empty = the address
 *     and port that are asked
 * @param tls whether and how TLS is spoken
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record GrpcCheck(String service, Optional<String> serverName, Tls tls, CheckTarget target, CheckTiming timing)
        implements HealthCheck {
    private static final int MAX_SERVICE = 1024;

    /** Checks the names. */
    public GrpcCheck {
        checkService(service);
        serverName.ifPresent(name -> CheckText.checkHostName("serverName", name));
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static void checkService(String service) {
        if (service.length() > MAX_SERVICE || service.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("service: " + service
                    + " (expected: a name such as package.Service, at most " + MAX_SERVICE
                    + " printable ASCII characters without spaces)");
        }
    }

    /** {@return a builder of a check in clear of the whole server, every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder plaintext() {
        return new Builder(Tls.NONE);
    }

    /** {@return a builder of a check of the whole server over TLS that verifies the certificate} */
    public static Builder overTls() {
        return new Builder(Tls.VERIFIED);
    }

    @Override
    public String describe() {
        return (tls == Tls.NONE ? "grpc" : "grpcs") + (service.isEmpty() ? "" : " " + service);
    }

    /** Collects the settings of a gRPC check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private String service = "";
        private @Nullable String serverName;
        private Tls tls;

        private Builder(Tls tls) {
            super(Duration.ofSeconds(1));
            this.tls = tls;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the service to ask about. Default: the server as a whole.
         *
         * @param name printable ASCII without spaces, at most 1024 characters
         * @return this
         */
        public Builder service(String name) {
            checkService(name);
            this.service = name;
            return this;
        }

        /**
         * Sets the authority of the call and, in TLS, the server name. Default: the address and port that are asked.
         *
         * @param name a host name
         * @return this
         */
        public Builder serverName(String name) {
            CheckText.checkHostName("serverName", name);
            this.serverName = name;
            return this;
        }

        /**
         * Accepts any certificate.
         *
         * @return this
         * @throws IllegalStateException if the check speaks in clear
         */
        public Builder insecure() {
            this.tls = tls.insecure();
            return this;
        }

        /** {@return the check} */
        public GrpcCheck build() {
            return new GrpcCheck(service, Optional.ofNullable(serverName), tls, target(), timing());
        }
    }
}
