package io.lvs4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process of {@code lvs pair}: this program once more, on one of the hosts. Each line that it writes is given to somebody. */
final class PairProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final Thread reader;

    private PairProcess(Process process, Consumer<String> lines) {
        this.process = process;
        reader = new Thread(() -> read(lines), "lvs-pair-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a command of this program.
     *
     * @param network where the host is
     * @param host its name
     * @param lines is given each line of output, on a thread of its own
     * @param arguments the command and its options
     */
    static PairProcess start(PairNetwork network, String host, Consumer<String> lines, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lvs.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(network.on(host, command))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new PairProcess(process, lines);
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            in.lines().forEach(lines);
        } catch (IOException | RuntimeException e) {
            lines.accept("(nothing more is heard: " + e.getMessage() + ")");
        }
    }

    long pid() {
        return process.pid(); // ip becomes the program that it runs
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it without a chance to do anything: SIGKILL. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Asks it to end: SIGTERM. By its handle, for {@link Process#destroy} would stop listening to it, too. */
    void terminate() {
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        terminate();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
