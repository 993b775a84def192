package io.lvs4j.examples;

import io.lvs4j.CloseReport;
import io.lvs4j.Director;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * Lets a signal (SIGTERM, SIGINT) end the process as if it had been asked to stop: no new connections, time for those that
 * are open, exit code 0. A shutdown hook alone would leave the signal's code.
 */
final class GracefulStop {
    private final Thread hook;

    private GracefulStop(Thread hook) {
        this.hook = hook;
    }

    static GracefulStop onSignal(Director director, Duration drainTimeout, PrintWriter messages) {
        Thread hook = new Thread(() -> stop(director, drainTimeout, messages), "lvs-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new GracefulStop(hook);
    }

    private static void stop(Director director, Duration drainTimeout, PrintWriter messages) {
        int code = Lvs.OK;
        try {
            CloseReport report = director.closeGracefully(drainTimeout).get();
            messages.println("stopped after " + report.took().toMillis() + " ms, " + report.remaining()
                    + " open connections were reset");
        } catch (ExecutionException | InterruptedException e) {
            messages.println("stopped badly: " + e);
            code = Lvs.BROKEN;
        }
        messages.flush();
        Runtime.getRuntime().halt(code);
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
