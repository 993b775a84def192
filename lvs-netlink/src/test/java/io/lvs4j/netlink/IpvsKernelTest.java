package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of a real kernel. */
class IpvsKernelTest {
    private static final IpvsServiceKey WEB = TestEntries.tcp("10.0.0.1", 80);

    private Ipvs ipvs;

    @BeforeEach
    void open() {
        ipvs = Ipvs.open();
        ipvs.flush();
    }

    @AfterEach
    void close() {
        ipvs.flush();
        ipvs.close();
    }

    @Test
    void theKernelSaysItsVersion() {
        assertThat(ipvs.info().version()).isEqualTo("1.2.1");
        assertThat(ipvs.info().connectionTableSize()).isPositive();
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        TestEntries entries = new TestEntries(1);
        for (int round = 0; round < 300; round++) {
            IpvsService service = entries.service();
            List<IpvsDestination> destinations = entries.destinations(service.key());
            ipvs.apply(adding(service, destinations));

            assertThat(ipvs.service(service.key()).orElseThrow().service()).isEqualTo(service);
            List<IpvsDestination> read = new ArrayList<>();
            ipvs.destinations(service.key()).forEach(entry -> read.add(0, entry.destination()));
            assertThat(read).isEqualTo(destinations);

            ipvs.apply(List.of(new IpvsChange.RemoveService(service.key())));
        }
    }

    @Test
    void aLongTableIsListedCompletely() {
        TestEntries entries = new TestEntries(2);
        Map<IpvsServiceKey, IpvsService> written = new LinkedHashMap<>();
        while (written.size() < 500) {
            IpvsService service = entries.service();
            written.putIfAbsent(service.key(), service);
        }
        List<IpvsChange> changes = new ArrayList<>();
        written.values().forEach(service -> changes.add(new IpvsChange.AddService(service)));
        for (int i = 0; i < 400; i++) {
            changes.add(new IpvsChange.AddDestination(
                    WEB, IpvsDestination.masquerade(TestEntries.ip("10.1." + i / 200 + "." + (1 + i % 200)), 80, i)));
        }
        written.put(WEB, IpvsService.of(WEB, "rr"));
        changes.add(0, new IpvsChange.AddService(written.get(WEB)));
        ipvs.apply(changes);

        assertThat(ipvs.services())
                .extracting(IpvsServiceEntry::service)
                .containsExactlyInAnyOrderElementsOf(written.values());
        assertThat(ipvs.destinations(WEB))
                .extracting(entry -> entry.destination().weight())
                .containsExactlyElementsOf(
                        IntStream.range(0, 400).map(i -> 399 - i).boxed().toList());
    }

    @Test
    void anEditKeepsTheDestinationsAndTheirOrder() {
        ipvs.apply(adding(IpvsService.of(WEB, "rr"), List.of(server(1, 1), server(2, 1), server(3, 1))));
        ipvs.apply(List.of(
                new IpvsChange.EditService(IpvsService.of(WEB, "wrr")),
                new IpvsChange.EditDestination(WEB, server(2, 7))));
        assertThat(ipvs.service(WEB).orElseThrow().service().scheduler()).isEqualTo("wrr");
        assertThat(ipvs.destinations(WEB))
                .extracting(IpvsDestinationEntry::destination)
                .containsExactly(server(3, 1), server(2, 7), server(1, 1));
        ipvs.apply(List.of(new IpvsChange.RemoveDestination(WEB, server(2, 7).address(), 80)));
        assertThat(ipvs.destinations(WEB)).hasSize(2);
    }

    @Test
    void whatTheKernelRefusesIsExplainedAndTheRestIsCarriedOut() {
        IpvsService service = IpvsService.of(WEB, "rr");
        List<IpvsResult> results = ipvs.tryAll(List.of(
                new IpvsChange.AddService(service),
                new IpvsChange.AddService(service),
                new IpvsChange.EditDestination(WEB, server(1, 1)),
                new IpvsChange.AddDestination(TestEntries.tcp("10.0.0.9", 80), server(1, 1)),
                new IpvsChange.AddService(IpvsService.of(TestEntries.tcp("10.0.0.2", 80), "nosuch")),
                new IpvsChange.AddDestination(WEB, server(1, 1))));
        assertThat(results.stream()
                        .map(result ->
                                result.failure().map(IpvsException::errno).orElse(0)))
                .containsExactly(0, 17, 2, 3, 2, 0);
        assertThat(results.get(1).failure().orElseThrow())
                .hasMessage(
                        "add service tcp 10.0.0.1:80 rr: the kernel says EEXIST: there is such a service already; edit"
                                + " it, or remove it first");
        assertThat(results.get(4).failure().orElseThrow())
                .hasMessageContaining("add service tcp 10.0.0.2:80 nosuch")
                .hasMessageContaining("modprobe ip_vs_nosuch");
        assertThat(ipvs.destinations(WEB)).hasSize(1);
    }

    @Test
    void theDestinationsOfAServiceThatIsNotThereAreAnError() {
        assertThatThrownBy(() -> ipvs.destinations(WEB))
                .isInstanceOf(IpvsException.class)
                .hasMessage("read destinations of tcp 10.0.0.1:80: the kernel says ESRCH: there is no such service");
        assertThat(ipvs.service(WEB)).isEmpty();
        ipvs.apply(adding(IpvsService.of(WEB, "rr"), List.of()));
        assertThat(ipvs.destinations(WEB)).isEmpty();
    }

    @Test
    void timeoutsAreSetAndAZeroLeavesOneAsItIs() {
        IpvsTimeouts before = ipvs.timeouts();
        try {
            ipvs.timeouts(new IpvsTimeouts(Duration.ofSeconds(77), Duration.ZERO, Duration.ofSeconds(9)));
            assertThat(ipvs.timeouts())
                    .isEqualTo(new IpvsTimeouts(Duration.ofSeconds(77), before.tcpFin(), Duration.ofSeconds(9)));
        } finally {
            ipvs.timeouts(before);
        }
        assertThat(ipvs.timeouts()).isEqualTo(before);
    }

    @Test
    void syncDaemonsRunOneOfEachRole() {
        SyncDaemon master =
                new SyncDaemon(SyncDaemon.Role.MASTER, "lo", 6, 1400, TestEntries.ip("224.0.0.82"), 8849, 2);
        SyncDaemon backup = SyncDaemon.of(SyncDaemon.Role.BACKUP, "lo", 7);
        ipvs.start(master);
        ipvs.start(backup);
        try {
            assertThat(ipvs.daemons()).hasSize(2).contains(master);
            assertThatThrownBy(() -> ipvs.start(master)).hasMessageContaining("EEXIST");
        } finally {
            ipvs.stop(SyncDaemon.Role.MASTER);
            ipvs.stop(SyncDaemon.Role.BACKUP);
        }
        assertThat(ipvs.daemons()).isEmpty();
        assertThatThrownBy(() -> ipvs.stop(SyncDaemon.Role.MASTER)).hasMessageContaining("ESRCH");
        assertThatThrownBy(() -> ipvs.start(SyncDaemon.of(SyncDaemon.Role.MASTER, "nothere", 1)))
                .hasMessageContaining("ENODEV");
    }

    @Test
    void anOddEntryOfSomebodyElseIsLeftOutAndHurtsNobody() throws Exception {
        Command.run("ipvsadm", "-A", "-t", "10.0.0.1:80", "-s", "rr");
        Command.run("ipvsadm", "-A", "-t", "10.0.0.3:80", "-s", "wlc", "-p", "300", "-M", "255.0.255.0");
        assertThat(ipvs.services()).extracting(entry -> entry.service().key()).containsExactly(WEB);
    }

    @Test
    void itListsWhatIpvsadmHasWritten() throws Exception {
        Command.run(
                "ipvsadm",
                "-A",
                "-t",
                "10.0.0.1:80",
                "-s",
                "sh",
                "-b",
                "sh-port,sh-fallback",
                "-p",
                "60",
                "-M",
                "255.255.255.0");
        Command.run(
                "ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.1:8080", "-m", "-w", "3", "-x", "10", "-y", "5");
        Command.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.2", "-g");
        Command.run(
                "ipvsadm",
                "-a",
                "-t",
                "10.0.0.1:80",
                "-r",
                "10.0.1.3",
                "-i",
                "--tun-type",
                "gue",
                "--tun-port",
                "6080",
                "--tun-csum");
        Command.run("ipvsadm", "-A", "-u", "[fd00::1]:53", "-s", "wrr", "-o");
        Command.run("ipvsadm", "-A", "-f", "7", "-s", "lc");
        assertThat(ipvs.services())
                .extracting(entry -> entry.service().toString())
                .containsExactlyInAnyOrder(
                        "tcp 10.0.0.1:80 sh flags 3 persistent 60 s /24",
                        "udp [fd00:0:0:0:0:0:0:1]:53 wrr one-packet",
                        "fwmark 7 inet lc");
        assertThat(ipvs.destinations(WEB))
                .extracting(entry -> entry.destination().toString())
                .containsExactly(
                        "10.0.1.3:80 tunnel gue 6080 weight 1",
                        "10.0.1.2:80 direct-routing weight 1",
                        "10.0.1.1:8080 masquerade weight 3 threshold 5..10");
    }

    @Test
    void ipvsadmListsWhatItHasWritten() throws Exception {
        ipvs.apply(adding(
                IpvsService.of(WEB, "mh")
                        .withSchedulerFlags(3)
                        .withPersistence(new IpvsService.Persistence(Duration.ofSeconds(60), 24)),
                List.of(server(1, 3), server(2, 0))));
        ipvs.apply(adding(
                IpvsService.of(new IpvsServiceKey.Address(Protocol.UDP, TestEntries.ip("fd00::1"), 53), "wrr")
                        .withOnePacket(),
                List.of()));
        assertThat(Command.run("ipvsadm", "-Sn").lines())
                .containsExactlyInAnyOrder(
                        "-A -t 10.0.0.1:80 -s mh -p 60 -M 255.255.255.0 -b mh-fallback,mh-port",
                        "-a -t 10.0.0.1:80 -r 10.0.1.2:80 -m -w 0",
                        "-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 3",
                        "-A -u [fd00::1]:53 -s wrr -o");
    }

    private static IpvsDestination server(int number, int weight) {
        return IpvsDestination.masquerade(TestEntries.ip("10.0.1." + number), 80, weight);
    }

    private static List<IpvsChange> adding(IpvsService service, List<IpvsDestination> destinations) {
        List<IpvsChange> changes = new ArrayList<>();
        changes.add(new IpvsChange.AddService(service));
        destinations.forEach(each -> changes.add(new IpvsChange.AddDestination(service.key(), each)));
        return changes;
    }
}
