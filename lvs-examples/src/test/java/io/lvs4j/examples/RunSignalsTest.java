package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code lvs run} ends, what it shows meanwhile, and what it makes of {@code global_defs} on the netty backend. */
class RunSignalsTest {
    @TempDir
    private Path directory;

    private final int port = Ports.free();

    private ChildProcess run(String global, int server, String... more) throws IOException {
        Path config = Files.writeString(
                directory.resolve("k.conf"),
                global
                        + "virtual_server 10.9.9.9 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 127.0.0.1 "
                        + server + " {\n }\n}\n");
        ChildProcess lvs = ChildProcess.lvs(Stream.concat(
                        Stream.of(
                                "run", "--config", config.toString(), "--listen-map", "10.9.9.9:80=127.0.0.1:" + port),
                        Stream.of(more))
                .toArray(String[]::new));
        lvs.awaitOut(line -> line.startsWith("serving "));
        return lvs;
    }

    private BufferedReader reader(Socket client) throws IOException {
        client.connect(Ports.address(port), 5_000);
        client.setSoTimeout(30_000);
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    @Test
    void sigtermLetsAnOpenTransferFinishAndRefusesNewConnections() throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = run("", server.key().port(), "--drain-timeout", "30s");
                Socket client = new Socket()) {
            BufferedReader answer = reader(client);
            assertThat(answer.readLine()).isEqualTo("first");
            lvs.signal("TERM");
            Ports.awaitRefused(port);
            assertThat(lvs.isAlive()).isTrue();

            server.release();

            assertThat(answer.readLine()).isEqualTo("last");
            client.shutdownOutput();
            assertThat(lvs.awaitExit()).isZero();
            assertThat(lvs.err()).last().asString().endsWith("0 open connections were reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSecondSignalEndsTheWait(String second) throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = run("", server.key().port(), "--drain-timeout", "1h");
                Socket client = new Socket()) {
            assertThat(reader(client).readLine()).isEqualTo("first");
            lvs.signal("TERM");
            Ports.awaitRefused(port);
            assertThat(lvs.isAlive()).isTrue();

            lvs.signal(second);

            assertThat(lvs.awaitExit()).isZero();
            assertThat(lvs.err()).contains("a second signal: open connections are not waited for");
            assertThat(lvs.err()).last().asString().endsWith("1 open connections were reset");
        }
    }

    @Test
    void sigusr1PrintsTheListingsOfWhatIsServed() throws IOException {
        try (DemoServer server = DemoServer.open("a");
                ChildProcess lvs = run("", server.key().port())) {
            assertThat(DemoClient.of(1).ask(Ports.address(port))).isEqualTo("a");

            lvs.signal("USR1");

            lvs.awaitOut(line -> line.startsWith("Prot LocalAddress:Port                 CPS"));
            assertThat(lvs.out())
                    .containsSubsequence(
                            "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
                            "TCP  127.0.0.1:" + port + " rr",
                            "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes")
                    .anyMatch(line ->
                            line.matches("  -> 127.0.0.1:" + server.key().port() + " +Masq +1 .*"))
                    .anyMatch(line -> line.matches("TCP  127.0.0.1:" + port + " +1 +0 +0 +\\d+ +\\d+"));
            assertThat(DemoClient.of(1).ask(Ports.address(port))).isEqualTo("a");
        }
    }

    @Test
    void sigusr1PrintsTheConnectionsThatAreOpen() throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = run("", server.key().port());
                Socket client = new Socket()) {
            assertThat(reader(client).readLine()).isEqualTo("first");

            lvs.signal("USR1");

            lvs.awaitOut(line -> line.matches("TCP 1[45]:\\d\\d  ESTABLISHED 127\\.0\\.0\\.1:" + client.getLocalPort()
                    + " +127\\.0\\.0\\.1:" + port + " +127\\.0\\.0\\.1:"
                    + server.key().port()));
            assertThat(lvs.out())
                    .containsSubsequence(
                            "IPVS connection entries",
                            "pro expire state       source             virtual            destination");
        }
    }

    @Test
    void timeoutsOfTheFileAreThoseOfItsConnections() throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = run(
                        "global_defs {\n lvs_timeouts tcp 1\n}\n", server.key().port());
                Socket client = new Socket()) {
            BufferedReader answer = reader(client);
            assertThat(answer.readLine()).isEqualTo("first");

            assertThat(endOf(answer)).as("idle for a second").isEqualTo("reset");
            assertThat(lvs.isAlive()).isTrue();
        }
    }

    private static String endOf(BufferedReader answer) {
        try {
            return "said " + answer.readLine();
        } catch (SocketTimeoutException e) {
            return "silent";
        } catch (IOException e) {
            return "reset";
        }
    }

    @Test
    void whatConcernsTheKernelsTableIsNotSilentlyIgnored() throws IOException {
        try (DemoServer server = DemoServer.open("a");
                ChildProcess lvs = run(
                        "global_defs {\n lvs_flush\n lvs_flush_on_stop VS\n}\n",
                        server.key().port())) {
            Path config = directory.resolve("k.conf");
            lvs.awaitErr(line -> line.equals(config + ":2:2: note: lvs_flush: the kernel's table is not used"));
            lvs.awaitErr(line -> line.equals(config + ":3:2: note: lvs_flush_on_stop: the kernel's table is not used"));
        }
    }

    @Test
    void anAddressToMapThatTheFileHasNotIsNamedWithThoseThatItHas() throws IOException {
        try (DemoServer server = DemoServer.open("a");
                ChildProcess lvs = run(
                        "",
                        server.key().port(),
                        "--listen-map",
                        "10.9.9.8=127.0.0.1",
                        "--listen-map",
                        "10.9.9.9:81=127.0.0.1:1")) {
            String expected = " (expected: where a service of the file listens, 10.9.9.9:80)";
            lvs.awaitErr(line -> line.equals("warning: --listen-map: 10.9.9.8" + expected));
            lvs.awaitErr(line -> line.equals("warning: --listen-map: 10.9.9.9:81" + expected));
            assertThat(lvs.err()).noneMatch(line -> line.contains("--listen-map: 10.9.9.9:80 "));
        }
    }
}
