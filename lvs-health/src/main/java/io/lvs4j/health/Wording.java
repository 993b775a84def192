package io.lvs4j.health;

import java.net.NoRouteToHostException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations and failures in words for an operator. */
final class Wording {
    /** How epoll says what the JDK says in the kernel's words alone. */
    private static final Pattern NATIVE =
            Pattern.compile("^\\w+\\((?:\\.\\.)?\\) failed(?: with error\\(-?\\d+\\))?: (.+?)(?: by peer)?$");

    private Wording() {}

    /** Returns {@code 5s} for whole seconds and {@code 1500ms} for anything else. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Returns the reason of a failure, such as {@code connection refused}, without the layers that wrapped it. */
    static String of(Throwable failure) {
        Throwable root = rootOf(failure);
        String message = root.getMessage();
        if (message == null || message.isBlank()) {
            return root instanceof NoRouteToHostException // epoll's, for a host and for a network
                    ? "no route to host"
                    : root.getClass().getSimpleName();
        }
        String plain = NATIVE.matcher(message).replaceFirst("$1");
        boolean acronym = plain.length() > 1 && Character.isUpperCase(plain.charAt(1));
        return acronym ? plain : Character.toLowerCase(plain.charAt(0)) + plain.substring(1);
    }

    /** Returns what a server said, at most 80 characters of it and nothing but printable ASCII. */
    static String said(String text) {
        String cut = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return cut.replaceAll("[^ -~]", "?");
    }

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
