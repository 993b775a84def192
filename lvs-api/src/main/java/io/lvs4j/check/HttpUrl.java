package io.lvs4j.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A page that an HTTP check asks for, and what the answer must be: keepalived's {@code url} block. The demands are judged in
 * keepalived's order: the status, the digest of the body, the pattern in the body. The body is read only if digest or pattern
 * need it; then headers and body together may be 64 KiB long. Content encodings are not decoded.
 *
 * @param path the path and query to ask for, starting with {@code /}
 * @param statuses the codes that pass; never empty
 * @param digest the MD5 digest of the body in lower-case hexadecimal; empty = any body
 * @param regex a pattern that must be found somewhere in the body, read as UTF-8; empty = any body
 * @param virtualHost the {@code Host} header of this page, and the server name in TLS; empty = the check's
 */
public record HttpUrl(
        String path,
        List<StatusRange> statuses,
        Optional<String> digest,
        Optional<String> regex,
        Optional<String> virtualHost) {

    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");
    private static final int MAX_REGEX = 1024;

    /** Ends with the larger count of {@code {n}}, {@code {n,}} or {@code {n,m}}. */
    private static final Pattern REPETITION = Pattern.compile("\\{(?:[0-9]+,)?([0-9]+),?}");

    private static final int MAX_REPETITIONS = 10_000;

    /** Checks every part. */
    public HttpUrl {
        checkPath(path);
        statuses = List.copyOf(statuses);
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("status: none (expected: at least one of 100..599)");
        }
        digest.ifPresent(HttpUrl::checkDigest);
        digest = digest.map(hex -> hex.toLowerCase(Locale.ROOT));
        regex.ifPresent(HttpUrl::checkRegex);
        virtualHost.ifPresent(host -> CheckText.checkAuthority("virtualHost", host));
    }

    private static void checkPath(String path) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(
                    "path: " + path + " (expected: a path starting with /, printable ASCII without spaces)");
        }
    }

    private static void checkDigest(String digest) {
        if (!MD5.matcher(digest).matches()) {
            throw new IllegalArgumentException(
                    "digest: " + digest + " (expected: 32 hexadecimal digits, the MD5 digest of the body)");
        }
    }

    private static void checkRegex(String regex) {
        if (regex.isEmpty() || regex.length() > MAX_REGEX) {
            throw new IllegalArgumentException(
                    "regex: " + regex.length() + " characters (expected: 1.." + MAX_REGEX + ")");
        }
        try {
            Pattern unused = Pattern.compile(regex);
            assert unused != null;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regex: " + regex + " (expected: a regular expression; " + e.getDescription() + " near index "
                            + e.getIndex() + ")",
                    e);
        }
        if (repetitions(regex) > MAX_REPETITIONS) {
            throw new IllegalArgumentException("regex: " + regex
                    + " (expected: repetition counts that multiply to at most " + MAX_REPETITIONS + ")");
        }
    }

    /** Returns the product of all counts, as if all were nested; repeating what is empty reads nothing, so nobody would stop it. */
    private static double repetitions(String regex) {
        return REPETITION
                .matcher(regex)
                .results()
                .mapToDouble(count -> Double.parseDouble(count.group(1)))
                .filter(count -> count > 1)
                .reduce(1, (a, b) -> a * b);
    }

    /**
     * {@return a builder of a page that must be there: 200 to 299}
     *
     * @param path the path and query, starting with {@code /}
     */
    public static Builder builder(String path) {
        return new Builder(path);
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

    /** {@return the codes that pass, as text such as {@code 200-299,304}} */
    public String statusText() {
        return statuses.stream().map(StatusRange::toString).collect(Collectors.joining(","));
    }

    /** {@return whether the body is judged too} */
    public boolean judgesBody() {
        return digest.isPresent() || regex.isPresent();
    }

    /** Collects the settings of a page. Not thread-safe. */
    public static final class Builder {
        private final String path;
        private final List<StatusRange> statuses = new ArrayList<>();
        private @Nullable String digest;
        private @Nullable String regex;
        private @Nullable String virtualHost;

        private Builder(String path) {
            checkPath(path);
            this.path = path;
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
         * Sets the MD5 digest that the body must have, up to its {@code Content-Length} and without any chunking. Default: any.
         *
         * @param hex 32 hexadecimal digits
         * @return this
         */
        public Builder digest(String hex) {
            checkDigest(hex);
            this.digest = hex;
            return this;
        }

        /**
         * Sets the pattern that must be found in the body. Default: none.
         *
         * <p>It is searched for in bounded time, whatever the body: a search that has read 500,000 characters, some again and
         * again, fails. Patterns that begin with {@code .*} or nest repetitions come there with long bodies.
         *
         * @param pattern a {@link Pattern} of 1..1024 characters, whose repetition counts multiply to at most 10,000
         * @return this
         */
        public Builder regex(String pattern) {
            checkRegex(pattern);
            this.regex = pattern;
            return this;
        }

        /**
         * Sets the {@code Host} header of this page and, in TLS, the server name. Default: the check's.
         *
         * @param host a host name, optionally with {@code :port}
         * @return this
         */
        public Builder virtualHost(String host) {
            CheckText.checkAuthority("virtualHost", host);
            this.virtualHost = host;
            return this;
        }

        /** {@return the page} */
        public HttpUrl build() {
            return new HttpUrl(
                    path,
                    statuses.isEmpty() ? List.of(new StatusRange(200, 299)) : statuses,
                    Optional.ofNullable(digest),
                    Optional.ofNullable(regex),
                    Optional.ofNullable(virtualHost));
        }
    }
}
