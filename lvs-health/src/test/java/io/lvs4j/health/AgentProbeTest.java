package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.check.AgentCheck;
import io.lvs4j.check.CheckResult;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentProbeTest {
    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();
    private final AgentCheck.Builder check = AgentCheck.builder().warmup(Duration.ZERO);

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void anAgentIsAskedWithTheTextThatItWants() throws Exception {
        try (Liar agent = new Liar((self, client) -> {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            Liar.send(client, in.readLine().equals("state of web1") ? "up 50%\n" : "down\n");
        })) {
            assertThat(Asking.found(
                            monitor, agent.key(), check.send("state of web1\n").build()))
                    .isEqualTo("up 50%");
        }
    }

    @Test
    void theEndOfTheConnectionEndsTheLineToo() throws Exception {
        try (Liar agent = new Liar((self, client) -> Liar.send(client, "down#disk full"))) {
            assertThat(found(agent)).isEqualTo("agent: down#disk full");
        }
    }

    @Test
    void aProxyHeaderComesFirst() throws Exception {
        try (Liar agent = new Liar((self, client) -> {
            byte[] header = client.getInputStream().readNBytes(16);
            Liar.send(client, header[12] == 0x20 ? "up\n" : "down\n");
        })) {
            assertThat(Asking.found(monitor, agent.key(), check.build(), Optional.of(ProxyProtocol.Version.V2)))
                    .isEqualTo("up");
        }
    }

    @Test
    void anAgentThatCannotBeAskedSaysNothingAboutItsServer() throws Exception {
        check.connectTimeout(Duration.ofSeconds(1));
        Liar gone = new Liar(Liar.good());
        gone.close();
        assertThat(found(gone)).isEqualTo("inconclusive: agent connect: connection refused");

        try (Liar silent = new Liar((self, client) -> self.noteEnding(client))) {
            assertThat(found(silent)).isEqualTo("inconclusive: agent line: not complete within 1s");
        }
        try (Liar dripping = new Liar(Liar.dripping("up "))) {
            assertThat(found(dripping)).isEqualTo("inconclusive: agent line: not complete within 1s");
        }
        try (Liar closing = new Liar((self, client) -> client.shutdownOutput())) {
            assertThat(found(closing)).startsWith("inconclusive: agent line: ");
        }
        try (Liar endless = new Liar(Liar.repeating("", "up ".repeat(100)))) {
            assertThat(found(endless)).isEqualTo("inconclusive: agent line: longer than 1 KiB");
        }
        try (Liar confused = new Liar((self, client) -> Liar.send(client, "\u0000\u00ff\n"))) {
            assertThat(found(confused)).isEqualTo("inconclusive: agent: not understood: ??");
        }
    }

    @Test
    void onlyTheAgentTakesBackItsDown() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>("down\n");
        BlockingQueue<String> verdicts = new LinkedBlockingQueue<>();
        try (Liar agent = new Liar((self, client) -> Liar.send(client, answer.get()));
                var watch = monitor.watch(
                        agent.key(),
                        check.delayLoop(Duration.ofMillis(20)).build(),
                        (up, cause) -> verdicts.add(up + " " + cause))) {
            assertThat(verdicts.poll(10, TimeUnit.SECONDS)).isEqualTo("false agent: down");

            answer.set("gibberish\n");
            Awaitility.await().until(() -> watch.latest().orElseThrow() instanceof CheckResult.Inconclusive);
            answer.set("up\n");

            assertThat(verdicts.poll(10, TimeUnit.SECONDS)).isEqualTo("true up");
        }
    }

    private String found(Liar agent) {
        return Asking.found(monitor, agent.key(), check.build());
    }
}
