package io.lvs4j.check;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A header that an HTTP check adds to its request.
 *
 * @param name a token (RFC 9110 section 5.6.2) of at most 256 characters; not one that the check itself must decide upon: {@code
 *     Host}, {@code Connection}, {@code Content-Length}, {@code Transfer-Encoding}, {@code Expect}, {@code Upgrade}
 * @param value printable ASCII, spaces and tabs, at most 4096 characters
 */
public record HttpHeader(String name, String value) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");
    private static final Set<String> OURS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");
    private static final int MAX_VALUE = 4096;

    /** Refuses what could break the request. */
    public HttpHeader {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "header name: " + name + " (expected: 1 to 256 letters, digits or signs, as in X-Health)");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header name: " + name
                    + " (expected: not one of "
                    + String.join(", ", OURS.stream().sorted().toList())
                    + ", which the check sets itself)");
        }
        if (value.length() > MAX_VALUE || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c >= 0x7f)) {
            throw new IllegalArgumentException("header value of " + name
                    + ": " + value.length() + " characters (expected: at most " + MAX_VALUE
                    + ", printable ASCII, spaces and tabs)");
        }
    }

    /** {@return the name alone, because values can be secrets} */
    @Override
    public String toString() {
        return name;
    }
}
