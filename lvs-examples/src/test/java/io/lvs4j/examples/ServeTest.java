package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lvs serve} in a process of its own. */
class ServeTest {
    private final int port = Ports.free();
    private final String listen = "127.0.0.1:" + port;

    @Test
    void sharesConnectionsByWeight() throws IOException {
        try (DemoServer a = DemoServer.open("a");
                DemoServer b = DemoServer.open("b");
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--server",
                        a.key().toString(),
                        "--server",
                        b.key() + ",weight=2",
                        "--scheduler",
                        "wrr")) {
            lvs.awaitOut(line -> line.startsWith("serving tcp " + listen + " on netty with wrr: " + a.key()));

            StringBuilder answers = new StringBuilder();
            for (int i = 0; i < 9; i++) {
                answers.append(DemoClient.of(1).ask(Ports.address(port)));
            }
            assertThat(answers.chars().filter(c -> c == 'a').count()).isEqualTo(3);
            assertThat(answers.chars().filter(c -> c == 'b').count()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "auto"})
    void transportAndThreadsCanBeChosen(String transport) throws IOException {
        try (DemoServer a = DemoServer.open("a");
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--servers",
                        a.key().toString(),
                        "--transport",
                        transport,
                        "--threads",
                        "1")) {
            lvs.awaitOut(line -> line.startsWith("serving "));
            assertThat(DemoClient.of(1).ask(Ports.address(port))).isEqualTo("a");
        }
    }

    @Test
    void whoIsDeniedIsTurnedAwayAndOthersAreServedWithinTheirLimits() throws IOException {
        try (DemoServer a = DemoServer.open("a");
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--server",
                        a.key().toString(),
                        "--allow",
                        "127.0.0.0/8,::1",
                        "--deny",
                        "127.0.0.9",
                        "--max-connections",
                        "10",
                        "--max-connections-per-source",
                        "1",
                        "--max-new-per-second-per-source",
                        "1000,burst=50")) {
            lvs.awaitOut(line -> line.startsWith("serving "));
            assertThat(endsAtOnce("127.0.0.9")).isTrue();
            assertThat(DemoClient.of(1).ask(Ports.address(port))).isEqualTo("a");
        }
    }

    private boolean endsAtOnce(String source) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(20_000);
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(Ports.address(port));
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void proxyHeadersArePassedOnFromFrontToServer() throws IOException {
        String header = "PROXY TCP4 192.0.2.1 198.51.100.2 54321 443\r\n";
        try (ServerSocket server = new ServerSocket(0, 1, Ports.address(0).getAddress());
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--server",
                        "127.0.0.1:" + server.getLocalPort(),
                        "--send-proxy",
                        "v1",
                        "--accept-proxy",
                        "127.0.0.0/8,fd00::/8")) {
            lvs.awaitOut(line -> line.startsWith("serving "));
            try (Socket front = new Socket("127.0.0.1", port)) {
                front.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
                front.shutdownOutput();
                try (Socket atServer = server.accept()) {
                    assertThat(new String(atServer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .isEqualTo(header);
                }
            }
        }
    }

    @Test
    void anAgentTakesItsServerOutOfService() throws Exception {
        try (ServerSocket agent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--server",
                        "127.0.0.1:1",
                        "--check",
                        "agent:" + agent.getLocalPort(),
                        "--delay-loop",
                        "200ms",
                        "--events",
                        "-")) {
            try (Socket asking = agent.accept()) {
                asking.getOutputStream().write("down#disk full\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(parse(lvs.awaitOut(line -> line.contains("\"server-down\""))))
                    .containsEntry("check", "agent")
                    .containsEntry("cause", "agent: down#disk full");
        }
    }

    @Test
    void everyEventIsOneLineOfJsonAndStandardOutputHasNothingElse() throws IOException {
        try (DemoServer a = DemoServer.open("a");
                DemoServer b = DemoServer.open("b");
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        listen,
                        "--servers",
                        a.key() + "," + b.key(),
                        "--check",
                        "tcp",
                        "--delay-loop",
                        "200ms",
                        "--retry-delay",
                        "50ms",
                        "--events",
                        "-")) {
            lvs.awaitOut(line -> line.contains("\"service-added\""));
            a.stop();
            Map<String, String> down = parse(lvs.awaitOut(line -> line.contains("\"server-down\"")));
            assertThat(down)
                    .containsEntry("service", "tcp " + listen)
                    .containsEntry("server", a.key().toString())
                    .containsEntry("check", "tcp");
            assertThat(down.get("cause")).startsWith("connect: ");
            a.start();
            assertThat(parse(lvs.awaitOut(line -> line.contains("\"server-up\""))))
                    .containsEntry("server", a.key().toString());
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();

            List<Map<String, String>> events =
                    lvs.out().stream().map(ServeTest::parse).toList();
            assertThat(events).allSatisfy(event -> {
                assertThat(Instant.parse(event.get("time"))).isBefore(Instant.now());
                assertThat(event).containsEntry("service", "tcp " + listen).containsKey("type");
            });
            assertThat(events)
                    .extracting(event -> event.get("type"))
                    .containsExactly(
                            "service-added",
                            "server-added",
                            "server-added",
                            "server-down",
                            "server-up",
                            "service-removed");
        }
    }

    @Test
    void eventsGoToAFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events");
        try (ChildProcess lvs =
                ChildProcess.lvs("serve", "--listen", listen, "--server", "127.0.0.1:1", "--events", file.toString())) {
            lvs.awaitOut(line -> line.startsWith("serving "));
            lvs.signal("TERM");
            assertThat(lvs.awaitExit()).isZero();
        }
        assertThat(Files.readAllLines(file))
                .extracting(line -> parse(line).get("type"))
                .containsExactly("service-added", "server-added", "service-removed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalLetsAnOpenTransferFinishRefusesNewConnectionsAndEndsWithZero(String signal) throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = serve(server, "20s");
                Socket client = new Socket(Ports.address(port).getAddress(), port)) {
            BufferedReader transfer = reader(client);
            assertThat(transfer.readLine()).isEqualTo("first");

            lvs.signal(signal);
            Ports.awaitRefused(port);
            server.release();

            assertThat(transfer.readLine()).isEqualTo("last");
            assertThat(transfer.readLine()).isNull();
            client.shutdownOutput();
            assertThat(lvs.awaitExit()).isZero();
            assertThat(lvs.err()).anyMatch(line -> line.endsWith(" 0 open connections were reset"));
        }
    }

    @Test
    void theDrainTimeoutEndsTheWait() throws IOException {
        try (HeldServer server = new HeldServer();
                ChildProcess lvs = serve(server, "100ms");
                Socket client = new Socket(Ports.address(port).getAddress(), port)) {
            BufferedReader transfer = reader(client);
            assertThat(transfer.readLine()).isEqualTo("first");

            lvs.signal("TERM");

            assertThatThrownBy(transfer::readLine).isInstanceOf(IOException.class); // a reset, not an end
            assertThat(lvs.awaitExit()).isZero();
            assertThat(lvs.err()).anyMatch(line -> line.endsWith(" 1 open connections were reset"));
        }
    }

    private ChildProcess serve(HeldServer server, String drainTimeout) {
        ChildProcess lvs = ChildProcess.lvs(
                "serve", "--listen", listen, "--server", server.key().toString(), "--drain-timeout", drainTimeout);
        lvs.awaitOut(line -> line.startsWith("serving "));
        return lvs;
    }

    private static BufferedReader reader(Socket client) throws IOException {
        client.setSoTimeout(20_000);
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Parses one flat JSON object. */
    private static Map<String, String> parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            assertThat(parser.nextToken()).as(line).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                assertThat(parser.nextToken().isScalarValue()).as(line).isTrue();
                fields.put(name, parser.getText());
            }
            assertThat(parser.currentToken()).as(line).isEqualTo(JsonToken.END_OBJECT);
            assertThat(parser.nextToken()).as(line).isNull();
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
        return fields;
    }
}
