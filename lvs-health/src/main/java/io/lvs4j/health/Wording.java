package io.lvs4j.health;

import java.time.Duration;

/** Durations and failures in words for an operator. */
final class Wording {
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
            return root.getClass().getSimpleName();
        }
        boolean acronym = message.length() > 1 && Character.isUpperCase(message.charAt(1));
        return acronym ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
