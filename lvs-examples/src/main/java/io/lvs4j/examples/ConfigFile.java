package io.lvs4j.examples;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.ConfiguredRouter;
import io.lvs4j.keepalived.ConfiguredService;
import io.lvs4j.keepalived.GlobalSettings;
import io.lvs4j.keepalived.KeepalivedConfig;
import io.lvs4j.keepalived.VrrpConfig;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.vrrp.VirtualAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A keepalived.conf that is run, and may be read again. */
final class ConfigFile {
    private final Path path;
    private final ConfigOptions options;
    private final ListenMap listenMap;
    private final boolean kernel;
    private final boolean routers;

    /**
     * Names it.
     *
     * @param kernel whether the kernel carries the connections
     * @param routers whether its virtual routers are run
     */
    ConfigFile(Path path, ConfigOptions options, ListenMap listenMap, boolean kernel, boolean routers) {
        this.path = path;
        this.options = options;
        this.listenMap = listenMap;
        this.kernel = kernel;
        this.routers = routers;
    }

    /**
     * What it says.
     *
     * @param services those without an error, at the addresses where they shall listen
     * @param vrrp its virtual routers, if they are to be run
     * @param global what it says of all of them
     * @param diagnostics what there is to say about it
     * @param unmapped addresses for which others have been asked, and which it has not
     */
    record Content(
            List<ConfiguredService> services,
            VrrpConfig vrrp,
            GlobalSettings global,
            List<Diagnostic> diagnostics,
            List<String> unmapped,
            boolean hasErrors) {
        List<VirtualService> descriptions() {
            return services.stream().map(ConfiguredService::service).toList();
        }

        /** Returns the addresses of its virtual routers. */
        Set<InetAddress> floating() {
            return vrrp.routers().stream()
                    .map(ConfiguredRouter::router)
                    .flatMap(each -> Stream.concat(each.addresses().stream(), each.excludedAddresses().stream()))
                    .map(VirtualAddress::address)
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** Returns whether there is nothing in it to be run, because of its errors. */
        boolean isUnusable() {
            return hasErrors && services.isEmpty() && vrrp.routers().isEmpty();
        }
    }

    Content read() {
        KeepalivedConfig config = options.read(path);
        List<Diagnostic> diagnostics = new ArrayList<>();
        config.diagnostics()
                .forEach(each -> diagnostics.add(routers && isRefused(each, options) ? refused(each) : each));
        boolean errors = diagnostics.stream().anyMatch(each -> each.severity() == Severity.ERROR);
        if (!routers) {
            config.routers().stream().findFirst().ifPresent(first -> diagnostics.add(notRun(first)));
        }
        if (!kernel) {
            diagnostics.addAll(GlobalDefs.notes(config));
        }
        List<ConfiguredService> services = errors && !options.lenient()
                ? List.of()
                : config.services().stream()
                        .map(each -> mapped(each, config.global()))
                        .toList();
        List<String> unmapped = errors ? List.of() : listenMap.unused(config.virtualServices());
        VrrpConfig vrrp = routers && (!errors || options.lenient()) ? config.vrrp() : VrrpConfig.none();
        return new Content(services, vrrp, config.global(), diagnostics, unmapped, errors);
    }

    /** Returns whether a file of which this is said is not run. keepalived runs it, so that it is no error to those that only read it. */
    static boolean isRefused(Diagnostic said, ConfigOptions options) {
        return said.code().equals("router-left-out") && !options.lenient();
    }

    private static Diagnostic refused(Diagnostic said) {
        return new Diagnostic(
                Severity.ERROR, said.code(), said.at(), said.message(), Optional.of("--lenient runs the others"));
    }

    /** Virtual routers are read, so that a file is known to be good, and somebody else may run them. */
    private static Diagnostic notRun(ConfiguredRouter first) {
        return new Diagnostic(
                Diagnostic.Severity.NOTE,
                "not-carried-out",
                first.at(),
                "vrrp_instance: virtual routers are not run, so that their addresses must be there",
                Optional.empty());
    }

    /** Returns how many services there would be if those without an error were taken. */
    int servicesWithLeniency() {
        return options.readLeniently(path).services().size();
    }

    private ConfiguredService mapped(ConfiguredService each, GlobalSettings global) {
        return new ConfiguredService(
                listenMap.apply(kernel ? each.service() : GlobalDefs.apply(each.service(), global)),
                each.at(),
                each.quorumUp(),
                each.quorumDown(),
                each.notifyUp(),
                each.notifyDown());
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
