package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckBuilder;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.netlink.IpvsBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Keepalived and a director check the same servers side by side, each for a service of its own in the same kernel: both make the
 * same server sets of what they hear, in the same order. The intended differences are listed in the README of lvs-health.
 *
 * <p>All check every 0.5 s, timeout 2 s, 2 retries 0.3 s apart, no warmup.
 */
class KeepalivedKernelTest {
    private static final int PORT = 8080;
    private static final String KEEPALIVEDS = "0A4D0001:0050"; // 10.77.0.1:80, as the kernel writes it
    private static final String OURS = "0A4D0002:0050";
    private static final String KEEPALIVED_AGENT = "KeepAliveClient";
    private static final String OUR_AGENT = "lvs4j-health";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TIMING = "connect_timeout 2\n retry 2\n delay_before_retry 0.3\n warmup 0\n";

    private final WebServer a = server(2);
    private final WebServer b = server(3);
    private final List<String> quorum = new CopyOnWriteArrayList<>();
    private KernelServerSets sets;
    private Path directory;
    private ChildProcess keepalived;
    private Director director;

    private static WebServer server(int last) {
        try {
            return new WebServer(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), PORT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createTempDirectory(
                Path.of("/root"), "keepalived"); // scripts must not lie where others may write
        sets = new KernelServerSets(Map.of("7F000002:1F90", "A", "7F000003:1F90", "B", "7F000009:1F90", "sorry"));
    }

    @AfterEach
    void end() {
        if (keepalived != null) {
            keepalived.signal("TERM");
            keepalived.awaitExit();
            keepalived.close();
        }
        if (director != null) {
            director.close();
        }
        sets.close();
        a.close();
        b.close();
    }

    // ---------------------------------------------------------------- the scenarios

    @Test
    void aServerThatFailsItsFirstCheckLeaves() {
        a.up();
        b.up();
        b.beSilent(); // so that it takes a while to fail, and the set before is seen

        start(
                "",
                http("/"),
                service -> service.healthCheck(timed(HttpCheck.httpGet("/")).build()));

        bothStandAt("A:1");
        assertSameSets("A:1 B:1", "A:1");
    }

    @Test
    void aServerLeavesOnlyWhenAllRetriesHaveFailed() {
        a.up();
        b.up();
        start(
                "",
                http("/"),
                service -> service.healthCheck(timed(HttpCheck.httpGet("/")).build()));
        bothHaveAskedAgain();

        b.fault(KEEPALIVED_AGENT, 2);
        b.fault(OUR_AGENT, 2);
        bothHaveAskedAgain();
        bothStandAt("A:1 B:1");
        b.status("/", 500);

        bothStandAt("A:1");
        assertSameSets("A:1 B:1", "A:1");
    }

    @Test
    void aServerReturnsWithItsFirstPass() {
        a.up();
        b.up();
        start(
                "",
                tcp(),
                service -> service.healthCheck(timed(TcpCheck.builder()).build()));
        bothStandAt("A:1 B:1");

        b.down();
        bothStandAt("A:1");
        b.up();

        bothStandAt("A:1 B:1");
        assertSameSets("A:1 B:1", "A:1", "A:1 B:1");
    }

    @Test
    void oneUrlOfSeveralThatFailsTakesTheServerOut() {
        a.up();
        b.up();
        HealthCheck both = timed(
                        HttpCheck.httpGet("/one").url(HttpUrl.builder("/two").build()))
                .build();
        start("", http("/one", "/two"), service -> service.healthCheck(both));
        bothHaveAskedAgain();

        b.status("/two", 503);
        bothStandAt("A:1");
        b.status("/two", 200);

        bothStandAt("A:1 B:1");
        assertSameSets("A:1 B:1", "A:1", "A:1 B:1");
    }

    @Test
    void theQuorumIsLostAndGainedWithTheWeightOfTheServersThatAreUp() throws IOException {
        Path script = script("quorum", "echo $1 >>" + directory.resolve("said"));
        a.up();
        b.up();
        start(
                "quorum 2\n quorum_up \"" + script + " gained\"\n quorum_down \"" + script + " lost\"\n",
                tcp(),
                service ->
                        service.quorum(2).healthCheck(timed(TcpCheck.builder()).build()));
        bothStandAt("A:1 B:1");

        b.down();
        bothStandAt("A:1");
        b.up();
        bothStandAt("A:1 B:1");

        assertSameSets("A:1 B:1", "A:1", "A:1 B:1");
        await().atMost(PATIENCE).until(() -> quorum.size() >= 2);
        await().atMost(PATIENCE).until(() -> said().size() >= 3);
        assertThat(quorum).containsExactly("lost", "gained");
        assertThat(said())
                .containsExactly("gained", "lost", "gained"); // keepalived also announces the one it begins with
    }

    private List<String> said() throws IOException {
        Path file = directory.resolve("said");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void theSorryServerServesAloneWhileTheQuorumIsLost() {
        a.up();
        b.up();
        start(
                "quorum 2\n sorry_server 127.0.0.9 8080\n",
                tcp(),
                service -> service.quorum(2)
                        .sorryServer("127.0.0.9:8080")
                        .healthCheck(timed(TcpCheck.builder()).build()));
        bothStandAt("A:1 B:1");

        b.down();
        bothStandAt("sorry:1");
        b.up();

        bothStandAt("A:1 B:1");
        assertSameSets("A:1 B:1", "sorry:1", "A:1 B:1");
    }

    @Test
    void anInhibitedServerStaysWithWeightZero() {
        a.up();
        b.up();
        start(
                "",
                "inhibit_on_failure\n" + tcp(),
                service -> service.inhibitOnFailure()
                        .healthCheck(timed(TcpCheck.builder()).build()));
        bothStandAt("A:1 B:1");

        b.down();
        bothStandAt("A:1 B:0");
        b.up();

        bothStandAt("A:1 B:1");
        assertSameSets("A:1 B:1", "A:1 B:0", "A:1 B:1");
    }

    @Test
    void withAlphaServersComeWithTheirFirstPass() {
        start(
                "alpha\n",
                tcp(),
                service -> service.alpha().healthCheck(timed(TcpCheck.builder()).build()));
        bothStandAt("");
        a.up();
        bothStandAt("A:1");

        b.up();

        bothStandAt("A:1 B:1");
        assertSameSets("", "A:1", "A:1 B:1");
    }

    @Test
    void aScriptSaysTheWeightByItsExitStatus() throws IOException {
        Path status = Files.writeString(directory.resolve("status"), "12");
        Path script = script("weigh", "exit $(cat " + status + ")");
        start(
                "",
                "MISC_CHECK {\n misc_path \"" + script + "\"\n misc_timeout 2\n misc_dynamic\n warmup 0\n}\n",
                service -> service.healthCheck(
                        timed(MiscCheck.program(script.toString()).dynamicWeight())
                                .retries(0)
                                .build()));
        bothStandAt("A:10 B:10");

        Files.writeString(status, "32");
        bothStandAt("A:30 B:30");
        Files.writeString(status, "1");
        bothStandAt("");
        Files.writeString(status, "0");

        bothStandAt("A:1 B:1");
        assertThat(sets.stood(OURS)).containsSubsequence("A:10 B:10", "A:30 B:30", "", "A:1 B:1");
        assertThat(sets.stood(KEEPALIVEDS)).containsSubsequence("A:10 B:10", "A:30 B:30", "", "A:1 B:1");
    }

    // ---------------------------------------------------------------- both sides

    private static String tcp() {
        return "TCP_CHECK {\n " + TIMING + "}\n";
    }

    private static String http(String... paths) {
        StringBuilder text = new StringBuilder("HTTP_GET {\n ").append(TIMING);
        for (String path : paths) {
            text.append("url {\n path ").append(path).append("\n status_code 200\n}\n");
        }
        return text.append("}\n").toString();
    }

    private static <B extends CheckBuilder<B>> B timed(B check) {
        return check.delayLoop(Duration.ofMillis(500))
                .connectTimeout(Duration.ofSeconds(2))
                .retries(2)
                .delayBeforeRetry(Duration.ofMillis(300))
                .warmup(Duration.ZERO);
    }

    private Path script(String name, String line) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Starts keepalived with lines for its service and for each of its servers, and a director with the same. */
    private void start(String service, String server, UnaryOperator<VirtualService.Builder> ours) {
        keepalived = ChildProcess.start(List.of(
                ChildProcess.program("keepalived", "keepalived"),
                "--use-file=" + configuration(service, server),
                "--dont-fork",
                "--check",
                "--log-console",
                "--pid=" + directory.resolve("pid"),
                "--checkers_pid=" + directory.resolve("checkers-pid")));
        director = Director.builder()
                .backend(IpvsBackend.create())
                .listener(event -> {
                    if (event instanceof DirectorEvent.QuorumLost) {
                        quorum.add("lost");
                    } else if (event instanceof DirectorEvent.QuorumGained) {
                        quorum.add("gained");
                    }
                })
                .build();
        director.add(ours.apply(VirtualService.builder()
                        .listen("10.77.0.2", 80)
                        .scheduler("rr")
                        .realServer(RealServer.of("127.0.0.2", PORT))
                        .realServer(RealServer.of("127.0.0.3", PORT)))
                .build());
    }

    private Path configuration(String service, String server) {
        try {
            return Files.writeString(
                    directory.resolve("keepalived.conf"),
                    "global_defs {\n script_user root\n enable_script_security\n}\n"
                            + "virtual_server 10.77.0.1 80 {\n delay_loop 0.5\n lb_algo rr\n lb_kind NAT\n protocol TCP\n"
                            + service
                            + "real_server 127.0.0.2 8080 {\n weight 1\n" + server + "}\n"
                            + "real_server 127.0.0.3 8080 {\n weight 1\n" + server + "}\n"
                            + "}\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void bothStandAt(String set) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sets.stands(KEEPALIVEDS, set) && sets.stands(OURS, set))
                        .as("both at [%s], keepalived %s, ours %s", set, sets.stood(KEEPALIVEDS), sets.stood(OURS))
                        .isTrue());
    }

    /** Waits until both have asked server B four times more. */
    private void bothHaveAskedAgain() {
        int keepaliveds = b.asked(KEEPALIVED_AGENT) + 4;
        int ours = b.asked(OUR_AGENT) + 4;
        await().atMost(PATIENCE).until(() -> b.asked(KEEPALIVED_AGENT) >= keepaliveds && b.asked(OUR_AGENT) >= ours);
    }

    private void assertSameSets(String... expected) {
        assertThat(sets.stood(OURS)).containsExactly(expected);
        assertThat(sets.stood(KEEPALIVEDS)).containsExactly(expected);
    }
}
