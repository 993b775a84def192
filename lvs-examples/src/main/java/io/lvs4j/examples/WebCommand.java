package io.lvs4j.examples;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A real server of {@code lvs pair}: answers every request with its name, until a signal ends it. */
@Command(name = "pair-web", hidden = true)
final class WebCommand implements Callable<Integer> {
    @Parameters(index = "0")
    private String name = "";

    @Parameters(index = "1")
    private String address = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (DemoServer server = DemoServer.open(name, address)) {
            spec.commandLine().getOut().println(server.name() + " answers at " + server.key());
            new CountDownLatch(1).await();
        }
        return Lvs.OK;
    }
}
