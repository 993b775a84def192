package io.lvs4j;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * How the drain of a real server ended.
 *
 * @param server the server
 * @param outcome why it ended
 * @param remaining connections that it still had at the end; with {@link Outcome#DEADLINE} and {@link Outcome#REMOVED}
 *     they were reset, with {@link Outcome#CANCELLED} they go on
 * @param took how long it lasted
 */
public record DrainReport(ServerKey server, Outcome outcome, int remaining, Duration took) {
    /** Refuses null. */
    public DrainReport {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(took, "took");
    }

    /** Why a drain ended. */
    public enum Outcome {
        /** The last connection ended by itself; the server has been removed. */
        DRAINED,
        /** The deadline passed first; the server has been removed. */
        DEADLINE,
        /** The server or its service was removed, or the director closed, before the drain was over. */
        REMOVED,
        /** Somebody set its weight anew; the server stays. */
        CANCELLED;

        /** Returns the lower-case name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
