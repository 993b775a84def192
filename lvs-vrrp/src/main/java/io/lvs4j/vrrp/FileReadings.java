package io.lvs4j.vrrp;

import java.util.OptionalLong;

/**
 * What looking at a file again and again amounts to. What is found first counts at once, a change when it has been found twice in a row: a file
 * that is just being written is empty for a moment. keepalived is told when a file has been closed. Not thread-safe.
 */
final class FileReadings {
    private boolean known;
    private long told;
    private long latest;

    /**
     * {@return what the file says from now on, if that has changed}
     *
     * @param found what has been found this time; empty = nothing that counts
     */
    OptionalLong count(OptionalLong found) {
        long number = found.orElse(told);
        boolean again = number == latest;
        latest = number;
        if (known && (number == told || !again)) {
            return OptionalLong.empty();
        }
        known = true;
        told = number;
        return OptionalLong.of(number);
    }
}
