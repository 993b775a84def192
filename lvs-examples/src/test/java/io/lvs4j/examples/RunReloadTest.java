package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code lvs run} under load, in a process of its own on the netty backend: whatever becomes of its file, a reload cuts no connection and
 * turns nobody away.
 */
class RunReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CROWD = 100;

    @TempDir
    private Path directory;

    private final int webPort = Ports.free();
    private final int echoPort = Ports.free();
    private DemoServer a;
    private DemoServer b;
    private EchoServer echo;
    private Path config;
    private ChildProcess lvs;
    private SteadyLoad load;
    private int refused;

    @BeforeEach
    void start() throws IOException {
        config = directory.resolve("keepalived.conf");
        a = DemoServer.open("a");
        b = DemoServer.open("b");
        echo = new EchoServer();
        write(good(a));
        lvs = ChildProcess.lvs(
                "run",
                "--config",
                config.toString(),
                "--listen-map",
                "10.9.9.9:80=127.0.0.1:" + webPort,
                "--listen-map",
                "10.9.9.9:7=127.0.0.1:" + echoPort);
        lvs.awaitOut(line -> line.startsWith("serving tcp 127.0.0.1:" + echoPort));
        load = new SteadyLoad(CROWD, Ports.address(echoPort), Ports.address(webPort));
    }

    @AfterEach
    void stop() throws Exception {
        load.close();
        lvs.close();
        echo.close();
        a.close();
        b.close();
    }

    private static String service(int port, String settings, int... servers) {
        return "virtual_server 10.9.9.9 " + port + " {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n" + settings
                + IntStream.of(servers)
                        .mapToObj(each -> " real_server 127.0.0.1 " + each + " {\n }\n")
                        .collect(Collectors.joining())
                + "}\n";
    }

    private String good(DemoServer... web) {
        return service(7, "", echo.key().port())
                + service(
                        80,
                        "",
                        Stream.of(web).mapToInt(each -> each.key().port()).toArray());
    }

    /** In one step, so that nobody reads a half of it. */
    private void write(String text) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(next, text);
        Files.move(next, config, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the file again; it is refused for this reason, and what is served goes on. */
    private void assertRefused(String kind, String reason) throws IOException {
        refused++;
        lvs.signal("HUP");
        await().atMost(PATIENCE)
                .until(() -> !lvs.isAlive()
                        || lvs.out().stream()
                                        .filter(line ->
                                                line.equals("reload: nothing has changed, " + config + " is refused"))
                                        .count()
                                == refused);
        lvs.awaitErr(line -> line.startsWith(config + ":") && line.contains(": error: ") && line.contains(reason));
        load.awaitMore();
        assertThat(load.losses()).as(kind).isEmpty();
        assertThat(lvs.isAlive()).as(kind).isTrue();
    }

    @Test
    void aFileThatCannotBeRunChangesNothing() throws Exception {
        write(service(80, " lb_algorithm rr\n", a.key().port()));
        assertRefused("an unknown keyword", "lb_algorithm is no keyword");

        write(good(b).substring(0, good(b).length() - 2));
        assertRefused("a missing brace", "}");

        write("include /nowhere/services.conf\n" + service(80, "", b.key().port()));
        assertRefused("a missing include", "no file is /nowhere/services.conf");

        write("include /etc\n" + good(b));
        assertRefused("an include that cannot be read", "cannot read /etc: it is a directory");

        write(good(b) + service(81, "", 81).replace("NAT", "DR"));
        assertRefused("what the backend cannot do", "forwarding: direct-routing");

        try (ServerSocket taken = new ServerSocket(0, 1, Ports.address(0).getAddress())) {
            write(good(b).replace("10.9.9.9 7 ", "127.0.0.1 " + taken.getLocalPort() + " "));
            assertRefused("a port in use", "listen tcp 127.0.0.1:" + taken.getLocalPort() + ": address already in use");
        }

        write(good(b).replace("10.9.9.9 7 ", "192.0.2.1 7 "));
        assertRefused("an address elsewhere", "listen tcp 192.0.2.1:7: cannot assign");

        write("# " + "x".repeat(11 << 20) + "\n" + good(b));
        assertRefused("a file beyond the limit", "more than");

        assertTheEndIsGood();
    }

    @Test
    void aFileThatIsNoLongerAFileChangesNothing() throws Exception {
        Files.delete(config);
        assertRefused("no file", "there is no such file");

        Files.createDirectory(config);
        assertRefused("a directory", "it is a directory");
        Files.delete(config);

        Files.createSymbolicLink(config, Path.of("/proc/self/mem"));
        assertRefused("a file that cannot be read", "cannot read");
        Files.delete(config);

        ChildProcess.run(List.of(ChildProcess.program("mkfifo", "coreutils"), config.toString()));
        assertRefused("a pipe", "it is not a regular file");

        assertTheEndIsGood();
    }

    /** A good file is applied, and the process ends as if nothing had been. */
    private void assertTheEndIsGood() throws Exception {
        write(good(a, b));
        lvs.signal("HUP");
        lvs.awaitOut(line -> line.equals("reload: 1 change"));
        lvs.awaitOut(line -> line.startsWith("+ tcp 127.0.0.1:" + webPort + " -> " + b.key()));
        lvs.awaitOut(line -> line.equals("reload: done"));
        assertThat(lvs.out().stream().filter(line -> line.matches("reload: \\d+ changes?")))
                .hasSize(1);
        load.awaitMore();
        load.close();
        assertThat(load.losses()).isEmpty();
        lvs.signal("TERM");
        assertThat(lvs.awaitExit()).isZero();
        assertThat(lvs.err()).last().asString().endsWith("0 open connections were reset");
    }
}
