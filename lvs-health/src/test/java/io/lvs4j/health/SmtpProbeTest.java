package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.check.SmtpCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpProbeTest {
    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();
    private final SmtpCheck.Builder check =
            SmtpCheck.builder().warmup(Duration.ZERO).heloName("checker.example.org");

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aRealMailServerPasses(@TempDir Path directory) throws Exception {
        try (Aiosmtpd server = new Aiosmtpd(directory)) {
            assertThat(Asking.found(monitor, server.key, check.build())).isEqualTo("HELO 250");
        }
    }

    @Test
    void theServerHearsHeloAndQuitAndEndsTheConnection() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            BufferedReader in = lines(client);
            Liar.send(client, "220-mail.example.org\r\n220 ready\r\n");
            self.seen.add(in.readLine());
            Liar.send(client, "250-mail.example.org\r\n250 HELP\r\n");
            self.seen.add(in.readLine());
            Liar.send(client, "221 bye\r\n");
        })) {
            assertThat(found(server)).isEqualTo("HELO 250");
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("HELO checker.example.org");
            assertThat(server.seen.poll(10, TimeUnit.SECONDS)).isEqualTo("QUIT");
        }
    }

    @Test
    void aProxyHeaderComesBeforeEverythingElse() throws Exception {
        try (Liar server = new Liar((self, client) -> {
            BufferedReader in = lines(client);
            self.seen.add(in.readLine().substring(0, 10));
            Liar.send(client, "220 ready\r\n");
            self.seen.add(in.readLine());
            Liar.send(client, "250 hello\r\n");
        })) {
            assertThat(Asking.found(monitor, server.key(), check.build(), Optional.of(ProxyProtocol.Version.V1)))
                    .isEqualTo("HELO 250");
            assertThat(server.seen).containsSequence("PROXY TCP4", "HELO checker.example.org");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            554 no service here\\r\\n              | greeting: 554 no service here (expected: 220)
            220-hello\\r\\n554 no\\r\\n             | greeting: 554 no (expected: 220)
            220 hello\\r\\n550 who are you\\r\\n    | helo: 550 who are you (expected: 250)
            220 hello\\r\\n                        | helo: closed
            220 hel                               | greeting: closed
            SSH-2.0-OpenSSH_9.2p1\\r\\n            | greeting: not SMTP: SSH-2.0-OpenSSH_9.2p1
            2200 hello\\r\\n                       | greeting: not SMTP: 2200 hello
            220 hello\\r\\n999\\r\\n                | helo: not SMTP: 999
            x\u0001\u001b[2J\u00ff\\r\\n           | greeting: not SMTP: x??[2J?
            """)
    void whatIsNoGoodAnswerFails(String script, String found) throws Exception {
        String text = script.replace("\\r", "\r").replace("\\n", "\n");
        try (Liar server = new Liar((self, client) -> {
            Liar.send(client, text);
            client.shutdownOutput();
            self.noteEnding(client);
        })) {
            assertThat(found(server)).isEqualTo(found);
        }
    }

    @Test
    void endlessGreetingsFail() throws IOException {
        try (Liar liar = new Liar(Liar.repeating("", "220-" + "x".repeat(100) + "\r\n"))) {
            assertThat(found(liar)).isEqualTo("greeting: more than 64 KiB");
        }
        try (Liar liar = new Liar(Liar.repeating("220 ", "x".repeat(100)))) {
            assertThat(found(liar)).isEqualTo("greeting: line longer than 2 KiB");
        }
    }

    @Test
    void silenceAndDrippingFailAtTheDeadline() throws IOException {
        check.connectTimeout(Duration.ofSeconds(1));
        try (Liar liar = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(found(liar)).isEqualTo("greeting: no complete reply within 1s");
        }
        try (Liar liar = new Liar(Liar.dripping("220-a\r\n"))) {
            assertThat(found(liar)).isEqualTo("greeting: no complete reply within 1s");
        }
    }

    private String found(Liar liar) {
        return Asking.found(monitor, liar.key(), check.build());
    }

    private static BufferedReader lines(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }
}
