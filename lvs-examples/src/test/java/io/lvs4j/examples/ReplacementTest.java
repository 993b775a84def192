package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One {@code lvs serve} takes over from another, and no client notices. */
@Tag("size")
class ReplacementTest {
    private static final int REPLACEMENTS = 5;
    private static final int ATTEMPTS = 20_000;
    private static final int THREADS = 4;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port = Ports.free();
    private final AtomicInteger attempts = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stop;

    @TempDir
    Path directory;

    @Test
    @Tag("size")
    void noConnectionAttemptIsLost() throws Exception {
        try (EchoServer server = new EchoServer()) {
            ChildProcess serving = serve(server);
            List<Thread> clients = new ArrayList<>();
            try {
                for (int i = 1; i <= THREADS; i++) {
                    clients.add(client("127.0.77." + i));
                }
                for (int i = 0; i < REPLACEMENTS; i++) {
                    serving = replace(serving, server);
                }
                awaitAttempts(ATTEMPTS);
            } finally {
                stop = true;
                for (Thread client : clients) {
                    client.join();
                }
                serving.close();
            }
            assertThat(failures).isEmpty();
            assertThat(attempts.get()).isGreaterThanOrEqualTo(ATTEMPTS);
        }
    }

    private ChildProcess serve(EchoServer server) {
        ChildProcess lvs = ChildProcess.lvs(
                "serve",
                "--listen",
                "127.0.0.1:" + port,
                "--server",
                server.key().toString(),
                "--check",
                "tcp",
                "--hand-over",
                directory.resolve("hand-over").toString(),
                "--drain-timeout",
                "1m");
        lvs.awaitOut(line -> line.startsWith("serving "));
        return lvs;
    }

    /** Starts another process and sees the one before end well, after its last connection. */
    private ChildProcess replace(ChildProcess old, EchoServer server) throws IOException {
        try (old;
                Socket open = new Socket()) {
            open.setSoTimeout(TIMEOUT_MILLIS);
            open.connect(Ports.address(port), TIMEOUT_MILLIS);
            ping(open);

            ChildProcess young = serve(server);
            awaitAttempts(attempts.get() + 200);
            assertThat(old.isAlive()).as("has a connection, %s", old).isTrue();
            ping(open);
            open.shutdownOutput();
            assertThat(open.getInputStream().read()).as("the end").isEqualTo(-1);
            assertThat(old.awaitExit()).as("exit code, %s", old).isZero();
            assertThat(old.err())
                    .contains("another process has taken over")
                    .last()
                    .asString()
                    .endsWith(", 0 open connections were reset");
            return young;
        }
    }

    private void awaitAttempts(int wanted) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> attempts.get() >= wanted);
    }

    /** Connects again and again, each time for one question and its answer. */
    private Thread client(String source) {
        Thread thread = new Thread(() -> {
            while (!stop) {
                try {
                    attempt(source);
                } catch (IOException e) {
                    failures.add("attempt " + attempts.get() + ": " + e);
                }
                attempts.incrementAndGet();
            }
        });
        thread.start();
        return thread;
    }

    private void attempt(String source) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.bind(new InetSocketAddress(source, 0));
            socket.connect(Ports.address(port), TIMEOUT_MILLIS);
            ping(socket);
            socket.setSoLinger(true, 0); // or there would soon be no port left
        }
    }

    private static void ping(Socket socket) throws IOException {
        socket.getOutputStream().write('!');
        int answer = socket.getInputStream().read();
        if (answer != '!') {
            throw new IOException("answer: " + answer);
        }
    }
}
