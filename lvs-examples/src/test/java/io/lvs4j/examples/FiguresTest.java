package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.vrrp.Rejection;
import io.lvs4j.vrrp.RouterSnapshot;
import io.lvs4j.vrrp.RouterState;
import io.lvs4j.vrrp.VirtualRouter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Test
    void aLineSaysHowAVirtualRouterIs() throws UnknownHostException {
        VirtualRouter router = VirtualRouter.builder()
                .name("VI_1")
                .virtualRouterId(1)
                .networkInterface("eth0")
                .address("10.0.0.5")
                .build();
        InetAddress master = InetAddress.getByName("10.0.0.2");
        assertThat(Figures.line(new RouterSnapshot(
                        router,
                        RouterState.BACKUP,
                        100,
                        Optional.of(master),
                        Optional.empty(),
                        List.of("script s"),
                        0,
                        7,
                        Map.of(Rejection.CHECKSUM, 2L, Rejection.TTL, 1L))))
                .isEqualTo("virtual router VI_1: BACKUP, priority 100, master 10.0.0.2, faults [script s],"
                        + " adverts: 0 sent, 7 accepted, rejected {TTL=1, CHECKSUM=2}");
    }
}
