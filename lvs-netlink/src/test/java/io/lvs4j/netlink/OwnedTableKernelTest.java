package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A table that belongs to one director. */
@Isolated // it clears tables that others may be using
class OwnedTableKernelTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final KernelNetwork network = KernelNetwork.get();
    private final InetAddress virtual = network.virtualAddress();
    private final InetAddress server = network.serverAddress();
    private final IpvsServiceKey left = TestEntries.tcp(virtual.getHostAddress(), KernelNetwork.PORT);
    private final ManualTime time = new ManualTime();
    private final BlockingQueue<DirectorEvent.DriftRepaired> repairs = new LinkedBlockingQueue<>();
    private Ipvs ipvs;

    @BeforeEach
    void leaveAService() {
        ipvs = Ipvs.open(network.director());
        ipvs.flush();
        new Sysctl(Optional.of(network.director())).set("net.ipv4.ip_forward", "1");
        ipvs.apply(List.of(
                new IpvsChange.AddService(IpvsService.of(left, "rr")),
                new IpvsChange.AddDestination(left, IpvsDestination.masquerade(server, KernelNetwork.PORT, 1))));
    }

    @AfterEach
    void close() {
        ipvs.flush();
        ipvs.close();
    }

    private Director director(boolean owns) {
        return Director.builder()
                .backend(IpvsBackend.builder()
                        .networkNamespace(network.director())
                        .ownTable(owns)
                        .repairInterval(INTERVAL)
                        .build())
                .ticker(time)
                .timers(time)
                .listener(event -> {
                    if (event instanceof DirectorEvent.DriftRepaired repaired) {
                        repairs.add(repaired);
                    }
                })
                .build();
    }

    @Test
    void aTableThatIsNotOwnedKeepsServicesOfOthers() {
        try (Director director = director(false)) {
            time.advance(INTERVAL.multipliedBy(4));
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(ipvs.service(left)).isPresent();
        }
        assertThat(repairs).isEmpty();
    }

    @Test
    void aServiceThatNobodyDescribesGoesAtTheSecondLookAndIsAnnounced() throws Exception {
        IpvsServiceKey anyPort = TestEntries.tcp(virtual.getHostAddress(), 0);
        ipvs.apply(List.of(new IpvsChange.AddService(new IpvsService(
                anyPort, "rr", 0, false, Optional.of(new IpvsService.Persistence(Duration.ofSeconds(60), 32)), ""))));
        try (Director director = director(true)) {
            time.advance(INTERVAL);
            assertThat(ipvs.services()).hasSize(2);
            time.advance(INTERVAL);
            assertThat(ipvs.services()).isEmpty();
            assertThat(director.snapshot().services()).isEmpty();
            DirectorEvent.DriftRepaired event = repairs.poll(10, TimeUnit.SECONDS);
            assertThat(event.service()).hasToString("tcp " + virtual.getHostAddress() + ":80");
            assertThat(event.changes()).containsExactly("remove service tcp " + virtual.getHostAddress() + ":80");
        }
    }

    @Test
    void aServiceThatComesAndGoesBetweenLooksStartsAnew() {
        try (Director director = director(true)) {
            time.advance(INTERVAL);
            ipvs.apply(List.of(new IpvsChange.RemoveService(left)));
            time.advance(INTERVAL);
            ipvs.apply(List.of(new IpvsChange.AddService(IpvsService.of(left, "rr"))));
            time.advance(INTERVAL);
            assertThat(director.snapshot().services()).isEmpty();
            assertThat(ipvs.service(left)).isPresent();
        }
    }

    @Test
    void whatACrashLeftAndIsDescribedInTimeIsTakenOverWithItsConnections() {
        KernelNetwork.Connection connection = network.connect(
                        new InetSocketAddress(KernelNetwork.ipv4(10, 77, 0, 1), 0), virtual)
                .orElseThrow();
        try (Director director = director(true)) {
            time.advance(INTERVAL);
            director.add(VirtualService.builder()
                    .listen(virtual.getHostAddress(), KernelNetwork.PORT)
                    .scheduler("rr")
                    .realServer(server.getHostAddress(), KernelNetwork.PORT)
                    .build());
            time.advance(INTERVAL.multipliedBy(4));
            assertThat(connection.works()).isTrue();
            assertThat(ipvs.destinations(left))
                    .extracting(IpvsDestinationEntry::active)
                    .containsExactly(1);
        }
        assertThat(repairs).isEmpty();
        connection.letGo();
    }

    @Test
    void anOwnerMustLookAtItsTable() {
        assertThatThrownBy(() -> IpvsBackend.builder()
                        .ownTable(true)
                        .repairInterval(Duration.ZERO)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ownTable: true with repairInterval: PT0S");
    }
}
