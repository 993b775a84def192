package io.lvs4j;

import java.time.Duration;
import java.util.Objects;

/**
 * How a graceful close ended.
 *
 * @param remaining connections that were still open at the deadline and were reset
 * @param took how long it lasted
 */
public record CloseReport(int remaining, Duration took) {
    /** Refuses null. */
    public CloseReport {
        Objects.requireNonNull(took, "took");
    }
}
