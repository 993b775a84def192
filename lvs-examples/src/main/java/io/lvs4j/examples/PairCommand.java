package io.lvs4j.examples;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows two directors that share an address. */
@Command(
        name = "pair",
        description =
                "Shows two directors, each in a network namespace, that share an address by VRRP: one is killed, returns"
                        + " and is stopped, and the address moves. Wants Linux, root and ip (iproute2). Takes half a minute.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class)
final class PairCommand implements Callable<Integer> {
    @Option(
            names = "--backend",
            paramLabel = "<name>",
            description = "What carries the connections: netty or ipvs. Default: netty.")
    private String backend = "netty";

    @Option(names = "--stay", description = "Leaves both running afterwards, until Ctrl-C or SIGTERM.")
    private boolean stay;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Pair pair = new Pair(spec.commandLine().getOut(), backend);
        Thread end = new Thread(pair::close, "lvs-stop");
        Runtime.getRuntime().addShutdownHook(end); // before there is anything to remove, and until nothing is left
        try {
            pair.start();
            pair.tell();
            if (stay) {
                pair.invite();
                new CountDownLatch(1).await(); // the hook ends all
            }
        } catch (IOException | RuntimeException e) {
            if (!pair.isClosed()) {
                throw e;
            }
            // by the hook: what failed has been ended
        } finally {
            pair.close();
        }
        remove(end);
        return Lvs.OK;
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs already
        }
    }
}
