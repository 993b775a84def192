package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.DirectorListener;
import io.lvs4j.VirtualService;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.spi.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves one virtual service, over TCP, UDP or both, until a signal ends it. */
@Command(
        name = "serve",
        description = "Serves one virtual service until SIGTERM or SIGINT, which lets open connections end.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Durations: 10s, 500ms, 1m, 2h, 1d, or plain seconds.",
            "Exit codes: 0 = stopped by a signal or replaced, 1 = it broke, 2 = bad input."
        })
final class ServeCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final Duration FIRST_CHECKS = Duration.ofSeconds(30);

    @Mixin
    private final ServiceOptions service = new ServiceOptions();

    @Mixin
    private final CheckOptions checks = new CheckOptions();

    @Mixin
    private final BackendOptions backend = new BackendOptions();

    @Option(
            names = "--hand-over",
            paramLabel = "<path>",
            description = {
                "A socket where another serve with the same path takes over, without losing a connection attempt:",
                "this one then lets open connections end (--drain-timeout) and exits with 0.",
                "TCP on the netty backend with epoll. Default: none."
            })
    private @Nullable String handOver;

    @Option(
            names = "--drain-timeout",
            paramLabel = "<duration>",
            description = "How long open connections have once a signal asked to stop. Default: 10s.")
    private String drainTimeout = "10s";

    @Option(
            names = "--events",
            paramLabel = "<file|->",
            description = "Writes one JSON object per event and line, to a file or to standard output (-)."
                    + " Default: events in words on standard error.")
    private @Nullable String events;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        List<VirtualService> descriptions = service.parse(checks.parse());
        Duration deadline = BadInput.parse("--drain-timeout", drainTimeout, ServeCommand::drainTimeout);
        PrintWriter messages = spec.commandLine().getErr();
        DirectorListener listener = listener(messages);
        Backend carrier = backend.open(handOver, () -> handedOver(messages));
        Director director =
                Director.builder().backend(carrier).listener(listener).build();
        GracefulStop stop = GracefulStop.onSignal(director, deadline, messages);
        try {
            descriptions.forEach(director::add);
            if (handOver != null && carrier instanceof NettyBackend netty) {
                if (!FirstChecks.await(director, FIRST_CHECKS)) {
                    messages.println("not all servers have been checked after " + FIRST_CHECKS.toSeconds() + " s");
                }
                netty.ready();
            }
        } catch (RuntimeException e) {
            if (stop.cancel()) {
                director.close();
                throw e;
            }
            return untilTheSignalEndsTheProcess(); // it came while we were starting
        }
        boolean quiet = STANDARD_OUTPUT.equals(events);
        for (VirtualService description : descriptions) {
            (quiet ? messages : spec.commandLine().getOut()).println(serving(description, director.backendName()));
        }
        return untilTheSignalEndsTheProcess();
    }

    /** Ends this process as a signal would. */
    private static void handedOver(PrintWriter messages) {
        messages.println("another process has taken over");
        System.exit(Lvs.OK);
    }

    private static int untilTheSignalEndsTheProcess() throws InterruptedException {
        new CountDownLatch(1).await();
        return Lvs.OK;
    }

    private static Duration drainTimeout(String text) {
        Duration timeout = Durations.parse("--drain-timeout", text);
        if (timeout.compareTo(Duration.ofDays(31)) > 0) {
            throw new BadInput("--drain-timeout", text, "0s..31d");
        }
        return timeout;
    }

    private DirectorListener listener(PrintWriter messages) {
        if (events == null) {
            return event -> messages.println(EventText.of(event));
        }
        if (events.equals(STANDARD_OUTPUT)) {
            return new EventLines(spec.commandLine().getOut());
        }
        try {
            return new EventLines(
                    new PrintWriter(Files.newBufferedWriter(Path.of(events), StandardCharsets.UTF_8), false));
        } catch (IOException e) {
            throw new BadInput("--events", events, "- or a file that can be written: " + e);
        }
    }

    private static String serving(VirtualService service, String backend) {
        return "serving " + service.key() + " on " + backend + " with " + service.scheduling()
                + service.persistence().map(p -> " " + p).orElse("") + ": "
                + service.realServers().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
