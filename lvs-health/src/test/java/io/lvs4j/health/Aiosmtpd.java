package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real mail server, Python's aiosmtpd, on a free port of 127.0.0.1. */
final class Aiosmtpd implements AutoCloseable {
    final ServerKey key = ServerKey.of("127.0.0.1", FreePorts.on(InetAddress.getLoopbackAddress()));

    private final Process process;

    Aiosmtpd(Path directory) throws IOException {
        Path console = directory.resolve("console.log");
        try {
            process = new ProcessBuilder(
                            "aiosmtpd", "--nosetuid", "--listen", key.toString(), "--class", "aiosmtpd.handlers.Sink")
                    .redirectErrorStream(true)
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    "aiosmtpd: not found (expected: apt-get install python3-aiosmtpd, as ./test does)", e);
        }
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .until(() -> !process.isAlive() || answers());
        if (!process.isAlive()) {
            throw new AssertionError("aiosmtpd did not start: " + Files.readString(console));
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(key.address(), key.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
