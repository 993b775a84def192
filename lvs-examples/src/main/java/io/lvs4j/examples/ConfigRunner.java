package io.lvs4j.examples;

import io.lvs4j.ApplyException;
import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.Plan;
import io.lvs4j.ServiceKey;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.ConfiguredService;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.vrrp.VirtualRouters;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a director serve what a file says, at the start and when the file is read again. Confined to one thread. */
final class ConfigRunner {
    private static final String REFUSED_IN_PART = "reload: done but for what was refused";

    private final ConfigFile file;
    private final Director director;
    private final NotifyScripts scripts;
    private final Optional<ConfigRouters> routers;
    private final Optional<KernelDefs> kernel;
    private final ServingOptions serving;

    /**
     * Makes it.
     *
     * @param routers the file's virtual routers, not started; empty if none are run
     * @param kernel its settings; empty if it does not carry the connections
     */
    ConfigRunner(
            ConfigFile file,
            Director director,
            NotifyScripts scripts,
            Optional<ConfigRouters> routers,
            Optional<KernelDefs> kernel,
            ServingOptions serving) {
        this.file = file;
        this.director = director;
        this.scripts = scripts;
        this.routers = routers;
        this.kernel = kernel;
        this.serving = serving;
    }

    /** Serves what a file says; returns false if it cannot all be served, which has been told. */
    boolean start(ConfigFile.Content content) {
        content.unmapped().forEach(this::warn);
        if (!isPossible(content.services())) {
            return false;
        }
        scripts.tellFaults(content.services(), content.global().scriptUser());
        scripts.use(content.services());
        kernel.ifPresent(defs -> defs.start(content.global()));
        try {
            director.apply(content.descriptions());
        } catch (ApplyException e) {
            tell(content.services(), e);
            if (e.failures().values().stream().anyMatch(each -> each.operation().equals("listen"))) {
                serving.messages().println("to listen elsewhere, for a try: --listen-map VIP=address");
            }
            return false;
        }
        for (ConfiguredService each : content.services()) {
            serving.news()
                    .println(ServeCommand.describe(PlanText.withoutChecks(each.service()), director.backendName()));
        }
        if (routers.isPresent() && !routers.get().start()) {
            return false;
        }
        content.vrrp().routers().forEach(each -> serving.news().println("running virtual router " + each.router()));
        if (content.services().isEmpty()) {
            serving.news().println("serving nothing: " + file + " has no virtual_server that could be served");
        }
        return true;
    }

    /** Reads the file again and makes the changes that it says, or tells why there are none. Whatever happens, what is served goes on. */
    void reload() {
        try {
            ConfigFile.Content content = file.read();
            DiagnosticLines.print(content.diagnostics(), serving.messages());
            content.unmapped().forEach(this::warn);
            if (content.hasErrors() || !isPossible(content.services())) {
                refuse();
                return;
            }
            Optional<VirtualRouters> wanted = routers.flatMap(each -> each.possible(content.vrrp()));
            Plan plan = director.plan(content.descriptions());
            if (routers.isPresent() != wanted.isPresent() || !canListen(plan, content)) {
                refuse();
                return;
            }
            apply(plan, wanted, content);
        } catch (RuntimeException e) {
            serving.messages().println(file + ": error: " + Durations.readable(String.valueOf(e.getMessage())));
            refuse();
        }
    }

    private void refuse() {
        serving.news().println("reload: nothing has changed, " + file + " is refused");
    }

    private void apply(Plan plan, Optional<VirtualRouters> wanted, ConfigFile.Content content) {
        List<String> lines = new ArrayList<>();
        wanted.ifPresent(it -> lines.addAll(routers.orElseThrow().changes(it)));
        plan.changes().stream().map(PlanText::of).forEach(lines::add);
        serving.news().println("reload: " + lines.size() + (lines.size() == 1 ? " change" : " changes"));
        lines.forEach(serving.news()::println);
        scripts.tellFaults(content.services(), content.global().scriptUser());
        scripts.use(content.services());
        try {
            kernel.ifPresent(defs -> defs.change(content.global()));
            boolean changed = wanted.isEmpty() || changeRouters(wanted.get(), content);
            director.apply(content.descriptions());
            serving.news().println(changed ? "reload: done" : REFUSED_IN_PART);
        } catch (ApplyException e) {
            tell(content.services(), e);
            serving.news().println(REFUSED_IN_PART);
        }
        if (routers.isEmpty() && !content.vrrp().routers().isEmpty()) {
            warn("virtual routers are not run, because there were none at the start; to run them, start again");
        }
    }

    /** Services that end do so first: their addresses may leave with their routers. New ones begin when their routers are there. */
    private boolean changeRouters(VirtualRouters wanted, ConfigFile.Content content) {
        Set<ServiceKey> stay =
                content.descriptions().stream().map(VirtualService::key).collect(Collectors.toSet());
        director.apply(
                services().stream().filter(each -> stay.contains(each.key())).toList());
        try {
            routers.orElseThrow().change(wanted, content.vrrp(), content.global());
            return true;
        } catch (LvsException | IllegalArgumentException | IllegalStateException e) { // what was possible a moment ago
            serving.messages().println(file + ": error: virtual routers: " + e.getMessage());
            return false;
        }
    }

    private List<VirtualService> services() {
        return director.snapshot().services().stream()
                .map(ServiceSnapshot::service)
                .toList();
    }

    /**
     * Looks whether new services can listen, and tells which cannot: the director finds out when others have changed. Addresses of virtual
     * routers come when they come.
     */
    private boolean canListen(Plan plan, ConfigFile.Content content) {
        if (kernel.isPresent()) {
            return true; // which does not listen
        }
        List<VirtualService> now = services();
        Set<InetAddress> floating = routers.isPresent() ? content.floating() : Set.of();
        boolean can = true;
        for (Plan.Change change : plan.changes()) {
            if (change instanceof Plan.AddService added) {
                Optional<String> obstacle = ListenProbe.obstacle(added, now, floating);
                obstacle.ifPresent(why -> content.services().stream()
                        .filter(each ->
                                each.service().key().equals(added.description().key()))
                        .forEach(each -> tell(each, why)));
                can &= obstacle.isEmpty();
            }
        }
        return can;
    }

    /** Looks whether the backend can carry out each service, and tells where in the file those are that it cannot. */
    private boolean isPossible(List<ConfiguredService> services) {
        boolean possible = true;
        for (ConfiguredService each : services) {
            try {
                director.plan(List.of(each.service()));
            } catch (UnsupportedSettingException | IllegalArgumentException e) {
                tell(each, e);
                possible = false;
            }
        }
        return possible;
    }

    private void tell(List<ConfiguredService> services, ApplyException e) {
        e.failures()
                .forEach((key, failure) -> services.stream()
                        .filter(each -> each.service().key().equals(key))
                        .findFirst()
                        .ifPresentOrElse(each -> tell(each, failure), () -> tell(key, failure)));
    }

    private void tell(ConfiguredService service, RuntimeException e) {
        tell(service, Durations.readable(String.valueOf(e.getMessage())));
    }

    private void tell(ConfiguredService service, String why) {
        serving.messages().println(DiagnosticLines.at(service.at(), Severity.ERROR, why));
    }

    /** A service that has ended is nowhere in the file. */
    private void tell(ServiceKey key, RuntimeException e) {
        serving.messages().println(file + ": error: " + key + ": " + e.getMessage());
    }

    private void warn(String what) {
        serving.messages().println("warning: " + what);
    }
}
