package io.lvs4j.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Passes when a GET request is answered with an expected status: keepalived's {@code HTTP_GET}, and {@code SSL_GET} over
 * TLS. Redirects are answers like any other; they are not followed.
 *
 * @param path the path and query to ask for, starting with {@code /}
 * @param statuses the codes that pass; never empty
 * @param virtualHost the {@code Host} header, and the server name in TLS; empty = the server's address and port
 * @param tls whether and how TLS is spoken
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record HttpCheck(
        String path,
        List<StatusRange> statuses,
        Optional<String> virtualHost,
        Tls tls,
        CheckTarget target,
        CheckTiming timing)
        implements HealthCheck {

    /** Whether and how an HTTP check speaks TLS. */
    public enum Tls {
        /** Plain HTTP. */
        NONE,
        /** TLS; the certificate must be trusted by the JVM and bear the virtual host's name or the server's address. */
        VERIFIED,
        /** TLS with any certificate, as keepalived does. It proves that the server answers, not who it is. */
        INSECURE
    }

    /** Checks path, statuses and host. */
    public HttpCheck {
        checkPath(path);
        statuses = List.copyOf(statuses);
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("status: none (expected: at least one of 100..599)");
        }
        virtualHost.ifPresent(HttpCheck::checkHost);
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static void checkPath(String path) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(
                    "path: " + path + " (expected: a path starting with /, printable ASCII without spaces)");
        }
    }

    private static void checkHost(String host) {
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '/')) {
            throw new IllegalArgumentException("virtualHost: " + host + " (expected: a host name, optionally :port)");
        }
    }

    /**
     * {@return a builder of a check over plain HTTP (HTTP_GET), by default every 60 s, timeout 5 s, 1 retry after 3 s}
     *
     * @param path the path and query, starting with {@code /}
     */
    public static Builder httpGet(String path) {
        return new Builder(path, Tls.NONE);
    }

    /**
     * {@return a builder of a check over TLS (SSL_GET) that verifies the certificate}
     *
     * @param path the path and query, starting with {@code /}
     */
    public static Builder sslGet(String path) {
        return new Builder(path, Tls.VERIFIED);
    }

    /**
     * {@return whether a status code passes}
     *
     * @param status a status code
     */
    public boolean accepts(int status) {
        for (StatusRange range : statuses) {
            if (range.contains(status)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String describe() {
        return (tls == Tls.NONE ? "http " : "https ") + path;
    }

    /** {@return the codes that pass, as text such as {@code 200-299,304}} */
    public String statusText() {
        return statuses.stream().map(StatusRange::toString).collect(Collectors.joining(","));
    }

    /** Collects the settings of an HTTP check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private final String path;
        private final List<StatusRange> statuses = new ArrayList<>();
        private @Nullable String virtualHost;
        private Tls tls;

        private Builder(String path, Tls tls) {
            super(Duration.ofSeconds(3));
            checkPath(path);
            this.path = path;
            this.tls = tls;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a code that passes. Default, if none is added: 200-299.
         *
         * @param code 100..599
         * @return this
         */
        public Builder status(int code) {
            return status(code, code);
        }

        /**
         * Adds a range of codes that pass.
         *
         * @param first 100..599
         * @param last first..599
         * @return this
         */
        public Builder status(int first, int last) {
            statuses.add(new StatusRange(first, last));
            return this;
        }

        /**
         * Sets the {@code Host} header and, in TLS, the server name. Default: the server's address and port.
         *
         * @param host a host name, optionally with {@code :port}
         * @return this
         */
        public Builder virtualHost(String host) {
            checkHost(host);
            this.virtualHost = host;
            return this;
        }

        /**
         * Accepts any certificate, as keepalived does.
         *
         * @return this
         * @throws IllegalStateException if the check speaks plain HTTP
         */
        public Builder insecure() {
            if (tls == Tls.NONE) {
                throw new IllegalStateException("insecure: true (expected: only with sslGet, this is httpGet)");
            }
            this.tls = Tls.INSECURE;
            return this;
        }

        /** {@return the check} */
        public HttpCheck build() {
            return new HttpCheck(
                    path,
                    statuses.isEmpty() ? List.of(new StatusRange(200, 299)) : statuses,
                    Optional.ofNullable(virtualHost),
                    tls,
                    target(),
                    timing());
        }
    }
}
