package io.lvs4j.examples;

import io.lvs4j.ServerKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A client of {@code lvs pair}: asks again and again, and prints who answers, or that nobody does, until a signal ends it. */
@Command(name = "pair-ask", hidden = true)
final class AskCommand implements Callable<Integer> {
    /** What it prints when nobody answers. */
    static final String NOBODY = "-";

    private static final int TIMEOUT_MILLIS = 250;
    private static final int PAUSE_MILLIS = 50;

    @Parameters(index = "0")
    private String address = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        InetSocketAddress service = ServerKey.parse(address).socketAddress();
        while (!out.checkError()) {
            String answer;
            try {
                answer = DemoClient.anywhere().ask(service, TIMEOUT_MILLIS);
            } catch (IOException e) {
                answer = NOBODY;
            }
            out.println(answer);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return Lvs.OK;
    }
}
