package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that dies while it writes, and the one after it. */
@Isolated // it clears tables that others may be using
@Timeout(CrashKernelTest.TEST_SECONDS)
class CrashKernelTest {
    private static final int KILLED = 128 + 9;
    static final int TEST_SECONDS = 300;
    private static final int CHILD_SECONDS = 240;

    private final KernelNetwork network = KernelNetwork.get();
    private Ipvs ipvs;
    private List<String> foreign;

    @BeforeEach
    void addForeignServices() throws Exception {
        ipvs = Ipvs.open(network.director());
        ipvs.flush();
        new Sysctl(Optional.of(network.director())).set("net.ipv4.ip_forward", "1");
        ipvsadm("-A", "-t", "172.30.0.1:80", "-s", "sh", "-b", "sh-port", "-p", "300", "-M", "255.255.0.0");
        ipvsadm("-a", "-t", "172.30.0.1:80", "-r", "192.168.255.1:80", "-g", "-w", "7");
        ipvsadm("-A", "-f", "9", "-s", "lc");
        ipvsadm("-a", "-f", "9", "-r", "192.168.255.2", "-i", "--tun-type", "gue", "--tun-port", "6080");
        foreign = ipvsadm("-Sn").lines().toList();
    }

    @AfterEach
    void close() {
        ipvs.flush();
        ipvs.close();
    }

    private String ipvsadm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + network.director(), "ipvsadm"));
        command.addAll(List.of(arguments));
        return Command.run(command.toArray(String[]::new));
    }

    private TappedChannel channel() {
        return NetworkNamespace.call(network.director(), TappedChannel::new);
    }

    private static Ipvs table(TappedChannel channel) {
        return Ipvs.open(() -> channel, Optional.empty());
    }

    /** The life after it, which ends in order. Returns what it has written. */
    private List<String> restart(CrashScene scene) throws Exception {
        TappedChannel channel = channel();
        ManualTime time = new ManualTime();
        try (Director director = CrashScene.director(() -> table(channel), time)) {
            director.apply(scene.after());
            List<String> written = channel.changes();
            scene.assertAfter(ipvs);
            assertThat(ipvsadm("-Sn").lines()).containsAll(foreign);

            int sent = channel.sent();
            director.apply(scene.after());
            time.advance(CrashScene.INTERVAL);
            assertThat(channel.sent()).isGreaterThan(sent);
            assertThat(channel.changes()).as("changes when nothing is to do").isEqualTo(written);
            return written;
        }
    }

    /** Every send of one message is the one before which a process is killed, with SIGKILL. */
    @Tag("slow")
    @Test
    @Timeout(600)
    void whereverTheProcessDiesTheNextOneWritesOnlyWhatIsMissing(@TempDir Path directory) throws Exception {
        int steps = 0;
        int changes = 0;
        for (boolean survived = false; !survived; steps++) {
            CrashScene scene = new CrashScene(steps);
            scene.set(ipvs, network);
            int status = run(directory, java(steps, true, steps));
            assertThat(status).as("killed before send %s", steps + 1).isIn(0, KILLED);
            survived = status == 0;
            boolean left = scene.removedIsLeft(ipvs);
            List<String> written = new ArrayList<>(Files.readAllLines(directory.resolve("output")));
            written.removeIf(line -> !line.matches("[0-9a-f]+")); // warnings of the log
            written.addAll(restart(scene));
            assertThat(written).as("killed after %s sends", steps).doesNotHaveDuplicates();
            changes = Math.max(changes, written.size());
            assertThat(written).hasSizeGreaterThanOrEqualTo(10 + (left ? 0 : 1));
            scene.clear(ipvs);
        }
        System.out.println((steps - 1) + " processes killed, one at each send of one message, " + changes + " changes");
        assertThat(changes).isEqualTo(11);
        assertThat(ipvsadm("-Sn").lines()).containsExactlyElementsOf(foreign);
    }

    /** In the midst of a send that changes something: a removal, a change, an addition. A watched process takes 15 s. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {8, 11, 14})
    void aProcessThatIsKilledAtASendLeavesNoMoreThanThat(int send, @TempDir Path directory) throws Exception {
        CrashScene scene = new CrashScene(100 + send);
        scene.set(ipvs, network);
        assertThat(child(100 + send, true, directory, "inject=sendto:signal=KILL:when=" + send))
                .isEqualTo(KILLED);
        restart(scene);
        scene.clear(ipvs);
    }

    @Test
    void aProcessThatFindsEverythingInPlaceOnlyAsksHoweverOftenItIsInterrupted(@TempDir Path directory)
            throws Exception {
        CrashScene scene = new CrashScene(90);
        scene.set(ipvs, network);
        assertThat(child(90, false, directory, "inject=recvfrom:error=EINTR:when=2+2"))
                .isZero();
        int familyAndInfo = 2;
        int twoServicesAndTheirServers = 4;
        assertThat(Files.readAllLines(directory.resolve("calls")))
                .anyMatch(line -> line.contains("EINTR") && line.contains("INJECTED"))
                .filteredOn(line -> line.contains(" sendto("))
                .hasSize(familyAndInfo + twoServicesAndTheirServers);
        restart(scene);
        scene.clear(ipvs);
    }

    @Test
    void anAnswerThatIsLostIsAnErrorThatSaysWhatIsUnknown(@TempDir Path directory) throws Exception {
        CrashScene scene = new CrashScene(91);
        scene.set(ipvs, network);
        assertThat(child(91, false, directory, "inject=recvfrom:error=ENOBUFS:when=6"))
                .isEqualTo(CrashChild.FAILED);
        assertThat(Files.readString(directory.resolve("output")))
                .contains("tcp 172.31.91.1:80")
                .contains("ENOBUFS");
        restart(scene);
        scene.clear(ipvs);
    }

    /** Returns the exit status of a process that is watched. */
    private int child(int number, boolean changes, Path directory, String injection) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-o",
                directory.resolve("calls").toString(),
                "-e",
                "trace=sendto,recvfrom",
                "-e",
                injection));
        command.addAll(java(number, changes, CrashChild.FOR_EVER));
        return run(directory, command);
    }

    private List<String> java(int number, boolean changes, int sends) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:UseAVX=2",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                network.director(),
                String.valueOf(number),
                String.valueOf(changes),
                String.valueOf(sends));
    }

    /** Returns the exit status; what the process has written is in a file. */
    private static int run(Path directory, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(CHILD_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
