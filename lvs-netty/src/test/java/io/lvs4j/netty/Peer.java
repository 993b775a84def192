package io.lvs4j.netty;

import static org.awaitility.Awaitility.await;

import io.lvs4j.netty.Script.End;
import io.lvs4j.netty.Script.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** Plays one part of a {@link Script} on a plain socket: one thread calls {@link #send}, another {@link #receive}. */
final class Peer {
    private static final byte[] PATTERN = Lab.pattern(1 << 21, 42);

    private final Socket socket;
    private final Plan plan;
    private final boolean pauses;
    private final boolean waitsForPeer;
    private volatile int received;
    private volatile boolean receiveEnded;
    private volatile boolean resetSeen;
    private volatile boolean garbled;

    Peer(Socket socket, Plan plan, boolean pauses, boolean waitsForPeer) {
        this.socket = socket;
        this.plan = plan;
        this.pauses = pauses;
        this.waitsForPeer = waitsForPeer;
    }

    void send(int halfOfWhatComes) throws IOException {
        try {
            int offset = 0;
            for (int size : plan.chunks()) {
                socket.getOutputStream().write(PATTERN, offset, size);
                offset += size;
            }
            end(halfOfWhatComes);
        } catch (IOException e) {
            resetSeen = true; // the reset may show here, and the reader then sees an end of stream
        }
    }

    private void end(int halfOfWhatComes) throws IOException {
        switch (plan.end()) {
            case FIN, FIN_AFTER_PEER -> {
                if (waitsForPeer) {
                    waitUntil(() -> receiveEnded);
                }
                socket.shutdownOutput();
            }
            case RESET_AT_ONCE -> Lab.reset(socket);
            case RESET_WHEN_ACKNOWLEDGED -> {
                awaitAcknowledged();
                Lab.reset(socket);
            }
            case FIN_THEN_RESET -> {
                socket.shutdownOutput();
                waitUntil(() -> received >= halfOfWhatComes || receiveEnded);
                awaitAcknowledged();
                Lab.reset(socket);
            }
        }
    }

    void receive(Peer other, int halfOfOurs) {
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[plan.readSize()];
            boolean paused = !pauses;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int so = received + n;
                garbled = garbled || !Arrays.equals(buffer, 0, n, PATTERN, received, so);
                received = so;
                if (!paused && so >= plan.pauseAt()) {
                    paused = true;
                    waitUntil(() -> other.received >= halfOfOurs || other.receiveEnded);
                }
            }
        } catch (IOException e) {
            resetSeen = true;
        } finally {
            receiveEnded = true;
        }
    }

    private static void waitUntil(java.util.concurrent.Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }

    private void awaitAcknowledged() {
        String ports = String.format(Locale.ROOT, ":%04X ", socket.getLocalPort());
        String remote = String.format(Locale.ROOT, ":%04X ", socket.getPort());
        waitUntil(() -> sendQueueIsEmpty(ports, remote));
    }

    /** Linux says it in /proc/net/tcp*: "sl local remote state tx_queue:rx_queue ...". */
    private static boolean sendQueueIsEmpty(String localPort, String remotePort) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6").allMatch(table -> {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                return lines.filter(line -> line.contains(localPort) && line.contains(remotePort))
                        .map(line -> line.trim().split("\\s+", 6))
                        .filter(fields ->
                                (fields[1] + " ").endsWith(localPort) && (fields[2] + " ").endsWith(remotePort))
                        .allMatch(fields -> fields[4].startsWith("00000000:"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    Plan plan() {
        return plan;
    }

    int received() {
        return received;
    }

    boolean garbled() {
        return garbled;
    }

    boolean resetSeen() {
        return resetSeen;
    }

    boolean resets() {
        return plan.end().resets();
    }

    boolean endsWithAReset() {
        return plan.end() == End.RESET_AT_ONCE || plan.end() == End.RESET_WHEN_ACKNOWLEDGED;
    }

    @Override
    public String toString() {
        return "received " + received + (resetSeen ? ", reset" : ", end of stream");
    }
}
