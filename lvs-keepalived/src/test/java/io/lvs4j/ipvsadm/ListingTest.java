package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ConnectionEntry;
import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Quorum;
import io.lvs4j.Rates;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServerSnapshot;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What listings look like, to the byte. The texts are those that ipvsadm 1.31 prints; IpvsadmKernelTest compares. */
class ListingTest {
    private static final Traffic LARGE =
            new Traffic(99_999_999L, 100_000_000L, 1_234_567_890L, 123_456_789_012L, 123_456_789_012_345L);

    private static ServiceListing table() {
        Rules.Services services = Rules.read("rules", """
                        -A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0
                        -a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 0
                        -a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 5 -x 10 -y 5
                        -a -t 10.0.0.1:80 -r 10.1.0.3:80 -i --tun-type gue --tun-port 6080 --tun-csum
                        -a -t 10.0.0.1:80 -r 10.1.0.4:80 -i --tun-type gre -w 2147483647
                        -A -f 6 -6 -s lc -p 100 -M 64
                        -a -f 6 -6 -r [fd00:1111:2222:3333:4444:5555:6666:7777]:80 -m
                        -A --sctp-service 10.0.0.3:9 -s sh -b sh-fallback,sh-port
                        -A -u 10.0.0.13:80 -s rr -p 360 --pe sip -o -b flag-1
                        """).services();
        assertThat(services.diagnostics()).allMatch(found -> found.code().equals("unsupported-value"));
        return services.table().sorted();
    }

    @Test
    void theTableShowsMethodsWeightsAndConnections() {
        assertThat(Listing.TABLE.text(table()))
                .isEqualTo(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port Scheduler Flags",
                        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
                        "TCP  10.0.0.1:80 wrr persistent 300 mask 255.255.255.0",
                        "  -> 10.1.0.1:80                  Route   5      0          0         ",
                        "  -> 10.1.0.2:8080                Masq    0      0          0         ",
                        "  -> 10.1.0.3:80                  Tunnel  1      0          0         ",
                        "  -> 10.1.0.4:80                  Tunnel  2147483647 0          0         ",
                        "UDP  10.0.0.13:80 rr (flag-1) persistent 360 pe sip ops",
                        "SCTP 10.0.0.3:9 sh (sh-fallback,sh-port)",
                        "FWM  6 IPv6 lc persistent 100 mask 64",
                        "  -> [fd00:1111:2222:3333:4444:5555:6666:7777]:80 Masq    1      0          0         "));
    }

    @Test
    void oneServiceIsListedWithoutTheFirstLine() {
        ServiceAddress sctp = table().services().get(2).rule().address();
        assertThat(Listing.TABLE.text(table().service(sctp).orElseThrow()))
                .isEqualTo(lines(
                        "Prot LocalAddress:Port Scheduler Flags",
                        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
                        "SCTP 10.0.0.3:9 sh (sh-fallback,sh-port)"));
    }

    @Test
    void thresholdsPersistentConnectionsAndTunnelsHaveColumnsOfTheirOwn() {
        ServiceListing table =
                new ServiceListing("1.2.1", 4096, table().services().subList(0, 1));
        assertThat(Listing.THRESHOLDS.text(table))
                .isEqualTo(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn ",
                        "  -> RemoteAddress:Port",
                        "TCP  10.0.0.1:80 wrr persistent 300 mask 255.255.255.0",
                        "  -> 10.1.0.1:80                  10         5          0          0         ",
                        "  -> 10.1.0.2:8080                0          0          0          0         ",
                        "  -> 10.1.0.3:80                  0          0          0          0         ",
                        "  -> 10.1.0.4:80                  0          0          0          0         "));
        assertThat(Listing.PERSISTENT_CONN.text(table))
                .startsWith(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn ",
                        "  -> RemoteAddress:Port",
                        "TCP  10.0.0.1:80 wrr persistent 300 mask 255.255.255.0",
                        "  -> 10.1.0.1:80                  5         0           0          0         "));
        assertThat(Listing.TUN_INFO.text(table))
                .isEqualTo(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port Scheduler Flags",
                        "  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn",
                        "TCP  10.0.0.1:80 wrr persistent 300 mask 255.255.255.0",
                        "  -> 10.1.0.1:80                  Route   n/a           5      0          0         ",
                        "  -> 10.1.0.2:8080                Masq    n/a           0      0          0         ",
                        "  -> 10.1.0.3:80                  Tunnel  gue:6080:+c   1      0          0         ",
                        "  -> 10.1.0.4:80                  Tunnel  gre:-c        2147483647 0          0         "));
    }

    @Test
    void rulesAreThoseOfSave() {
        assertThat(table().rules())
                .isEqualTo(lines(
                        "-A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0",
                        "-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 5",
                        "-a -t 10.0.0.1:80 -r 10.1.0.2:8080 -m -w 0",
                        "-a -t 10.0.0.1:80 -r 10.1.0.3:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum",
                        "-a -t 10.0.0.1:80 -r 10.1.0.4:80 -i -w 2147483647 --tun-type gre --tun-nocsum",
                        "-A -u 10.0.0.13:80 -s rr -p 360 --pe sip -o -b flag-1",
                        "-A --sctp-service 10.0.0.3:9 -s sh -b sh-fallback,sh-port",
                        "-A -f 6 -6 -s lc -p 100 -M 64",
                        "-a -f 6 -6 -r [fd00:1111:2222:3333:4444:5555:6666:7777]:80 -m -w 1"));
    }

    private static ServiceListing busy(Traffic totals, Traffic rates) {
        ListedService idle = table().services().get(0);
        ListedServer server = new ListedServer(idle.servers().get(0).rule(), 1, 2, 3, totals, rates);
        return new ServiceListing(
                "1.2.1", 4096, List.of(new ListedService(idle.rule(), totals, rates, List.of(server))));
    }

    @Test
    void statisticsAreAbbreviatedOrExact() {
        assertThat(Listing.STATS.text(busy(LARGE, Traffic.NONE)))
                .isEqualTo(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
                        "  -> RemoteAddress:Port",
                        "TCP  10.0.0.1:80                  99999999  100000K    1234M     123G     123T",
                        "  -> 10.1.0.1:80                  99999999  100000K    1234M     123G     123T"));
        assertThat(Listing.STATS_EXACT.text(busy(LARGE, Traffic.NONE)))
                .endsWith(
                        lines(
                                "TCP  10.0.0.1:80                  99999999 100000000 1234567890 123456789012 123456789012345",
                                "  -> 10.1.0.1:80                  99999999 100000000 1234567890 123456789012 123456789012345"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "99999999, 99999999",
        "100000000, 100000K",
        "999999999, 999999K",
        "1000000000, 1000M",
        "99999999999, 99999M",
        "100000000000, 100G",
        "99999999999999, 99999G",
        "100000000000000, 100T",
        "-1, 18446744T"
    })
    void largeNumbersAreRoundedDown(long number, String shown) {
        Traffic traffic = new Traffic(0, 0, 0, 0, number);
        assertThat(Listing.STATS.text(busy(traffic, Traffic.NONE))).endsWith(" " + shown + "\n");
    }

    @Test
    void ofAServersRatesOnlyBytesAreAbbreviated() {
        assertThat(Listing.RATE.text(busy(Traffic.NONE, LARGE)))
                .isEqualTo(lines(
                        "IP Virtual Server version 1.2.1 (size=4096)",
                        "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS",
                        "  -> RemoteAddress:Port",
                        "TCP  10.0.0.1:80                  99999999  100000K    1234M     123G     123T",
                        "  -> 10.1.0.1:80                  99999999 100000000 1234567890     123G     123T"));
        assertThat(Listing.RATE_EXACT.text(busy(Traffic.NONE, LARGE)))
                .endsWith(
                        lines(
                                "  -> 10.1.0.1:80                  99999999 100000000 1234567890 123456789012 123456789012345"));
    }

    @Test
    void theOrderIsThatOfDifferencesIn32Bits() {
        StringBuilder rules = new StringBuilder();
        for (String address : List.of(
                "10.0.0.1",
                "192.168.0.1",
                "172.16.0.1",
                "100.64.0.1",
                "8.8.8.8",
                "203.0.113.1",
                "150.1.1.1",
                "[fd00::1]",
                "[2001:db8::1]",
                "[8::1]",
                "[::2]")) {
            rules.append("-a -t 10.0.0.9:80 -r ").append(address).append(":80 -i\n");
        }
        ServiceListing table =
                Rules.read("rules", "-A -t 10.0.0.9:80\n" + rules).services().table();
        assertThat(table.services().get(0).servers().get(0).rule().endpoint()).isEqualTo("10.0.0.1:80");
        // The kernel's list has what was added last first.
        List<ListedServer> kernels = new ArrayList<>(table.services().get(0).servers());
        Collections.reverse(kernels);
        ListedService service = table.services().get(0);
        ServiceListing sorted = new ServiceListing(
                        "1.2.1", 4096, List.of(new ListedService(service.rule(), Traffic.NONE, Traffic.NONE, kernels)))
                .sorted();
        assertThat(sorted.services().get(0).servers())
                .extracting(server -> server.rule().endpoint())
                .containsExactly(
                        "172.16.0.1:80",
                        "192.168.0.1:80",
                        "203.0.113.1:80",
                        "[::2]:80",
                        "[8::1]:80",
                        "8.8.8.8:80",
                        "10.0.0.1:80",
                        "[2001:db8::1]:80",
                        "100.64.0.1:80",
                        "150.1.1.1:80",
                        "[fd00::1]:80");
    }

    @Test
    void ofASnapshotWhatServesIsListedAndWhatIsLeftWhileItHasConnections() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .listen("10.0.0.1", 443)
                .scheduler("rr")
                .sorryServer("10.1.0.9:80")
                .realServer("10.1.0.1", 80, server -> server.weight(7))
                .realServer("10.1.0.2", 80, server -> server.inhibitOnFailure())
                .realServer("10.1.0.3", 80)
                .realServer("10.1.0.4", 80)
                .realServer("10.1.0.5", 80, server -> server.forwarding(ForwardingMethod.fullNat()))
                .realServer("10.1.0.6", 80)
                .build();
        List<ServerSnapshot> servers = List.of(
                snapshot(service, 1, ServerState.UP, true, 3, 2),
                snapshot(service, 2, ServerState.DOWN, false, 0, 0),
                snapshot(service, 3, ServerState.DOWN, false, 1, 1),
                snapshot(service, 4, ServerState.MAINTENANCE, false, 1, 0),
                snapshot(service, 5, ServerState.DRAINING, false, 0, 0),
                snapshot(service, 6, ServerState.STANDBY, false, 1, 0));
        RealServer sorry = service.poolRules().sorryServer().orElseThrow();
        ServiceSnapshot snapshot = new ServiceSnapshot(
                service,
                servers,
                new Quorum(true, 3, 1, 0),
                false,
                Optional.of(new ServerSnapshot(
                        sorry, ServerState.STANDBY, false, 1, ServerCounters.ZERO, Optional.empty(), Map.of())),
                12,
                Map.of(),
                Optional.of(new Rates(1.5, 0, 0, 10.4, 0)));
        ServiceListing listing = ServiceListing.of(new DirectorSnapshot("netty", List.of(snapshot)));
        assertThat(Listing.TABLE.text(listing.services().get(0)))
                .isEqualTo(lines(
                        "Prot LocalAddress:Port Scheduler Flags",
                        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
                        "TCP  10.0.0.1:80 rr",
                        "  -> 10.1.0.1:80                  Masq    3      2          1         ",
                        "  -> 10.1.0.2:80                  Masq    0      0          0         ",
                        "  -> 10.1.0.3:80                  Masq    0      1          1         ",
                        "  -> 10.1.0.5:80                  Masq    0      0          0         "));
        assertThat(listing.services()).hasSize(2);
        assertThat(listing.services().get(1).rule().address()).hasToString("-t 10.0.0.1:443");
        assertThat(listing.services().get(0).totals().connections()).isEqualTo(12);
        assertThat(listing.services().get(0).rates()).isEqualTo(new Traffic(2, 0, 0, 10, 0));
    }

    private static ServerSnapshot snapshot(
            VirtualService service, int number, ServerState state, boolean serving, int weight, int active) {
        RealServer server =
                service.realServer(ServerKey.of("10.1.0." + number, 80)).orElseThrow();
        ServerCounters counters = new ServerCounters(active, active > 0 ? 1 : 0, 0, active, 0, 0, 0, 0, 0, 0);
        return new ServerSnapshot(server, state, serving, weight, counters, Optional.empty(), Map.of());
    }

    @Test
    void connectionsTimeoutsAndDaemonsAreListed() throws Exception {
        ConnectionEntry connection = new ConnectionEntry(
                "TCP",
                new InetSocketAddress("fd00::1", 51338),
                new InetSocketAddress("fd00::1", 80),
                new InetSocketAddress("::1", 9000),
                "CLOSE",
                Duration.ofMillis(9999));
        ConnectionEntry template = new ConnectionEntry(
                "UDP",
                new InetSocketAddress("10.0.0.1", 0),
                new InetSocketAddress("10.0.0.2", 5060),
                new InetSocketAddress("10.0.0.3", 5060),
                "NONE",
                Duration.ofMinutes(100));
        assertThat(Listing.connections(List.of(connection, template)))
                .isEqualTo(lines(
                        "IPVS connection entries",
                        "pro expire state       source             virtual            destination",
                        "TCP 00:09  CLOSE       [fd00::1]:51338    [fd00::1]:80       [::1]:9000",
                        "UDP 100:00 NONE        10.0.0.1:0         10.0.0.2:5060      10.0.0.3:5060"));
        assertThat(KernelListing.connectionsWithEngines(List.of(
                        new KernelListing.Connection(connection, Optional.empty()),
                        new KernelListing.Connection(
                                template, Optional.of(new KernelListing.EngineData("sip", "call"))))))
                .isEqualTo(
                        lines(
                                "IPVS connection entries",
                                "pro expire state       source             virtual            destination        pe name          pe_data",
                                "TCP 00:09  CLOSE       [fd00::1]:51338    [fd00::1]:80       [::1]:9000",
                                "UDP 100:00 NONE        10.0.0.1:0         10.0.0.2:5060      10.0.0.3:5060    sip                call"));
        assertThat(KernelListing.timeouts(Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5)))
                .isEqualTo("Timeout (tcp tcpfin udp): 900 120 300\n");
        Optional<InetAddress> group = Optional.of(InetAddress.getByName("224.0.0.99"));
        assertThat(KernelListing.daemons(List.of(
                        new KernelListing.Daemon("master", "eth0", 3, 1472, group, 8848, 1),
                        new KernelListing.Daemon("backup", "eth0", 7, 0, Optional.empty(), 0, 0))))
                .isEqualTo(lines(
                        "master sync daemon (mcast=eth0, syncid=3, maxlen=1472, group=224.0.0.99, port=8848, ttl=1)",
                        "backup sync daemon (mcast=eth0, syncid=7)"));
    }

    @Test
    void noConnectionsAreATitleAlone() {
        assertThat(Listing.connections(List.of()))
                .isEqualTo(lines(
                        "IPVS connection entries",
                        "pro expire state       source             virtual            destination"));
    }

    private static String lines(String... lines) {
        return String.join("\n", lines) + "\n";
    }
}
