package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.ipvsadm.ServiceListing;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final ServiceListing NO_SERVICES =
            new ServiceListing(ServiceListing.VERSION, ServiceListing.SIZE, List.of());
    private static final ConnectionEntry CONNECTION = new ConnectionEntry(
            "TCP",
            new InetSocketAddress("10.0.0.9", 50000),
            new InetSocketAddress("10.0.0.1", 80),
            new InetSocketAddress("10.1.0.1", 8080),
            "ESTABLISHED",
            Duration.ofSeconds(899));
    private static final String LISTED = "TCP 14:59  ESTABLISHED 10.0.0.9:50000     10.0.0.1:80        10.1.0.1:8080\n";

    @Test
    void connectionsThatAreNotListedAreCounted() {
        assertThat(Figures.text(NO_SERVICES, new ConnectionEntries(List.of(CONNECTION), 5)))
                .endsWith(LISTED + "and 5 more\n\n");
        assertThat(Figures.text(NO_SERVICES, new ConnectionEntries(List.of(CONNECTION), 0)))
                .endsWith(LISTED + "\n");
    }
}
