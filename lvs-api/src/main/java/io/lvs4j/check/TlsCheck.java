package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes when the server completes a TLS handshake, whatever it speaks inside; keepalived has no such check.
 *
 * @param serverName the name to ask for (SNI), which the certificate must bear; empty = none is asked for, and the certificate
 *     must bear the address
 * @param tls {@link Tls#VERIFIED} or {@link Tls#INSECURE}
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record TlsCheck(Optional<String> serverName, Tls tls, CheckTarget target, CheckTiming timing)
        implements HealthCheck {
    /** Checks the name. */
    public TlsCheck {
        serverName.ifPresent(name -> CheckText.checkHostName("serverName", name));
        if (Objects.requireNonNull(tls, "tls") == Tls.NONE) {
            throw new IllegalArgumentException("tls: NONE (expected: VERIFIED or INSECURE)");
        }
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    /** {@return a builder of a check that verifies the certificate, every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "tls";
    }

    /** Collects the settings of a TLS check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private @Nullable String serverName;
        private Tls tls = Tls.VERIFIED;

        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the name to ask for (SNI), which the certificate must bear. Default: none, the certificate must bear the address.
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
         */
        public Builder insecure() {
            this.tls = tls.insecure();
            return this;
        }

        /** {@return the check} */
        public TlsCheck build() {
            return new TlsCheck(Optional.ofNullable(serverName), tls, target(), timing());
        }
    }
}
