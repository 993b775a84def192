package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.LvsException;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A real kernel, of whose answers one is spoiled: each one in turn. */
@Isolated // it clears tables that others may be using
class FaultKernelTest {
    private static final IpvsServiceKey WEB = TestEntries.tcp("10.0.0.1", 80);
    private static final int LONG_LIST = 600;

    private final TappedChannel channel = new TappedChannel();
    private Ipvs spoiled;
    private Ipvs ipvs;

    @BeforeEach
    void open() {
        spoiled = Ipvs.open(() -> channel, Optional.empty());
        ipvs = Ipvs.open();
        ipvs.flush();
    }

    @AfterEach
    void close() {
        ipvs.flush();
        ipvs.close();
        spoiled.close();
    }

    @ParameterizedTest
    @EnumSource
    void aListIsWholeOrAnErrorAndTheNextOneIsWhole(TappedChannel.Fault fault) {
        List<IpvsChange> changes = new ArrayList<>();
        changes.add(new IpvsChange.AddService(IpvsService.of(WEB, "rr")));
        IntStream.range(0, LONG_LIST)
                .forEach(i -> changes.add(new IpvsChange.AddDestination(
                        WEB,
                        IpvsDestination.masquerade(TestEntries.ip("10.1." + i / 200 + "." + (1 + i % 200)), 80, i))));
        ipvs.apply(changes);
        int before = channel.received();
        List<Integer> whole = weights();
        int answers = channel.received() - before;
        assertThat(whole).hasSize(LONG_LIST);
        assertThat(answers).isGreaterThan(4);
        for (int answer = 1; answer <= answers; answer++) {
            channel.spoil(answer, fault);
            assertThatThrownBy(this::weights)
                    .as("answer %s of %s", answer, answers)
                    .isInstanceOf(IpvsException.class)
                    .hasMessageContaining("read destinations of tcp 10.0.0.1:80");
            assertThat(weights()).isEqualTo(whole);
        }
    }

    private List<Integer> weights() {
        return spoiled.destinations(WEB).stream()
                .map(entry -> entry.destination().weight())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void aTableIsWrittenOrAnErrorAndTheNextAttemptSucceeds(TappedChannel.Fault fault) {
        int errors = 0;
        int answer = 0;
        for (boolean spoiledOne = true; spoiledOne; ) {
            answer++;
            ipvs.flush();
            ManualTime time = new ManualTime();
            TappedChannel tapped = new TappedChannel();
            try (Director director = CrashScene.director(() -> Ipvs.open(() -> tapped, Optional.empty()), time)) {
                director.apply(List.of(web(1, "rr", 1), web(2, "rr", 1)));
                int before = tapped.received();
                tapped.spoil(answer, fault);
                try {
                    director.apply(List.of(web(1, "wlc", 3), web(3, "rr", 2)));
                } catch (LvsException e) {
                    errors++;
                    assertThat(e).hasMessageContaining("tcp 10.0.0.").hasNoSuppressedExceptions();
                }
                spoiledOne = tapped.received() - before >= answer;
                director.apply(List.of(web(1, "wlc", 3), web(3, "rr", 2)));
                assertThat(table())
                        .as("answer %s spoiled", answer)
                        .containsExactlyInAnyOrder(
                                "tcp 10.0.0.1:80 wlc [10.0.1.3, 10.0.1.2, 10.0.1.1]",
                                "tcp 10.0.0.3:80 rr [10.0.1.2, 10.0.1.1]");
                int repaired = tapped.changes().size();
                time.advance(CrashScene.INTERVAL);
                assertThat(tapped.changes()).hasSize(repaired);
            }
            assertThat(ipvs.services()).isEmpty();
        }
        System.out.println(fault + ": " + (answer - 1) + " answers of a change, " + errors + " errors");
    }

    /** As above, but it is the kernel's system calls that fail: in a process of its own, which takes 20 s when it is watched. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "recvfrom:error=ENOBUFS:when=7+11, sendto:error=EINTR:when=5+4", // an answer is lost
        "recvfrom:error=EAGAIN:when=7+14, sendto:error=ENOBUFS:when=9+17", // it is late
        "recvfrom:retval=28:when=7+15, sendto:error=EAGAIN:when=9+17", // it is cut
        "recvfrom:retval=70000:when=7+17, sendto:error=EPERM:when=9+17" // it is longer than what is read
    })
    void howeverSystemCallsFailTheTableIsAsWantedInTheEnd(String answers, String questions, @TempDir Path directory)
            throws Exception {
        Path calls = directory.resolve("calls");
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-o",
                        calls.toString(),
                        "-e",
                        "trace=sendto,recvfrom",
                        "-e",
                        "inject=" + answers,
                        "-e",
                        "inject=" + questions,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:UseAVX=2",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FaultChild.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        List<String> written = Files.readAllLines(output);
        assertThat(process.exitValue()).as("%s", written).isZero();
        List<String> errors =
                written.stream().filter(line -> line.startsWith("error: ")).toList();
        assertThat(errors)
                .hasSizeGreaterThan(4)
                .allMatch(line -> line.matches(".*(tcp 10\\.8\\.0\\.[123]:80|services).*"));
        assertThat(Files.readAllLines(calls).stream().filter(line -> line.contains("(INJECTED)")))
                .anyMatch(line -> line.contains(" sendto("))
                .anyMatch(line -> line.contains(" recvfrom("));
        assertThat(table())
                .containsExactlyInAnyOrder(
                        "tcp 10.8.0.1:80 wlc [10.8.1.3, 10.8.1.2, 10.8.1.1]", "tcp 10.8.0.3:80 rr [10.8.1.9]");
        System.out.println(answers + ", " + questions + ": " + errors.size() + " errors");
    }

    private static VirtualService web(int host, String scheduler, int servers) {
        VirtualService.Builder service =
                VirtualService.builder().listen("10.0.0." + host, 80).scheduler(scheduler);
        IntStream.rangeClosed(1, servers).forEach(i -> service.realServer("10.0.1." + i, 80));
        return service.build();
    }

    private List<String> table() {
        return ipvs.services().stream()
                .map(entry -> entry.service() + " "
                        + ipvs.destinations(entry.service().key()).stream()
                                .map(to -> to.destination().address().getHostAddress())
                                .toList())
                .toList();
    }

    @Test
    void aServiceWhoseRemovalFailsStaysAndCanBeRemovedAgainWithItsRule() throws Exception {
        ManualTime time = new ManualTime();
        TappedChannel tapped = new TappedChannel();
        VirtualService fullNat = web(1, "rr", 1).toBuilder()
                .forwarding(ForwardingMethod.fullNat())
                .build();
        try (Director director = CrashScene.director(() -> Ipvs.open(() -> tapped, Optional.empty()), time)) {
            director.add(fullNat);
            tapped.losesRequests(true);
            assertThatThrownBy(() -> director.remove(fullNat.key())).isInstanceOf(IpvsException.class);
            tapped.losesRequests(false);
            int before = tapped.changes().size();
            time.advance(CrashScene.INTERVAL);
            assertThat(tapped.changes()).hasSize(before);
            assertThat(ipvs.services()).hasSize(1);
            assertThat(rules()).hasSize(1);

            director.remove(fullNat.key());

            assertThat(ipvs.services()).isEmpty();
            assertThat(rules()).isEmpty();
        }
    }

    private static List<String> rules() throws Exception {
        return Command.run("iptables", "-t", "nat", "-S", "POSTROUTING")
                .lines()
                .filter(rule -> rule.contains("lvs4j:"))
                .toList();
    }

    @Test
    void aServiceThatCannotBeDescribedIsAnErrorThatNamesIt() throws Exception {
        Command.run("ipvsadm", "-A", "-t", "10.0.0.1:80", "-s", "wlc", "-p", "300", "-M", "255.0.255.0");
        assertThatThrownBy(() -> ipvs.service(WEB))
                .isInstanceOf(IpvsException.class)
                .hasMessageContaining("read service tcp 10.0.0.1:80: IPVS service: netmask ff00ff00");
    }
}
