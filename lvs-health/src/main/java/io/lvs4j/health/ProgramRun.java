package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a program, from its start to the end of all its processes. Confined to the thread of {@link Programs}. */
final class ProgramRun {
    private static final int KEPT_BYTES = 1024;
    private static final long MERCY_NANOS = Duration.ofMillis(100).toNanos();

    private final List<String> command;
    private final Map<String, String> environment;
    private final BiFunction<Integer, String, CheckResult> judge;
    private final Consumer<CheckResult> outcome;
    private final byte[] kept = new byte[KEPT_BYTES];
    private int keptBytes;
    private @Nullable Process process;
    private @Nullable ProcessGroup group;
    private long askedToEndNanos;
    private boolean askedToEnd;
    private boolean killed;

    /** Set by whoever aborts it. */
    private volatile boolean unwanted;

    ProgramRun(
            List<String> command,
            Map<String, String> environment,
            BiFunction<Integer, String, CheckResult> judge,
            Consumer<CheckResult> outcome) {
        this.command = command;
        this.environment = environment;
        this.judge = judge;
        this.outcome = outcome;
    }

    /** Nobody waits for it any more. On any thread. */
    void abort() {
        unwanted = true;
    }

    /** Starts it; returns whether it runs. */
    boolean start(Runnable whenEnded) {
        if (unwanted) {
            return false;
        }
        try {
            ProgramPath.require(command.get(0));
            ProcessBuilder builder = new ProcessBuilder(ProcessGroup.leading(command))
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process started = ProcessGroup.start(builder);
            ProcessGroup its = new ProcessGroup(started);
            process = started;
            group = its;
            started.onExit().thenRun(() -> {
                its.kill(); // not on our thread, which may be waiting for the output that a child of it goes on writing
                whenEnded.run();
            });
            return true;
        } catch (IOException | IllegalArgumentException e) {
            outcome.accept(CheckResult.inconclusive("program not started: " + Wording.of(e)));
            return false;
        }
    }

    /** Goes on with it; returns how many bytes of output have been read, or -1 if it has ended. */
    int goOn(byte[] buffer, long nowNanos) {
        Process running = process;
        ProcessGroup its = group;
        if (running == null || its == null) {
            return -1;
        }
        if (!running.isAlive()) {
            end(running, buffer);
            return -1;
        }
        if (unwanted && !askedToEnd) {
            askedToEnd = true;
            askedToEndNanos = nowNanos;
            its.terminate();
        } else if (askedToEnd && !killed && nowNanos - askedToEndNanos >= MERCY_NANOS) {
            killed = true;
            its.kill();
        }
        return read(running, buffer);
    }

    private int read(Process running, byte[] buffer) {
        try {
            InputStream output = running.getInputStream();
            int ready = Math.min(output.available(), buffer.length);
            int length = ready <= 0 ? 0 : output.read(buffer, 0, ready);
            if (length <= 0) {
                return 0;
            }
            int keep = Math.min(length, KEPT_BYTES - keptBytes);
            System.arraycopy(buffer, 0, kept, keptBytes, keep);
            keptBytes += keep;
            return length;
        } catch (IOException e) {
            return 0; // closed: there is no more
        }
    }

    private void end(Process ended, byte[] buffer) {
        while (keptBytes < KEPT_BYTES && read(ended, buffer) > 0) {
            // what it has written last
        }
        try {
            ended.getInputStream().close();
        } catch (IOException e) {
            // then it is closed already
        }
        if (!unwanted) {
            outcome.accept(judge.apply(ended.exitValue(), text()));
        }
    }

    /** Kills it at once, because the monitor is being closed. */
    void kill() {
        unwanted = true;
        if (group != null) {
            group.kill();
        }
    }

    private String text() {
        String text = new String(kept, 0, keptBytes, StandardCharsets.UTF_8);
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").trim();
    }
}
