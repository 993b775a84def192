package io.lvs4j.examples;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.ipvsadm.KernelListing;
import io.lvs4j.ipvsadm.Listing;
import io.lvs4j.ipvsadm.Rules;
import io.lvs4j.ipvsadm.SavedRules;
import io.lvs4j.ipvsadm.ServiceListing;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.netlink.Ipvs;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.IpvsTimeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real ipvsadm beside ours: both read the same lines alike, and show the same table alike, to the byte. */
class IpvsadmKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30); // the kernel counts every 2 s
    private static final String VIP = "10.88.0.1";

    private static final int BATCH = 50;
    private static final String BEFORE = """
            -C
            -A -t 10.0.0.1:80
            -a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 7
            -A -f 5 -6 -s rr
            """;

    /** Services of all kinds, added in no order. */
    private static final String RULES = """
            -A -t 10.88.0.1:80 -s wrr -p 300 -M 255.255.255.0
            -a -t 10.88.0.1:80 -r 10.1.0.2:8080 -m -w 0
            -a -t 10.88.0.1:80 -r 10.1.0.1:80 -g -w 5 -x 10 -y 5
            -a -t 10.88.0.1:80 -r 10.1.0.3 -i --tun-type gue --tun-port 6080 --tun-csum
            -a -t 10.88.0.1:80 -r 10.1.0.4 -i --tun-type gre
            -a -t 10.88.0.1:80 -r 10.1.0.5 -i -x 2147483647
            -a -t 10.88.0.1:80 -r 172.16.0.1 -i --tun-type gue --tun-port 99 --tun-remcsum
            -a -t 10.88.0.1:80 -r 192.168.0.1 -i
            -a -t 10.88.0.1:80 -r 100.64.0.1 -i
            -a -t 10.88.0.1:80 -r 203.0.113.1 -i
            -a -t 10.88.0.1:80 -r [fd00::9]:80 -i
            -a -t 10.88.0.1:80 -r [8::9]:80 -i
            -A -t 192.168.0.1:443 -s mh -b mh-port,mh-fallback -p
            -A -t 172.16.0.1:443 -s lblcr
            -A -t 100.64.0.1:443 -s nq
            -A -t 203.0.113.1:443 -s rr -b flag-1,flag-3
            -A -t 8.8.8.8:443 -s sed
            -A -u 10.88.0.1:53 -s rr -o
            -a -u 10.88.0.1:53 -r 10.1.0.1 -m -w 2147483647
            -A -u 10.88.0.1:54 -s sh -b sh-port,sh-fallback -p 20 -M 255.255.0.0 --pe sip -o
            -A --sctp-service 10.88.0.3:9 -s dh
            -a --sctp-service 10.88.0.3:9 -r 127.0.0.1:9 -m
            -A -f 5 -s lc
            -a -f 5 -r 10.1.0.9 -m
            -a -f 5 -r 10.1.0.9:81 -g
            -A -f 6 -6 -s fo -p 100 -M 64
            -a -f 6 -6 -r [fd00:1111:2222:3333:4444:5555:6666:7777]:80 -m
            -A -f 6 -s ovf
            -A -t [fd00::1]:443 -s rr -p 60
            -a -t [fd00::1]:443 -r [2001:db8:0:0:1::9]:443 -g
            -a -t [fd00::1]:443 -r [::1:2]:443 -g
            -a -t [fd00::1]:443 -r 10.1.0.9:443 -i
            -A -t [2001:db8::1]:443
            -A -t 10.88.0.8 -p 10
            """;

    private final Ipvs ipvs = Ipvs.open();

    @BeforeEach
    void begin() {
        ipvs.flush();
    }

    @AfterEach
    void end() {
        ipvs.flush();
        ipvs.close();
    }

    /** Or another test could not unload what these modules use. */
    @AfterAll
    static void unloadSchedulers() throws IOException {
        script("", "rmmod $(awk '/^ip_vs_/ { print $1 }' /proc/modules); ip addr del " + VIP + "/32 dev lo");
    }

    private static String ipvsadm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ChildProcess.program("ipvsadm", "ipvsadm")));
        command.addAll(Arrays.asList(arguments));
        String out = ChildProcess.run(command);
        return out.isEmpty() ? out : out + "\n";
    }

    /** Runs a script, with a text as {@code /tmp/text}, and returns what it wrote. */
    private static String script(String text, String script) throws IOException {
        Files.writeString(Path.of("/tmp/text"), text);
        return ChildProcess.run(List.of("/bin/bash", "-c", "PATH=$PATH:/usr/sbin:/sbin; " + script));
    }

    private static void restore(String rules) throws IOException {
        script(rules, "ipvsadm -R </tmp/text");
    }

    private static void assertSame(Supplier<String> ours, String... ipvsadm) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ours.get()).isEqualTo(ipvsadm(ipvsadm)));
    }

    private ServiceListing table() {
        return KernelTable.listing(ipvs).sorted();
    }

    private static void prepare() throws IOException {
        script("", "ip link set lo up; ip addr replace " + VIP + "/32 dev lo");
    }

    // ---------------------------------------------------------------- listings

    @Test
    void theKernelsTableIsListedAsByIpvsadm() throws IOException {
        prepare();
        restore(RULES);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            restore("-A -t " + VIP + ":4000 -s rr -p 60\n-a -t " + VIP + ":4000 -r 127.0.0.1:" + server.getLocalPort()
                    + " -m -x 5\n");
            try (Socket client = new Socket(VIP, 4000);
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(new byte[100]);
                assertThat(accepted.getInputStream().readNBytes(100)).hasSize(100);
                await().atMost(PATIENCE).until(() -> Listing.STATS.text(table()).matches("(?s).*:4000 +1 +[1-9].*"));

                assertSame(() -> Listing.TABLE.text(table()), "-Ln");
                assertThat(Listing.TABLE.text(table())).contains("Masq    1      1          0 ");
                assertSame(() -> table().rules(), "-Sn");
                assertSame(() -> Listing.THRESHOLDS.text(table()), "-Ln", "--thresholds");
                assertSame(() -> Listing.PERSISTENT_CONN.text(table()), "-Ln", "--persistent-conn");
                assertSame(() -> Listing.TUN_INFO.text(table()), "-Ln", "--tun-info");
                assertSame(() -> Listing.STATS.text(table()), "-Ln", "--stats");
                assertSame(() -> Listing.STATS_EXACT.text(table()), "-Ln", "--stats", "--exact");
                assertSame(() -> Listing.RATE.text(table()), "-Ln", "--rate");
                assertSame(() -> Listing.connections(ipvs.connections()), "-Lcn");
                assertSame(
                        () -> KernelListing.connectionsWithEngines(ipvs.connections().stream()
                                .map(entry -> new KernelListing.Connection(entry, Optional.empty()))
                                .toList()),
                        "-Lcn",
                        "--persistent-conn");
            }
        }
    }

    @Test
    void timeoutsAreListedAsByIpvsadm() {
        IpvsTimeouts timeouts = ipvs.timeouts();
        assertSame(() -> KernelListing.timeouts(timeouts.tcp(), timeouts.tcpFin(), timeouts.udp()), "-Ln", "--timeout");
    }

    @Test
    void syncDaemonsAreListedAsByIpvsadm() throws IOException {
        script(
                "",
                "ip link add lvsadm0 type dummy && ip link set lvsadm0 up && ip addr add 10.88.9.1/24 dev lvsadm0"
                        + " && ipvsadm --start-daemon master --mcast-interface lvsadm0 --syncid 3"
                        + " && ipvsadm --start-daemon backup --mcast-interface lvsadm0 --syncid 7 --mcast-group 224.0.0.99"
                        + " --mcast-port 9999 --mcast-ttl 4 --sync-maxlen 1400");
        try {
            assertSame(() -> KernelListing.daemons(KernelTable.daemons(ipvs)), "-Ln", "--daemon");
        } finally {
            script("", "ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup; ip link del lvsadm0");
        }
    }

    @Test
    void aDirectorsServicesAreListedAsTheKernelsByIpvsadm() {
        try (Director director =
                Director.builder().backend(IpvsBackend.create()).build()) {
            SERVICES.forEach(director::add);
            director.service(SERVICES.get(0).key()).server("10.1.0.2:8080").weight(0);
            Supplier<ServiceListing> listing = () -> ServiceListing.of(director.snapshot());
            assertSame(() -> Listing.TABLE.text(listing.get()), "-Ln");
            assertSame(() -> listing.get().rules(), "-Sn");
            assertSame(() -> Listing.THRESHOLDS.text(listing.get()), "-Ln", "--thresholds");
            assertSame(() -> Listing.STATS.text(listing.get()), "-Ln", "--stats");
            assertSame(() -> Listing.PERSISTENT_CONN.text(listing.get()), "-Ln", "--persistent-conn");
            assertSame(() -> Listing.TUN_INFO.text(listing.get()), "-Ln", "--tun-info");
        }
    }

    @Test
    void aDirectorsConnectionsAreListedAsTheKernelsByIpvsadm() throws IOException {
        prepare();
        try (Director director =
                        Director.builder().backend(IpvsBackend.create()).build();
                ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            ServiceHandle service = director.add(VirtualService.builder()
                    .listen(VIP, 4001)
                    .scheduler("rr")
                    .persistence(Duration.ofMinutes(1))
                    .realServer("127.0.0.1", server.getLocalPort())
                    .build());
            try (Socket client = new Socket(VIP, 4001);
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(1);
                assertThat(accepted.getInputStream().read()).isOne();
                assertThat(service.connections(10).entries()).hasSize(2);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(Listing.connections(
                                        service.connections(10).entries()))
                                .isEqualTo(ipvsadm("-Lcn")
                                        .lines()
                                        .filter(line ->
                                                !line.matches("(TCP|UDP|IP ) .*") || line.contains(VIP + ":4001 "))
                                        .map(line -> line + "\n")
                                        .collect(joining())));
            }
        }
    }

    // ---------------------------------------------------------------- rules

    @Test
    void whatIsSavedIsTakenByIpvsadmAndReadBack() throws IOException {
        SavedRules saved = SavedRules.of(SERVICES);
        restore(saved.text());
        assertThat(saved.lost()).isEmpty();
        Rules.Services read = Rules.read("saved", saved.text()).services();
        assertThat(read.diagnostics()).isEmpty();
        assertThat(ipvsadm("-Sn")).isEqualTo(read.table().sorted().rules());
        assertThat(table().services())
                .as("with thresholds")
                .isEqualTo(read.table().sorted().services());
        Rules.Services again = Rules.read("ipvsadm", ipvsadm("-Sn")).services();
        assertThat(again.diagnostics()).isEmpty();
        assertThat(again.services()).hasSameSizeAs(SERVICES);
    }

    @Test
    void linesAreTakenAndRefusedAsByIpvsadm() throws IOException {
        List<String> lines = RuleLines.lines();
        ServiceListing unchanged = Rules.read("rules", BEFORE).services().table();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += BATCH) {
            outcomes.addAll(outcomes(lines.subList(i, Math.min(i + BATCH, lines.size()))));
        }
        List<String> differences = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < lines.size(); i++) {
            Rules.Services read = Rules.read("rules", BEFORE + lines.get(i)).services();
            boolean ok = read.diagnostics().stream().noneMatch(IpvsadmKernelTest::isRefused);
            taken += ok ? 1 : 0;
            Outcome ours =
                    new Outcome(ok, (ok ? read.table() : unchanged).sorted().rules());
            if (!ours.equals(outcomes.get(i))) {
                differences.add(
                        lines.get(i) + "\nipvsadm: " + outcomes.get(i) + "\nours: " + ours + read.diagnostics());
            }
        }
        assertThat(differences).isEmpty();
        assertThat(taken).as("of " + lines.size()).isBetween(lines.size() / 5, lines.size() * 4 / 5);
    }

    /**
     * What becomes of a line.
     *
     * @param taken whether it was taken
     * @param table what {@code -Sn} says then
     */
    private record Outcome(boolean taken, String table) {}

    /** Lets ipvsadm have each line, every time with the same table before it. */
    private static List<Outcome> outcomes(List<String> lines) throws IOException {
        String out = script(
                BEFORE + String.join("\n", lines) + "\n",
                "mapfile -t lines </tmp/text; for line in \"${lines[@]:4}\"; do"
                        + " printf '%s\\n' \"${lines[@]:0:4}\" \"$line\" | ipvsadm -R >/dev/null 2>&1; echo \"= $?\";"
                        + " ipvsadm -Sn; done");
        List<Outcome> outcomes = new ArrayList<>();
        for (String outcome : (out + "\n").substring("= ".length()).split("(?m)^= ")) {
            int end = outcome.indexOf('\n');
            outcomes.add(new Outcome(outcome.substring(0, end).equals("0"), outcome.substring(end + 1)));
        }
        assertThat(outcomes).hasSameSizeAs(lines);
        return outcomes;
    }

    /** Of what only descriptions cannot hold ipvsadm refuses no more than schedulers that there are not. */
    private static boolean isRefused(Diagnostic found) {
        return found.severity() == Diagnostic.Severity.ERROR
                && (!found.code().equals("unsupported-value") || found.message().startsWith("-s: "));
    }

    private static final List<VirtualService> SERVICES = List.of(
            VirtualService.builder()
                    .listen("10.0.0.1", 80)
                    .scheduler("wrr")
                    .persistence(Persistence.of(Duration.ofSeconds(300)).withNetmask("255.255.255.0"))
                    .realServer(
                            "10.1.0.1",
                            8080,
                            server -> server.weight(5).upperThreshold(10).lowerThreshold(5))
                    .realServer("10.1.0.2", 8080, server -> server.weight(65535))
                    .realServer("192.168.0.1", 8080, server -> server.weight(0))
                    .realServer("10.1.0.3", 80, server -> server.forwarding(ForwardingMethod.directRouting()))
                    .realServer("10.1.0.4", 80, server -> server.forwarding(ForwardingMethod.tunnel(Encapsulation.GUE)))
                    .build(),
            VirtualService.builder()
                    .protocol(Protocol.UDP)
                    .listen("10.0.0.1", 53)
                    .scheduler("rr")
                    .onePacketScheduling()
                    .forwarding(ForwardingMethod.tunnel(Encapsulation.GRE))
                    .realServer("10.1.0.1", 53, server -> server.upperThreshold(7))
                    .build(),
            VirtualService.builder()
                    .protocol(Protocol.SCTP)
                    .listen("192.168.7.1", 9)
                    .scheduling(Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK, SchedulerFlag.SH_PORT))
                    .build(),
            VirtualService.builder()
                    .listen("fd00::1", 443)
                    .scheduling(Scheduling.of("mh").withFlags(SchedulerFlag.MH_PORT))
                    .persistence(Persistence.of(Duration.ofSeconds(60)).withIpv6PrefixLength(64))
                    .forwarding(ForwardingMethod.directRouting())
                    .realServer("fd00::2", 443)
                    .realServer("fd00::3", 443)
                    .build(),
            VirtualService.builder()
                    .firewallMark(7, AddressFamily.INET)
                    .scheduler("lc")
                    .forwarding(ForwardingMethod.tunnel(Encapsulation.IPIP))
                    .realServer("10.1.0.1", 80)
                    .build(),
            VirtualService.builder()
                    .firewallMark(7, AddressFamily.INET6)
                    .scheduler("sed")
                    .realServer("fd00::2", 443)
                    .build());
}
