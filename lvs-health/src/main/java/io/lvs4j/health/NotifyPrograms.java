package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs programs when something has happened, with the precautions of {@link io.lvs4j.check.MiscCheck}: no shell, nobody but root and
 * this process's user may be able to write the program, an environment with {@code PATH} and {@code LANG} alone, and with a program all
 * that it has started ends. Unlike a check such a program may take as long as it likes, as with keepalived; at most 128 run at a time.
 * Thread-safe.
 */
public final class NotifyPrograms implements AutoCloseable {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C");

    private final Programs programs = new Programs();
    private final Consumer<String> failures;
    private int running; // guarded by this

    /**
     * Creates it, without a thread so far.
     *
     * @param failures is told, on any thread, what did not start or did not exit with 0, such as {@code /bin/x: exit status 1}; must not
     *     wait
     */
    public NotifyPrograms(Consumer<String> failures) {
        this.failures = Objects.requireNonNull(failures, "failures");
    }

    /**
     * Refuses a program that would not be run.
     *
     * @param program its path
     * @throws IllegalArgumentException if it is not there, cannot be run, or may have been written by others
     */
    public static void require(String program) {
        ProgramPath.require(program);
    }

    /**
     * Starts a program soon, and does not wait for it.
     *
     * @param command its absolute path and its arguments
     */
    public void run(List<String> command) {
        String program = command.get(0);
        synchronized (this) {
            running++;
        }
        ProgramRun run = new ProgramRun(
                List.copyOf(command), ENVIRONMENT, NotifyPrograms::judge, result -> ended(program, result));
        programs.begin(run, result -> ended(program, result));
    }

    private static CheckResult judge(int status, String output) {
        String detail = "exit status " + status + (output.isEmpty() ? "" : ": " + output);
        return status == 0 ? CheckResult.passed(detail) : Phase.PROGRAM.failed(detail);
    }

    private void ended(String program, CheckResult result) {
        if (!(result instanceof CheckResult.Passed)) {
            failures.accept(program + ": " + result.detail());
        }
        synchronized (this) {
            running--;
            notifyAll();
        }
    }

    /**
     * Waits until none runs.
     *
     * @param patience how long at most
     * @return whether none runs
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized boolean awaitEnd(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); running > 0 && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return running == 0;
    }

    /** Kills those that run. Idempotent. */
    @Override
    public void close() {
        programs.close();
    }
}
