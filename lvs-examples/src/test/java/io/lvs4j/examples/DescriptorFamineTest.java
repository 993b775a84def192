package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that may have 256 descriptors, and 2,000 clients that stay. */
@Tag("size")
class DescriptorFamineTest {
    private static final int CLIENTS = 2_000;
    private static final long WATCHED_SECONDS = 3;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void clientsWaitWhileOthersAndChecksGoOn(String transport) throws IOException {
        int port = Ports.free();
        try (EchoServer one = new EchoServer();
                EchoServer two = new EchoServer();
                ChildProcess lvs = ChildProcess.start(withFewDescriptors(
                        "serve",
                        "--listen",
                        "127.0.0.1:" + port,
                        "--servers",
                        one.key() + "," + two.key(),
                        "--scheduler",
                        "rr",
                        "--transport",
                        transport,
                        "--check",
                        "tcp",
                        "--delay-loop",
                        "500ms",
                        "--retries",
                        "0",
                        "--events",
                        "-"))) {
            Ports.awaitOpen(port);
            try (Crowd crowd = new Crowd(CLIENTS, Ports.address(port))) {
                int served = awaitFamine(crowd);
                assertThat(served).isBetween(20, 128);

                long usedBefore = lvs.processorTime();
                long beganNanos = System.nanoTime();
                await().pollDelay(Duration.ofSeconds(WATCHED_SECONDS)).until(() -> true);
                double seconds = (System.nanoTime() - beganNanos) / 1e9;
                assertThat((lvs.processorTime() - usedBefore) / seconds)
                        .as("percent of a core")
                        .isLessThan(20);

                two.stopListening();
                lvs.awaitOut(line -> line.contains("server-down"));
                two.listen();
                lvs.awaitOut(line ->
                        line.contains("server-up") && line.contains(two.key().toString()));
                assertThat(crowd.stillServed()).isEqualTo(served);
                assertThat(lvs.err().stream().filter(line -> line.contains("descriptors")))
                        .hasSize(1);

                crowd.leave(served / 2);
                // Each loop may have taken one more than there was room for, and nobody takes that place again.
                int atLeast = served - Runtime.getRuntime().availableProcessors();
                await().atMost(Duration.ofSeconds(30)) // two are promised, but the machine may stand still
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> crowd.served() >= atLeast);
            }
            try (Crowd another = new Crowd(1, Ports.address(port))) {
                await().atMost(Duration.ofSeconds(30)).until(() -> another.served() == 1);
            }
        }
    }

    private static int awaitFamine(Crowd crowd) {
        AtomicInteger last = new AtomicInteger(-1);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> last.getAndSet(crowd.served()) == last.get() && last.get() > 0);
        return last.get();
    }

    private static List<String> withFewDescriptors(String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh"));
        command.addAll(ChildProcess.lvsCommand(arguments));
        return command;
    }
}
