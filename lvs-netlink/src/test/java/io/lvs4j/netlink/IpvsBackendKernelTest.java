package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceHandle;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a director on a real kernel's table writes, without any traffic. */
class IpvsBackendKernelTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final IpvsServiceKey WEB = TestEntries.tcp("10.0.0.1", 80);

    private final ManualTime time = new ManualTime();
    private final BlockingQueue<DirectorEvent> repairs = new LinkedBlockingQueue<>();
    private Ipvs ipvs;
    private Director director;

    @BeforeEach
    void open() {
        ipvs = Ipvs.open();
        ipvs.flush();
        director = director();
    }

    private Director director() {
        return Director.builder()
                .backend(IpvsBackend.builder()
                        .prepareHost(true)
                        .repairInterval(INTERVAL)
                        .build())
                .ticker(time)
                .timers(time)
                .listener(event -> {
                    if (event instanceof DirectorEvent.DriftRepaired) {
                        repairs.add(event);
                    }
                })
                .build();
    }

    @AfterEach
    void close() {
        director.close();
        ipvs.flush();
        ipvs.close();
    }

    private static VirtualService.Builder web(int servers) {
        VirtualService.Builder service =
                VirtualService.builder().listen("10.0.0.1", 80).scheduler("wrr");
        IntStream.rangeClosed(1, servers).forEach(i -> service.realServer("10.0.1." + i, 8080));
        return service;
    }

    private List<String> table() {
        return ipvs.destinations(WEB).stream()
                .map(entry -> entry.destination().toString())
                .toList();
    }

    @Test
    void aServiceIsWrittenChangedAndRemoved() {
        ServiceHandle service = director.add(web(2).build());
        assertThat(table()).containsExactly("10.0.1.2:8080 masquerade weight 1", "10.0.1.1:8080 masquerade weight 1");
        service.update(web(0).scheduling(Scheduling.of("sh").withFlags(SchedulerFlag.SH_PORT))
                .persistence(Persistence.of(Duration.ofSeconds(60)).withNetmask("255.255.255.0"))
                .realServer(RealServer.builder("10.0.1.2", 8080)
                        .weight(5)
                        .upperThreshold(10)
                        .build())
                .realServer("10.0.1.3", 8080)
                .build());
        assertThat(ipvs.service(WEB).orElseThrow().service())
                .hasToString("tcp 10.0.0.1:80 sh flags 2 persistent 60 s /24");
        assertThat(table())
                .containsExactly(
                        "10.0.1.3:8080 masquerade weight 1", "10.0.1.2:8080 masquerade weight 5 threshold 0..10");
        service.remove();
        assertThat(ipvs.services()).isEmpty();
    }

    @Test
    void everyListenAddressIsAServiceOfTheKernel() {
        director.add(
                web(1).listen("10.0.0.2", 8000).listen("fd00::1", 80).build().withRealServers(List.of()));
        assertThat(ipvs.services()).hasSize(3);
    }

    @Test
    void onePacketSchedulingIsSwitchedOnAndOff() throws Exception {
        VirtualService dns = VirtualService.builder()
                .listen("10.0.0.1", 53)
                .protocol(Protocol.UDP)
                .scheduler("rr")
                .onePacketScheduling()
                .persistence(Duration.ofSeconds(60))
                .build();
        ServiceHandle service = director.add(dns);
        director.add(VirtualService.builder()
                .firewallMark(7, AddressFamily.INET)
                .scheduler("rr")
                .onePacketScheduling()
                .build());
        assertThat(Command.run("ipvsadm", "-Sn").lines())
                .containsExactlyInAnyOrder("-A -u 10.0.0.1:53 -s rr -p 60 -o", "-A -f 7 -s rr -o");
        service.update(dns.toBuilder().noOnePacketScheduling().build());
        assertThat(Command.run("ipvsadm", "-Sn").lines())
                .containsExactlyInAnyOrder("-A -u 10.0.0.1:53 -s rr -p 60", "-A -f 7 -s rr -o");
    }

    @Test
    void servicesThatItDoesNotKnowAreLeftAlone() throws Exception {
        Command.run("ipvsadm", "-A", "-t", "10.0.0.9:80", "-s", "rr", "-p", "300");
        Command.run("ipvsadm", "-a", "-t", "10.0.0.9:80", "-r", "10.0.9.1:80", "-g");
        director.add(web(1).build());
        time.advance(INTERVAL);
        director.close();
        assertThat(Command.run("ipvsadm", "-Sn").lines())
                .containsExactly("-A -t 10.0.0.9:80 -s rr -p 300", "-a -t 10.0.0.9:80 -r 10.0.9.1:80 -g -w 1");
    }

    @Test
    void whatAnEarlierDirectorLeftBehindIsTakenOverAndNotWrittenAgain() throws Exception {
        Command.run("ipvsadm", "-A", "-t", "10.0.0.1:80", "-s", "wrr");
        Command.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.7:8080", "-m");
        Command.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.1:8080", "-m", "-w", "3");
        director.add(web(2).build());
        assertThat(table()).containsExactly("10.0.1.2:8080 masquerade weight 1", "10.0.1.1:8080 masquerade weight 1");
    }

    @Test
    void whatSomebodyElseChangesIsMendedAndAnnounced() throws Exception {
        director.add(web(2).build());
        Command.run("ipvsadm", "-e", "-t", "10.0.0.1:80", "-r", "10.0.1.1:8080", "-m", "-w", "9");
        Command.run("ipvsadm", "-d", "-t", "10.0.0.1:80", "-r", "10.0.1.2:8080");
        Command.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.3:8080", "-m");
        time.advance(INTERVAL);
        DirectorEvent event = repairs.poll(10, TimeUnit.SECONDS);
        assertThat(((DirectorEvent.DriftRepaired) event).changes())
                .containsExactly(
                        "add destination 10.0.1.2:8080 masquerade weight 1 to tcp 10.0.0.1:80",
                        "edit destination 10.0.1.1:8080 masquerade weight 1 of tcp 10.0.0.1:80",
                        "remove destination 10.0.1.3:8080 of tcp 10.0.0.1:80");
        assertThat(table()).hasSize(2);
        time.advance(INTERVAL);
        assertThat(repairs).isEmpty();
    }

    @Test
    void aTableThatSomebodyElseClearedIsWrittenAnew() throws Exception {
        director.add(web(2).build());
        Command.run("ipvsadm", "-C");
        time.advance(INTERVAL);
        assertThat(table()).hasSize(2);
    }

    @Test
    void whoeverInsistsIsGivenTwiceTheTimeAtEachRepair() {
        director.add(web(1).build());
        int mended = 0;
        for (int looks = 0; looks < 1 + 1 + 2 + 4 + 8; looks++) {
            ipvs.flush();
            time.advance(INTERVAL);
            mended += ipvs.service(WEB).isPresent() ? 1 : 0;
        }
        assertThat(mended).isEqualTo(5);
    }

    @Test
    void aServiceThatIsBeingClosedStaysQuiesced() {
        director.add(web(2).build());
        director.closeGracefully(Duration.ofMinutes(1)); // ends at the next look, as there are no connections
        assertThat(ipvs.destinations(WEB))
                .extracting(entry -> entry.destination().weight())
                .containsOnly(0);
        time.advance(INTERVAL);
        assertThat(ipvs.services()).isEmpty();
        assertThat(repairs).isEmpty();
    }

    @Test
    void aRefusalLeavesTheTableAsItWas() {
        VirtualService before = web(2).build();
        ServiceHandle service = director.add(before);
        ipvs.start(SyncDaemon.of(SyncDaemon.Role.MASTER, "lo", 1));
        try {
            assertThatThrownBy(() -> service.update(web(1).scheduler("rr")
                            .forwarding(ForwardingMethod.tunnel(ForwardingMethod.Encapsulation.IPIP))
                            .realServer("fd00::9", 80)
                            .build()))
                    .isInstanceOf(IpvsException.class)
                    .hasMessageContaining("EINVAL")
                    .hasMessageContaining("no sync daemon");
        } finally {
            ipvs.stop(SyncDaemon.Role.MASTER);
        }
        assertThat(ipvs.service(WEB).orElseThrow().service()).hasToString("tcp 10.0.0.1:80 wrr");
        assertThat(table()).containsExactly("10.0.1.2:8080 masquerade weight 1", "10.0.1.1:8080 masquerade weight 1");
        assertThat(service.snapshot().service()).isEqualTo(before);
    }

    @Test
    void whatTheKernelCannotDoIsRefusedBeforeAnythingChanges() {
        assertThatThrownBy(
                        () -> director.add(web(1).scheduling(Scheduling.of("mh").withTableSize(251))
                                .build()))
                .isInstanceOf(UnsupportedSettingException.class)
                .hasMessageContaining("scheduler table size: 251 (expected: 4093");
        assertThatThrownBy(() -> director.add(web(1).listen("0.0.0.0", 81).build()))
                .hasMessageContaining("listen: 0.0.0.0:81")
                .hasMessageContaining("firewallMark");
        assertThatThrownBy(() -> director.add(web(1).listen("10.0.0.2", 80)
                        .persistence(Duration.ofSeconds(9))
                        .build()))
                .hasMessageContaining("persistence: with 2 listen addresses");
        assertThat(ipvs.services()).isEmpty();
    }

    @Test
    void whatServicesWantOfTheHostIsSetWhenAsked() throws Exception {
        Command.run("sysctl", "-w", "net.ipv4.vs.expire_nodest_conn=0", "net.ipv4.ip_forward=0");
        VirtualService service = web(1).persistence(Duration.ofSeconds(9)).build();
        IpvsBackend looking = IpvsBackend.create();
        assertThat(looking.prerequisites(List.of(service)))
                .filteredOn(wanted -> !wanted.met())
                .extracting(Prerequisite::name)
                .contains("net.ipv4.vs.expire_nodest_conn", "net.ipv4.ip_forward");
        director.add(service);
        assertThat(looking.prerequisites(List.of(service))).allMatch(Prerequisite::met);
    }
}
