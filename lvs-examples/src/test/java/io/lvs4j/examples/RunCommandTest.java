package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lvs run} in a process of its own, on the netty backend. */
class RunCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CROWD = 20;

    /** A virtual router that keepalived runs and that cannot be described here. */
    static final String IPV6_OF_VERSION_2 = """
            vrrp_instance six {
                version 2
                interface lo
                virtual_router_id 6
                virtual_ipaddress {
                    fe80::6/64
                }
            }
            """;

    @TempDir
    private Path directory;

    private final int port = Ports.free();
    private final int echoPort = Ports.free();
    private Path config;

    @BeforeEach
    void name() {
        config = directory.resolve("keepalived.conf");
    }

    private static String server(DemoServer server, String more) {
        return String.format(
                Locale.ROOT,
                " real_server 127.0.0.1 %d {%n  HTTP_GET {%n   url {%n    path /%n    status_code 200%n   }%n  }%n%s }%n",
                server.key().port(),
                more);
    }

    private static String web(String settings, DemoServer... servers) {
        return "virtual_server 10.9.9.9 80 {\n delay_loop 1\n lb_algo rr\n lb_kind NAT\n protocol TCP\n" + settings
                + Stream.of(servers).map(each -> server(each, "")).collect(Collectors.joining()) + "}\n";
    }

    private static String echo(EchoServer echo) {
        return "virtual_server 10.9.9.9 7 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 127.0.0.1 "
                + echo.key().port() + " {\n }\n}\n";
    }

    /** In one step, so that nobody reads a half of it. */
    private void write(String text) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(next, text);
        Files.move(next, config, StandardCopyOption.REPLACE_EXISTING);
    }

    private ChildProcess run(String... more) {
        return ChildProcess.lvs(Stream.concat(
                        Stream.of(
                                "run",
                                "--config",
                                config.toString(),
                                "--listen-map",
                                "10.9.9.9:80=127.0.0.1:" + port,
                                "--listen-map",
                                "10.9.9.9:7=127.0.0.1:" + echoPort),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private List<String> answers(int count) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(DemoClient.of(1).ask(Ports.address(port)));
        }
        return answers;
    }

    /** While others come, too, one client does not get all servers in turn. */
    private void assertServed(String... names) {
        Set<String> seen = new HashSet<>();
        await().atMost(PATIENCE).until(() -> {
            seen.addAll(answers(3));
            return seen.size() >= names.length;
        });
        assertThat(seen).containsExactlyInAnyOrder(names);
    }

    @Test
    void aReloadAddsAServerAndAFaultyOneChangesNothingAndNobodyIsCut() throws Exception {
        try (DemoServer a = DemoServer.open("a");
                DemoServer b = DemoServer.open("b");
                DemoServer c = DemoServer.open("c");
                EchoServer echo = new EchoServer()) {
            write(web("", a, b) + echo(echo));
            try (ChildProcess lvs = run()) {
                lvs.awaitOut(line -> line.startsWith("serving tcp 127.0.0.1:" + echoPort));
                try (SteadyLoad load = new SteadyLoad(CROWD, Ports.address(echoPort), Ports.address(port))) {
                    assertServed("a", "b");

                    write(web("", a, b, c) + echo(echo));
                    lvs.signal("HUP");
                    lvs.awaitOut(line -> line.equals("reload: 1 change"));
                    lvs.awaitOut(line -> line.startsWith("+ tcp 127.0.0.1:" + port + " -> " + c.key()));
                    lvs.awaitOut(line -> line.equals("reload: done"));
                    assertServed("a", "b", "c");

                    write(web(" lb_algo best\n", a) + "virtual_server 10.9.9.9 {\n");
                    lvs.signal("HUP");
                    lvs.awaitOut(line -> line.equals("reload: nothing has changed, " + config + " is refused"));
                    lvs.awaitErr(line -> line.startsWith(config + ":6:10: error: lb_algo: best"));
                    assertServed("a", "b", "c");
                    load.awaitMore();
                    assertThat(load.losses()).isEmpty();
                }
                lvs.signal("TERM");
                assertThat(lvs.awaitExit()).isZero();
            }
        }
    }

    @Test
    void aRouterThatCannotBeDescribedRefusesTheFile() throws IOException {
        write(IPV6_OF_VERSION_2 + "virtual_server 127.0.0.1 " + port
                + " {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n}\n");
        try (ChildProcess lvs = ChildProcess.lvs("run", "--config", config.toString())) {
            assertThat(lvs.awaitExit()).isEqualTo(5);
            assertThat(lvs.out()).isEmpty();
            assertThat(lvs.err())
                    .filteredOn(
                            line -> line.startsWith(config + ":1:1: error: vrrp_instance six is left out: version: 2 "))
                    .singleElement()
                    .asString()
                    .endsWith("; --lenient runs the others");
        }
    }

    @Test
    void aReloadWithARouterThatCannotBeDescribedChangesNothingUnlessItIsLenient() throws IOException {
        try (DemoServer a = DemoServer.open("a")) {
            String good = web("", a).replace("10.9.9.9 80", "127.0.0.1 " + port);
            write(good);
            try (ChildProcess lvs = ChildProcess.lvs("run", "--config", config.toString())) {
                lvs.awaitOut(line -> line.startsWith("serving "));
                write(good + IPV6_OF_VERSION_2);
                lvs.signal("HUP");
                lvs.awaitOut(line -> line.equals("reload: nothing has changed, " + config + " is refused"));
                lvs.awaitErr(line -> line.contains(": error: vrrp_instance six is left out: "));
                assertServed("a");
            }
            try (ChildProcess lvs = ChildProcess.lvs("run", "--lenient", "--config", config.toString())) {
                lvs.awaitOut(line -> line.startsWith("serving "));
                lvs.awaitErr(line -> line.contains(": warning: vrrp_instance six is left out: "));
                assertServed("a");
                lvs.signal("HUP");
                lvs.awaitOut(line -> line.equals("reload: 0 changes"));
                lvs.awaitOut(line -> line.equals("reload: done"));
            }
        }
    }

    @Test
    void aReloadThatTheBackendCannotCarryOutChangesNothing() throws IOException {
        try (DemoServer a = DemoServer.open("a")) {
            write(web("", a));
            try (ChildProcess lvs = run()) {
                lvs.awaitOut(line -> line.startsWith("serving "));
                write(web("", a)
                        + "virtual_server fwmark 9 {\n lb_algo rr\n lb_kind NAT\n real_server 10.0.0.3 80 {\n }\n}\n");
                lvs.signal("HUP");
                lvs.awaitOut(line -> line.startsWith("reload: nothing has changed"));
                lvs.awaitErr(
                        line -> line.startsWith(config + ":15:1: error: ") && line.contains("firewallMark: fwmark 9"));
                assertThat(answers(1)).containsExactly("a");
            }
        }
    }

    @Test
    void notifyScriptsAreRunWithoutAShell() throws IOException {
        Path up = directory.resolve("up $(id)");
        Path gained = directory.resolve("gained");
        Path down = directory.resolve("down");
        try (DemoServer a = DemoServer.open("a")) {
            write(
                    "virtual_server 10.9.9.9 80 {\n delay_loop 1\n alpha\n omega\n lb_algo rr\n lb_kind NAT\n protocol TCP\n"
                            + " quorum_up \"/usr/bin/touch " + gained + "\"\n"
                            + server(
                                    a,
                                    "  notify_up \"/usr/bin/touch '" + up + "'\"\n  notify_down \"/usr/bin/touch "
                                            + down + "\"\n")
                            + "}\n");
            try (ChildProcess lvs = run()) {
                await().atMost(PATIENCE).until(() -> Files.exists(up) && Files.exists(gained));
                assertThat(down).doesNotExist();
                lvs.signal("TERM");
                assertThat(lvs.awaitExit()).isZero();
            }
            assertThat(down).exists();
        }
    }

    @Test
    void aScriptThatOthersCouldHaveWrittenIsNotRunAndThatIsSaid() throws IOException {
        Path script = directory.resolve("script"); // below /tmp, where anybody may write
        Files.writeString(script, "#!/bin/sh\n");
        try (DemoServer a = DemoServer.open("a")) {
            write(web(" quorum_up " + script + "\n", a));
            try (ChildProcess lvs = run()) {
                lvs.awaitOut(line -> line.startsWith("serving "));
                lvs.awaitErr(line ->
                        line.startsWith(config + ":6:2: warning: the script will not be run: program: " + script));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.9.9.9 80 | lb_kind DR  | protocol TCP | forwarding: direct-routing (expected: one of full-nat, masquerade on the netty backend)
            10.9.9.9 80 | lb_kind TUN | protocol TCP | forwarding: tunnel (expected: one of full-nat, masquerade on the netty backend)
            fwmark 5    | lb_kind NAT |              | firewallMark: fwmark 5 inet (expected: listen addresses on the netty backend)
            10.9.9.9 80 | lb_kind NAT | protocol SCTP| protocol: sctp (expected: one of tcp, udp on the netty backend)
            """)
    void whatTheBackendCannotCarryIsRefusedWhereItStands(String at, String kind, String protocol, String message)
            throws IOException {
        write("\nvirtual_server " + at + " {\n lb_algo rr\n " + kind + "\n " + (protocol == null ? "" : protocol)
                + "\n real_server 10.0.0.3 80 {\n }\n}\n");
        try (ChildProcess lvs = run()) {
            assertThat(lvs.awaitExit()).isEqualTo(5);
            assertThat(lvs.err())
                    .filteredOn(line -> !line.startsWith("warning: --listen-map: "))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith(config + ":2:1: error: ")
                    .contains(message);
            assertThat(lvs.out()).isEmpty();
        }
    }

    @Test
    void anAddressThatThisHostHasNotIsNamedWithItsPlace() throws IOException {
        try (DemoServer a = DemoServer.open("a")) {
            write(web("", a));
            try (ChildProcess lvs = ChildProcess.lvs("run", "--config", config.toString())) {
                assertThat(lvs.awaitExit()).isEqualTo(5);
                assertThat(lvs.err())
                        .anyMatch(
                                line -> line.startsWith(config + ":1:1: error: listen tcp 10.9.9.9:80: cannot assign"))
                        .last()
                        .isEqualTo("to listen elsewhere, for a try: --listen-map VIP=address");
            }
        }
    }

    @Test
    void theWebPairRunsAsItIs() {
        try (ChildProcess lvs = ChildProcess.lvs(
                "run", "--config", "keepalived/web-pair.conf", "--listen-map", "10.100.5.11=127.0.0.1:" + port)) {
            lvs.awaitOut(line -> line.equals("serving tcp 127.0.0.1:" + port
                    + " on netty with rr: 10.100.0.11:80 weight 1, 10.100.0.21:80 weight 1"));
            lvs.awaitErr(line -> line.contains("note: vrrp_instance"));
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();
        }
    }

    @Test
    void aVirtualRouterOfAnInterfaceThatIsNotThereIsNamedWithItsPlace() throws IOException {
        Files.writeString(config, """
                vrrp_instance VI_1 {
                    interface lvs-none
                    virtual_router_id 51
                    virtual_ipaddress {
                        10.9.9.9/24
                    }
                }
                """);
        try (ChildProcess lvs = ChildProcess.lvs("run", "--config", config.toString())) {
            assertThat(lvs.awaitExit()).isEqualTo(5);
            assertThat(lvs.err())
                    .anyMatch(line ->
                            line.startsWith(config + ":1:1: error: interface of VI_1: lvs-none (expected: one of ["))
                    .last()
                    .isEqualTo("without virtual routers, whose addresses then must be there: --no-vrrp");
        }
        try (ChildProcess lvs = ChildProcess.lvs("run", "--config", config.toString(), "--no-vrrp")) {
            lvs.awaitErr(line -> line.contains("note: vrrp_instance: virtual routers are not run"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-net_raw, grant CAP_NET_RAW",
        "-net_admin, 'grant CAP_NET_ADMIN, and CAP_NET_RAW'",
        "'-net_raw,-net_admin', 'grant CAP_NET_ADMIN, and CAP_NET_RAW'"
    })
    void withoutTheRightsToSpeakVrrpTheyAreNamed(String without, String named) throws IOException {
        Files.writeString(config, """
                vrrp_instance VI_1 {
                    interface lo
                    virtual_router_id 51
                    virtual_ipaddress {
                        10.9.9.9/24
                    }
                }
                """);
        List<String> command = new ArrayList<>(List.of(
                ChildProcess.program("setpriv", "util-linux"), "--inh-caps=" + without, "--bounding-set=" + without));
        command.addAll(ChildProcess.lvsCommand("run", "--config", config.toString()));
        try (ChildProcess lvs = ChildProcess.start(command)) {
            assertThat(lvs.awaitExit()).isEqualTo(5);
            assertThat(lvs.err()).anyMatch(line -> line.startsWith(config + ":1:1: error: ") && line.contains(named));
        }
    }

    @Test
    void theAuthProxyRunsWithPersistenceOnceLeniencyIsAskedFor() {
        String[] command = {
            "run", "--config", "keepalived/auth-proxy.conf", "--listen-map", "10.64.1.2=127.0.0.1:" + port, "--lenient"
        };
        try (ChildProcess lvs = ChildProcess.lvs(command)) {
            lvs.awaitOut(line -> line.equals("serving tcp 127.0.0.1:" + port
                    + " on netty with rr persistent 10: 192.168.1.100:8089 weight 1, 192.168.1.101:18089 weight 1"));
        }
        try (ChildProcess lvs = ChildProcess.lvs(Stream.of(command).limit(5).toArray(String[]::new))) {
            assertThat(lvs.awaitExit()).isEqualTo(5);
            assertThat(lvs.err()).hasSize(2).first().asString().contains("did you mean persistence_timeout?");
            assertThat(lvs.err()).last().isEqualTo("nothing is served; --lenient would serve 1 service");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            include /nowhere/a.conf | a.conf:1:1: error: no file is /nowhere/a.conf
            include /etc            | a.conf:1:1: error: cannot read /etc: it is a directory
            """)
    void anIncludeThatCannotBeReadIsOneLineAndAnError(String include, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("a.conf"), include + "\n" + "global_defs {\n}\n");
        for (String command : List.of("run --config", "check", "check --lenient")) {
            StringWriter said = new StringWriter();
            PrintWriter printer = new PrintWriter(said, true);

            assertThat(Lvs.run(printer, printer, (command + " " + file).split(" ")))
                    .as(command)
                    .isEqualTo(5);
            assertThat(said.toString().lines())
                    .as(command)
                    .hasSize(1)
                    .first()
                    .asString()
                    .endsWith(message);
        }
    }

    @Test
    void aFileThatCannotBeReadIsOneLineWhateverTheCommand() {
        for (String file : List.of("/nowhere/k.conf", "/etc", "/proc/self/mem")) {
            for (String command : List.of("run --config", "check", "restore")) {
                StringWriter said = new StringWriter();
                PrintWriter printer = new PrintWriter(said, true);
                int code = Lvs.run(printer, printer, (command + " " + file).split(" "));
                assertThat(code).as("%s %s", command, file).isEqualTo(5);
                assertThat(said.toString().lines())
                        .as("%s %s", command, file)
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains("cannot read " + file + ": ");
            }
        }
    }
}
