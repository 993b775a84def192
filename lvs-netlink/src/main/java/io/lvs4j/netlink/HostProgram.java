package io.lvs4j.netlink;

import io.lvs4j.BackendException;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program of the host by its argument vector, never through a shell, and for so long and with so much to say only. */
final class HostProgram {
    private static final long PATIENCE_SECONDS = 10;
    private static final int MAX_OUTPUT = 1 << 20;

    private final Optional<String> namespace;
    private final String operation;

    /** What a program has left behind. */
    record Result(int status, String output) {}

    /** Runs programs in a network namespace, or here; the operation is what errors name. */
    HostProgram(Optional<String> namespace, String operation) {
        this.namespace = namespace;
        this.operation = operation;
    }

    /** Returns what a program that must succeed has written. */
    String run(String subject, List<String> command) {
        Result result = tryRun(subject, command);
        if (result.status != 0) {
            throw failed(subject, String.join(" ", command) + ": " + result.output.trim(), null);
        }
        return result.output;
    }

    private Result tryRun(String subject, List<String> command) {
        // The program is in the namespace of the thread that starts it.
        return NetworkNamespace.in(namespace, () -> start(subject, command));
    }

    private Result start(String subject, List<String> command) {
        String program = command.get(0);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                process.getOutputStream().close();
                CompletableFuture<String> output = output(process);
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw failed(subject, program + " took longer than " + PATIENCE_SECONDS + " s", null);
                }
                return new Result(
                        process.exitValue(),
                        output.completeOnTimeout("", PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .join());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw failed(subject, e.getMessage() + "; install " + program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(subject, "interrupted while " + program + " ran", e);
        }
    }

    /** Reads while the program runs, as it would wait for room in the pipe. */
    private static CompletableFuture<String> output(Process process) {
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (InputStream in = process.getInputStream()) {
                        output.complete(new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        output.complete("");
                    }
                },
                "lvs-host-program");
        reader.setDaemon(true);
        reader.start();
        return output;
    }

    private BackendException failed(String subject, String reason, @Nullable Exception cause) {
        return new BackendException(operation, subject, reason, cause);
    }
}
