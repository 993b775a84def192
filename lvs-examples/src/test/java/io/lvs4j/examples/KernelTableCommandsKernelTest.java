package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lvs list}, {@code save}, {@code restore} and {@code run --backend ipvs} beside the real ipvsadm. */
class KernelTableCommandsKernelTest {
    private static final String RULES = """
            -A -t 10.9.0.1:80 -s wrr -p 300
            -a -t 10.9.0.1:80 -r 10.9.1.1:8080 -m -w 3 -x 9 -y 4
            -a -t 10.9.0.1:80 -r 10.9.1.2:80 -g -w 1
            -A -t 10.9.0.1:0 -s rr -p 60
            """;

    @TempDir
    private Path directory;

    private static String ipvsadm(String... options) {
        List<String> command = new ArrayList<>(List.of(ChildProcess.program("ipvsadm", "ipvsadm")));
        command.addAll(List.of(options));
        return ChildProcess.run(command);
    }

    private static String lvs(String... arguments) {
        return ChildProcess.run(ChildProcess.lvsCommand(arguments));
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("text"), text).toString();
    }

    @BeforeEach
    @AfterEach
    void clear() {
        ipvsadm("-C");
    }

    @Test
    void whatIsRestoredIsListedAndSavedAsIpvsadmDoes() throws IOException {
        lvs("restore", file(RULES));

        assertThat(lvs("list", "-n")).isEqualTo(ipvsadm("-Ln"));
        assertThat(lvs("list", "--thresholds")).isEqualTo(ipvsadm("-Ln", "--thresholds"));
        assertThat(lvs("save").replace(" -x 9 -y 4", "")).isEqualTo(ipvsadm("-Sn"));
        assertThat(lvs("save")).contains(" -x 9 -y 4");

        lvs("restore", file("-C\n-A -t 10.9.0.1:80 -s rr\n-Z\n"));
        assertThat(ipvsadm("-Sn")).isEqualTo("-A -t 10.9.0.1:80 -s rr");
    }

    @Test
    void rulesWithAnErrorChangeNothing() throws IOException {
        lvs("restore", file(RULES));
        String before = ipvsadm("-Sn");

        for (String bad :
                List.of("-A -t 10.9.0.1:80 -s rr\n", "-C\n-a -t 10.9.0.9:80 -r 10.0.0.1\n", "-C\n-A -t nowhere\n")) {
            try (ChildProcess lvs = ChildProcess.lvs("restore", file(bad))) {
                assertThat(lvs.awaitExit()).as(bad).isEqualTo(5);
                assertThat(lvs.err())
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("/text:")
                        .contains("error: ");
            }
            assertThat(ipvsadm("-Sn")).as(bad).isEqualTo(before);
        }
    }

    @Test
    void aFileIsServedByTheKernelAndReloaded() throws IOException {
        String service = """
                virtual_server 10.9.0.1 80 {
                 lb_algo rr
                 lb_kind DR
                 protocol TCP
                 real_server 10.9.1.1 80 {
                 }
                %s}
                """;
        String config = file(service.formatted(""));
        try (ChildProcess lvs = ChildProcess.lvs("run", "--backend", "ipvs", "--config", config)) {
            lvs.awaitOut(line -> line.startsWith("serving tcp 10.9.0.1:80 on ipvs with rr"));
            file(service.formatted(" real_server 10.9.1.2 80 {\n  weight 4\n }\n"));
            lvs.signal("HUP");
            lvs.awaitOut(line -> line.equals("reload: done"));
            assertThat(ipvsadm("-Sn").lines())
                    .containsExactlyInAnyOrder(
                            "-A -t 10.9.0.1:80 -s rr",
                            "-a -t 10.9.0.1:80 -r 10.9.1.1:80 -g -w 1",
                            "-a -t 10.9.0.1:80 -r 10.9.1.2:80 -g -w 4");
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();
        }
        assertThat(ipvsadm("-Sn")).isEmpty();
    }

    @Test
    void whatTheKernelRefusesIsNamedAndTheRestIsDone() throws IOException {
        try (ChildProcess lvs =
                ChildProcess.lvs("restore", file("-A -t 10.9.0.1:80 -s nosuch\n-A -t 10.9.0.2:80 -s rr\n"))) {
            assertThat(lvs.awaitExit()).isEqualTo(1);
            assertThat(lvs.err()).hasSize(2).first().asString().contains("10.9.0.1:80");
            assertThat(lvs.err()).last().isEqualTo("1 of 2 changes refused, the others made");
        }
        assertThat(ipvsadm("-Sn")).isEqualTo("-A -t 10.9.0.2:80 -s rr");
    }

    @Test
    void theTableIsSavedAsAConfigurationThatIsRead() throws IOException {
        lvs("restore", file(RULES));
        try (ChildProcess save = ChildProcess.lvs("save", "--format", "keepalived")) {
            assertThat(save.awaitExit()).as("there is a service at all ports").isEqualTo(1);
            assertThat(save.err())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("left out: ")
                    .contains("10.9.0.1:0");
            Path config = Files.write(directory.resolve("saved.conf"), save.out());
            assertThat(lvs("check", config.toString())).isEmpty();
            assertThat(save.out()).contains("virtual_server 10.9.0.1 80 {", "    persistence_timeout 300");
        }
    }

    @Test
    void timeoutsAndFlushesOfTheFileAreTheKernels() throws IOException {
        String before = ipvsadm("-Ln", "--timeout");
        ipvsadm("-A", "-t", "10.9.0.9:80", "-s", "rr");
        String text = """
                global_defs {
                 lvs_timeouts tcp 4321 udp 43
                %s}
                virtual_server 10.9.0.1 80 {
                 lb_algo rr
                 lb_kind DR
                 protocol TCP
                 real_server 10.9.1.1 80 {
                 }
                }
                """;
        String config = file(text.formatted(" lvs_flush\n"));
        try (ChildProcess lvs = ChildProcess.lvs("run", "--backend", "ipvs", "--config", config)) {
            lvs.awaitOut(line -> line.startsWith("serving tcp 10.9.0.1:80 on ipvs with rr"));
            assertThat(ipvsadm("-Sn")).doesNotContain("10.9.0.9").contains("10.9.0.1:80");
            assertThat(ipvsadm("-Ln", "--timeout")).contains("4321").endsWith(" 43");
            assertThat(lvs.err()).noneMatch(line -> line.contains("note: "));
            lvs.signal("USR1");
            lvs.awaitOut(line -> line.startsWith("  -> 10.9.1.1:80                  Route   1"));

            ipvsadm("-A", "-t", "10.9.0.8:80", "-s", "rr");
            file(text.formatted(" lvs_flush_on_stop\n").replace("tcp 4321 udp 43", "tcp 1234"));
            lvs.signal("HUP");
            lvs.awaitOut(line -> line.equals("reload: done"));
            assertThat(ipvsadm("-Ln", "--timeout")).contains("1234").doesNotEndWith(" 43");
            assertThat(ipvsadm("-Sn")).as("flushed at the start alone").contains("10.9.0.8:80");
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();
        }
        assertThat(ipvsadm("-Sn")).isEmpty();
        assertThat(ipvsadm("-Ln", "--timeout")).isEqualTo(before);
    }
}
