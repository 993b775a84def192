package io.lvs4j.examples;

import io.lvs4j.Director;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the main job on loopback, with servers and clients of its own. */
@Command(
        name = "demo",
        description = "Shows a virtual service at work on loopback: three web servers, clients that stay on theirs, one"
                + " server that stops and comes back. Takes a few seconds.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class)
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private final BackendOptions backend = new BackendOptions();

    @Option(
            names = "--stay",
            description = "Goes on serving afterwards, to be tried with curl, until Ctrl-C or SIGTERM.")
    private boolean stay;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        EventWatch events = new EventWatch();
        try (Demo demo = Demo.start(
                out,
                events,
                Director.builder().backend(backend.open()).listener(events).build())) {
            demo.tell();
            if (stay) {
                GracefulStop.onSignal(demo.director(), Duration.ofSeconds(2), out);
                demo.invite();
                new CountDownLatch(1).await(); // the signal's hook ends the process
            }
        }
        return Lvs.OK;
    }
}
