package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.spi.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the services of a keepalived.conf until a signal ends it. */
@Command(
        name = "run",
        description = {
            "Runs the services of a keepalived.conf until SIGTERM or SIGINT, which lets open connections end;",
            "a second one does not. SIGHUP reads the file again and makes the changes that it says; one with",
            "errors changes nothing. SIGUSR1 prints what ipvsadm -Ln, --stats, --rate and -Lcn would, and how virtual",
            "routers are."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false,
        footer = {
            "",
            "With errors in the file nothing is run; with --lenient the services without an error are.",
            "Exit codes: 0 = stopped by a signal, 1 = it broke, 2 = bad options, 5 = the file cannot be read or run",
            "as it is: errors in it, what the backend cannot do, an address that is not there or in use."
        })
final class RunCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "<file>", description = "The keepalived.conf. Required.")
    private String config = "";

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--listen-map",
            paramLabel = "<VIP=address>",
            description = {
                "Listens elsewhere than the file says: VIP[:port]=address[:port], such as",
                "10.0.0.1=127.0.0.1 or 10.0.0.1:80=127.0.0.1:8080; may be given more than once.",
                "Default: the file's addresses."
            })
    private List<String> listenMap = new ArrayList<>();

    @Option(
            names = "--no-vrrp",
            description = {
                "Leaves virtual routers (vrrp_instance) to somebody else, so that their addresses must be there. So does",
                "--listen-map. Default: they are run, which wants CAP_NET_RAW and CAP_NET_ADMIN."
            })
    private boolean noVrrp;

    @Mixin
    private final BackendOptions backend = new BackendOptions();

    @Mixin
    private final ServingOptions serving = new ServingOptions();

    @Override
    public Integer call() throws InterruptedException {
        ListenMap places = ListenMap.parse(listenMap);
        Path path = ConfigOptions.path("--config", config);
        Duration deadline = serving.drainTimeout();
        Backend carrier = backend.open();
        Optional<KernelDefs> kernel = carrier instanceof IpvsBackend ? Optional.of(new KernelDefs()) : Optional.empty();
        ConfigFile file = new ConfigFile(path, options, places, kernel.isPresent(), !noVrrp && listenMap.isEmpty());
        ConfigFile.Content content = file.read();
        DiagnosticLines.print(content.diagnostics(), serving.messages());
        if (content.isUnusable()) {
            carrier.close();
            tellOfLeniency(file);
            return Lvs.BAD_CONFIG;
        }
        EventSink events = serving.listener();
        Optional<ConfigRouters> routers = Optional.empty();
        if (!content.vrrp().routers().isEmpty()) {
            routers = ConfigRouters.of(content.vrrp(), content.global(), carrier, deadline, events, serving.messages());
            if (routers.isEmpty()) {
                carrier.close();
                return Lvs.BAD_CONFIG;
            }
        }
        NotifyScripts scripts = new NotifyScripts(serving.messages());
        Director director = routers.map(each -> each.directorOn(carrier))
                .orElseGet(() -> Director.builder().backend(carrier))
                .listener(events)
                .listener(scripts)
                .build();
        Runnable farewell = routers.<Runnable>map(each -> each::close).orElse(() -> {});
        GracefulStop stop =
                GracefulStop.onSignal(director, deadline, serving.messages(), farewell, () -> finish(kernel, scripts));
        ConfigRunner runner = new ConfigRunner(file, director, scripts, routers, kernel, serving);
        Optional<ConfigRouters> those = routers;
        Figures.onSignal(director, () -> those.map(ConfigRouters::snapshot).orElse(List.of()), serving);
        Semaphore hangups = new Semaphore(0);
        if (!Signals.on("HUP", hangups::release)) {
            serving.messages().println("SIGHUP is not heard by this Java: to reload, start again");
        }
        boolean started;
        try {
            started = runner.start(content);
        } catch (RuntimeException e) {
            if (stop.cancel()) {
                farewell.run();
                director.close();
                finish(kernel, scripts);
                throw e;
            }
            started = true; // a signal came while we were starting, and ends the process
        }
        if (!started && stop.cancel()) {
            farewell.run();
            director.close();
            finish(kernel, scripts);
            return Lvs.BAD_CONFIG;
        }
        while (true) {
            hangups.acquire();
            hangups.drainPermits();
            runner.reload();
        }
    }

    private void finish(Optional<KernelDefs> kernel, NotifyScripts scripts) {
        try {
            kernel.ifPresent(KernelDefs::stop);
        } catch (LvsException e) {
            serving.messages().println("the kernel's settings may not be what they were: " + e.getMessage());
        }
        scripts.finish();
    }

    private void tellOfLeniency(ConfigFile file) {
        int services = file.servicesWithLeniency();
        if (services > 0) {
            serving.messages()
                    .println("nothing is served; --lenient would serve "
                            + (services == 1 ? "1 service" : services + " services"));
        }
    }
}
