package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.DirectorListener;
import io.lvs4j.VirtualService;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.spi.Backend;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves one virtual service, over TCP, UDP or both, until a signal ends it. */
@Command(
        name = "serve",
        description = {
            "Serves one virtual service until SIGTERM or SIGINT, which lets open connections end; a second one does not.",
            "SIGUSR1 prints what ipvsadm -Ln, --stats, --rate and -Lcn would."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Durations: 10s, 500ms, 1m, 2h, 1d, or plain seconds.",
            "Exit codes: 0 = stopped by a signal or replaced, 1 = it broke, 2 = it cannot be served as it is described."
        })
final class ServeCommand implements Callable<Integer> {
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

    @Mixin
    private final ServingOptions serving = new ServingOptions();

    @Override
    public Integer call() throws InterruptedException {
        List<VirtualService> descriptions = service.parse(checks.parse());
        Duration deadline = serving.drainTimeout();
        PrintWriter messages = serving.messages();
        DirectorListener listener = serving.listener();
        Backend carrier = backend.open(handOver, () -> handedOver(messages));
        Director director =
                Director.builder().backend(carrier).listener(listener).build();
        GracefulStop stop = GracefulStop.onSignal(director, deadline, messages);
        Figures.onSignal(director, List::of, serving);
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
        for (VirtualService description : descriptions) {
            serving.news().println(describe(description, director.backendName()));
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

    static String describe(VirtualService service, String backend) {
        return "serving " + service.key() + " on " + backend + " with " + service.scheduling()
                + service.persistence().map(p -> " " + p).orElse("") + ": "
                + service.realServers().stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
