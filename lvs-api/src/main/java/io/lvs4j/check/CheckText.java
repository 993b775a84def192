package io.lvs4j.check;

import java.util.regex.Pattern;

/** What several checks demand of the texts that they are told to send. */
final class CheckText {
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*", Pattern.CASE_INSENSITIVE);

    private CheckText() {}

    static void checkHostName(String field, String name) {
        if (name.length() > 253 || !HOST_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    field + ": " + name + " (expected: a host name of at most 253 characters)");
        }
    }

    /** Accepts what stands in a {@code Host} header. */
    static void checkAuthority(String field, String host) {
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '/')) {
            throw new IllegalArgumentException(field + ": " + host + " (expected: a host name, optionally :port)");
        }
    }
}
