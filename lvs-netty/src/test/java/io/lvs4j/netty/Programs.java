package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Runs other people's programs. */
final class Programs {
    private Programs() {}

    /** Debian keeps servers where the search path of ordinary users does not lead. */
    static String path(String name) {
        Path path = Path.of("/usr/sbin", name);
        return Files.isExecutable(path) ? path.toString() : name;
    }

    /** Starts a program that ends with the lab, and waits until it listens on a port where a connection of ours does no harm. */
    static void start(Lab lab, Path directory, int port, String... command) throws IOException {
        Path output = directory.resolve(Path.of(command[0]).getFileName() + ".log");
        Process process = start(output, command);
        lab.keep(() -> {
            process.destroy();
            process.waitFor();
        });
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .until(() -> !process.isAlive() || listens(port));
        assertThat(process.isAlive()).as("%s", Files.readString(output)).isTrue();
    }

    private static Process start(Path output, String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(command[0] + ": not found (expected: what ./test installs)", e);
        }
    }

    /** Runs a program to its end; returns what it has written to both outputs. */
    static String run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError(command[0] + ": not found (expected: what ./test installs)", e);
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
