package io.lvs4j.check;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Passes when GET requests are answered as expected: keepalived's {@code HTTP_GET}, and {@code SSL_GET} over TLS. Redirects are
 * answers like any other; they are not followed.
 *
 * <p>All pages are asked for in every attempt, one after the other, each over a connection of its own, until one fails; the
 * timeout is for all of them together. keepalived asks for one page per delay loop, so that a page fails unseen for longer the
 * more there are.
 *
 * @param urls the pages to ask for, in this order; 1..64
 * @param version the version of the requests
 * @param virtualHost the {@code Host} header of pages without one of their own, and the server name in TLS; empty = the
 *     address and port that are asked
 * @param serverName the server name in TLS, which the certificate must bear; empty = the page's virtual host
 * @param headers what the requests bear besides; at most 64
 * @param tls whether and how TLS is spoken
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record HttpCheck(
        List<HttpUrl> urls,
        Version version,
        Optional<String> virtualHost,
        Optional<String> serverName,
        List<HttpHeader> headers,
        Tls tls,
        CheckTarget target,
        CheckTiming timing)
        implements HealthCheck {

    private static final int MAX_URLS = 64;
    private static final int MAX_HEADERS = 64;

    /** The version of a request; servers may answer in another. */
    public enum Version {
        /** HTTP/1.0, keepalived's default, for servers that know no other. */
        HTTP_1_0("HTTP/1.0"),
        /** HTTP/1.1. */
        HTTP_1_1("HTTP/1.1");

        private final String text;

        Version(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Checks names and numbers. */
    public HttpCheck {
        urls = List.copyOf(urls);
        checkCount("urls", urls.size(), 1, MAX_URLS);
        Objects.requireNonNull(version, "version");
        virtualHost.ifPresent(host -> CheckText.checkAuthority("virtualHost", host));
        serverName.ifPresent(name -> CheckText.checkHostName("serverName", name));
        headers = List.copyOf(headers);
        checkCount("headers", headers.size(), 0, MAX_HEADERS);
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static void checkCount(String name, int count, int min, int max) {
        if (count < min || count > max) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: " + min + ".." + max + ")");
        }
    }

    /**
     * {@return a builder of a check over plain HTTP (HTTP_GET), by default every 60 s, timeout 5 s, 1 retry after 3 s}
     *
     * @param path the path and query of the first page, starting with {@code /}
     */
    public static Builder httpGet(String path) {
        return new Builder(path, Tls.NONE);
    }

    /**
     * {@return a builder of a check over TLS (SSL_GET) that verifies the certificate}
     *
     * @param path the path and query of the first page, starting with {@code /}
     */
    public static Builder sslGet(String path) {
        return new Builder(path, Tls.VERIFIED);
    }

    @Override
    public String describe() {
        return (tls == Tls.NONE ? "http " : "https ")
                + urls.stream().map(HttpUrl::path).collect(Collectors.joining(" "));
    }

    /** Collects the settings of an HTTP check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private final HttpUrl.Builder first;
        private final List<HttpUrl> further = new ArrayList<>();
        private final List<HttpHeader> headers = new ArrayList<>();
        private Version version = Version.HTTP_1_1;
        private @Nullable String virtualHost;
        private @Nullable String serverName;
        private Tls tls;

        private Builder(String path, Tls tls) {
            super(Duration.ofSeconds(3));
            this.first = HttpUrl.builder(path);
            this.tls = tls;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a code that passes for the first page. Default, if none is added: 200-299.
         *
         * @param code 100..599
         * @return this
         */
        public Builder status(int code) {
            first.status(code);
            return this;
        }

        /**
         * Adds a range of codes that pass for the first page.
         *
         * @param from 100..599
         * @param to from..599
         * @return this
         */
        public Builder status(int from, int to) {
            first.status(from, to);
            return this;
        }

        /**
         * Sets the digest that the first page's body must have, as {@link HttpUrl.Builder#digest}.
         *
         * @param hex 32 hexadecimal digits
         * @return this
         */
        public Builder digest(String hex) {
            first.digest(hex);
            return this;
        }

        /**
         * Sets the pattern that must be found in the first page's body, as {@link HttpUrl.Builder#regex}.
         *
         * @param pattern 1..1024 characters
         * @return this
         */
        public Builder regex(String pattern) {
            first.regex(pattern);
            return this;
        }

        /**
         * Adds a further page.
         *
         * @param url what to ask for, and what the answer must be; at most 63
         * @return this
         */
        public Builder url(HttpUrl url) {
            checkCount("urls", further.size() + 2, 1, MAX_URLS);
            further.add(Objects.requireNonNull(url, "url"));
            return this;
        }

        /**
         * Sets the {@code Host} header and, in TLS, the server name, of pages without a virtual host of their own. Default:
         * the address and port that are asked.
         *
         * @param host a host name, optionally with {@code :port}
         * @return this
         */
        public Builder virtualHost(String host) {
            CheckText.checkAuthority("virtualHost", host);
            this.virtualHost = host;
            return this;
        }

        /**
         * Sets the server name in TLS (SNI), which the certificate must bear, apart from the {@code Host} header. Default: the
         * page's virtual host.
         *
         * @param name a host name
         * @return this
         * @throws IllegalStateException if the check speaks plain HTTP
         */
        public Builder serverName(String name) {
            CheckText.checkHostName("serverName", name);
            if (tls == Tls.NONE) {
                throw new IllegalStateException(
                        "serverName: " + name + " (expected: only with sslGet, this is httpGet)");
            }
            this.serverName = name;
            return this;
        }

        /**
         * Adds a header to the requests. {@code User-Agent}, {@code Accept} and {@code Accept-Encoding} replace the check's own.
         *
         * @param name a token
         * @param value printable ASCII
         * @return this
         */
        public Builder header(String name, String value) {
            checkCount("headers", headers.size() + 1, 0, MAX_HEADERS);
            headers.add(new HttpHeader(name, value));
            return this;
        }

        /**
         * Lets the requests say who asks, by the {@code Basic} scheme (RFC 7617).
         *
         * @param user a name without colon
         * @param password the password, sent in clear unless the check speaks TLS
         * @return this
         */
        public Builder basicAuth(String user, String password) {
            if (user.indexOf(':') >= 0 || user.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("user: " + user + " (expected: no colon and no control characters)");
            }
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }

        /**
         * Sets the version of the requests. Default: HTTP/1.1; keepalived's is 1.0.
         *
         * @param version which
         * @return this
         */
        public Builder version(Version version) {
            this.version = Objects.requireNonNull(version, "version");
            return this;
        }

        /**
         * Accepts any certificate, as keepalived does.
         *
         * @return this
         * @throws IllegalStateException if the check speaks plain HTTP
         */
        public Builder insecure() {
            this.tls = tls.insecure();
            return this;
        }

        /** {@return the check} */
        public HttpCheck build() {
            List<HttpUrl> urls = new ArrayList<>();
            urls.add(first.build());
            urls.addAll(further);
            return new HttpCheck(
                    urls,
                    version,
                    Optional.ofNullable(virtualHost),
                    Optional.ofNullable(serverName),
                    headers,
                    tls,
                    target(),
                    timing());
        }
    }
}
