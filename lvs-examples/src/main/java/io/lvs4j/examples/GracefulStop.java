package io.lvs4j.examples;

import io.lvs4j.CloseReport;
import io.lvs4j.Director;
import io.lvs4j.LvsException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Lets a signal (SIGTERM, SIGINT) end the process as if it had been asked to stop: no new connections, time for those that
 * are open, exit code 0. A second signal ends the wait. A shutdown hook alone would leave the signal's code.
 */
final class GracefulStop {
    private final Thread hook;

    private GracefulStop(Thread hook) {
        this.hook = hook;
    }

    static GracefulStop onSignal(Director director, Duration drainTimeout, PrintWriter messages) {
        return onSignal(director, drainTimeout, messages, () -> {}, () -> {});
    }

    /**
     * The same with more to do.
     *
     * @param first what to do before connections are waited for
     * @param last what to do when the director has been closed
     */
    static GracefulStop onSignal(
            Director director, Duration drainTimeout, PrintWriter messages, Runnable first, Runnable last) {
        Thread hook = new Thread(() -> stop(director, drainTimeout, messages, first, last), "lvs-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new GracefulStop(hook);
    }

    private static void stop(
            Director director, Duration drainTimeout, PrintWriter messages, Runnable first, Runnable last) {
        int code = Lvs.OK;
        for (String again : List.of("TERM", "INT")) {
            Signals.on(again, () -> closeNow(director, messages));
        }
        try {
            first.run();
        } catch (RuntimeException e) {
            messages.println("stopped badly: " + e);
            code = Lvs.BROKEN;
        }
        try {
            CloseReport report = director.closeGracefully(drainTimeout).get();
            messages.println("stopped after " + report.took().toMillis() + " ms, " + report.remaining()
                    + " open connections were reset");
        } catch (ExecutionException | InterruptedException e) {
            messages.println("stopped badly: " + e);
            code = Lvs.BROKEN;
        }
        last.run();
        messages.flush();
        Runtime.getRuntime().halt(code);
    }

    /** Ends the wait for open connections; then what waits for that goes on. */
    private static void closeNow(Director director, PrintWriter messages) {
        messages.println("a second signal: open connections are not waited for");
        try {
            director.close();
        } catch (LvsException e) {
            return; // it is told where the report is waited for
        }
    }

    /** Gives signals their usual effect back; returns false if one has come already and the process is about to end. */
    boolean cancel() {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false; // shutdown is in progress
        }
    }
}
