package io.lvs4j.ipvsadm;

import java.util.List;
import java.util.Objects;

/**
 * A virtual service in a listing.
 *
 * @param rule its settings
 * @param totals what has passed
 * @param rates what passes a second
 * @param servers its real servers
 */
public record ListedService(ServiceRule rule, Traffic totals, Traffic rates, List<ListedServer> servers) {
    /** Copies the list. */
    public ListedService {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(totals, "totals");
        Objects.requireNonNull(rates, "rates");
        servers = List.copyOf(servers);
    }
}
