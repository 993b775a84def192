package io.lvs4j.ipvsadm;

import java.util.Objects;

/**
 * A real server in a listing.
 *
 * @param rule its settings, with the weight in force
 * @param active connections that are established
 * @param inactive connections that are being opened or closed
 * @param persistent persistence templates that point to it
 * @param totals what has passed
 * @param rates what passes a second
 */
public record ListedServer(ServerRule rule, int active, int inactive, int persistent, Traffic totals, Traffic rates) {
    /** Refuses null. */
    public ListedServer {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(totals, "totals");
        Objects.requireNonNull(rates, "rates");
    }
}
