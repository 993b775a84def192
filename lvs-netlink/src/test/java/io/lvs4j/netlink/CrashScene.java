package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A table before and after a change, at addresses of its own: one service changed, one removed, one added. */
final class CrashScene {
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final int number;
    private final List<KernelNetwork.Connection> connections = new ArrayList<>();

    CrashScene(int number) {
        this.number = number;
    }

    private InetAddress virtual(int host) {
        return KernelNetwork.ipv4(172, 31, number, host);
    }

    private InetAddress server(int host) {
        return KernelNetwork.ipv4(192, 168, number, host);
    }

    private VirtualService.Builder service(int host, String scheduler) {
        return VirtualService.builder()
                .listen(virtual(host).getHostAddress(), KernelNetwork.PORT)
                .scheduler(scheduler);
    }

    private RealServer real(int host, int weight) {
        return RealServer.builder(server(host).getHostAddress(), KernelNetwork.PORT)
                .weight(weight)
                .build();
    }

    List<VirtualService> before() {
        return List.of(
                service(1, "wrr")
                        .realServer(real(1, 1))
                        .realServer(real(2, 1))
                        .realServer(real(3, 1))
                        .build(),
                service(2, "rr").realServer(real(1, 1)).build());
    }

    List<VirtualService> after() {
        return List.of(
                service(1, "wlc")
                        .realServer(real(1, 1))
                        .realServer(real(2, 5))
                        .realServer(real(4, 1))
                        .build(),
                service(3, "rr")
                        .listen(virtual(4).getHostAddress(), KernelNetwork.PORT)
                        .realServer(real(5, 1))
                        .realServer(real(6, 1))
                        .build());
    }

    static Director director(Supplier<Ipvs> table, ManualTime time) {
        return Director.builder()
                .backend(IpvsBackend.builder()
                        .repairInterval(INTERVAL)
                        .table(table)
                        .build())
                .ticker(time)
                .timers(time)
                .build();
    }

    /** Writes the table before, and connects to the two servers that stay; the third has no connection. */
    void set(Ipvs ipvs, KernelNetwork network) {
        IpvsServiceKey web = key(1);
        IpvsServiceKey gone = key(2);
        ipvs.apply(List.of(
                new IpvsChange.AddService(IpvsService.of(web, "wrr")),
                new IpvsChange.AddDestination(web, masquerade(1)),
                new IpvsChange.AddDestination(web, masquerade(2)),
                new IpvsChange.AddService(IpvsService.of(gone, "rr")),
                new IpvsChange.AddDestination(gone, masquerade(1))));
        for (int i = 0; i < 2; i++) {
            connections.add(network.connect(new InetSocketAddress(KernelNetwork.ipv4(10, 31, number, 1), 0), virtual(1))
                    .orElseThrow());
        }
        ipvs.apply(List.of(new IpvsChange.AddDestination(web, masquerade(3))));
    }

    private IpvsDestination masquerade(int host) {
        return IpvsDestination.masquerade(server(host), KernelNetwork.PORT, 1);
    }

    private IpvsServiceKey key(int host) {
        return new IpvsServiceKey.Address(Protocol.TCP, virtual(host), KernelNetwork.PORT);
    }

    void assertAfter(Ipvs ipvs) {
        assertThat(List.of(shown(ipvs, 1), shown(ipvs, 3), shown(ipvs, 4)))
                .as("scene %s", number)
                .containsExactly(
                        List.of("wlc", "4 w1 c0", "2 w5 c1", "1 w1 c1"),
                        List.of("rr", "6 w1 c0", "5 w1 c0"),
                        List.of("rr", "6 w1 c0", "5 w1 c0"));
        assertThat(connections).extracting(KernelNetwork.Connection::server).doesNotHaveDuplicates();
        assertThat(connections).as("scene %s", number).allMatch(KernelNetwork.Connection::works);
    }

    /** A service that nobody describes any more is gone, or it is somebody else's now and is as it was. */
    boolean removedIsLeft(Ipvs ipvs) {
        List<String> left = shown(ipvs, 2);
        assertThat(left).isIn(List.of(), List.of("rr", "1 w1 c0"));
        return !left.isEmpty();
    }

    private List<String> shown(Ipvs ipvs, int host) {
        Optional<IpvsServiceEntry> service = ipvs.service(key(host));
        if (service.isEmpty()) {
            return List.of();
        }
        List<String> shown = new ArrayList<>();
        shown.add(service.get().service().scheduler());
        for (IpvsDestinationEntry entry : ipvs.destinations(key(host))) {
            shown.add(entry.destination().address().getAddress()[3] + " w"
                    + entry.destination().weight() + " c" + entry.active());
        }
        return shown;
    }

    void clear(Ipvs ipvs) {
        connections.forEach(KernelNetwork.Connection::letGo);
        for (int host = 1; host <= 4; host++) {
            ipvs.tryAll(List.of(new IpvsChange.RemoveService(key(host))));
        }
    }
}
