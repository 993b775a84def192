package io.lvs4j.keepalived;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.ConfigParser;
import io.lvs4j.keepalived.syntax.ConfigTree;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.ParseResult;
import io.lvs4j.vrrp.TrackScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a keepalived.conf means. Nothing of a file's content is thrown: what is wrong is told by diagnostics, all of them.
 *
 * <pre>{@code
 * KeepalivedConfig config = KeepalivedConfig.read(Path.of("/etc/keepalived/keepalived.conf"), ReadOptions.STRICT);
 * config.diagnostics().forEach(System.err::println);
 * if (!config.hasErrors()) {
 *     for (ConfiguredService each : config.services()) {
 *         director.add(each.service());
 *     }
 * }
 * }</pre>
 *
 * <p>A service or router with an error is never among them. In strict mode one error anywhere refuses the whole configuration, so that
 * there are none at all; in lenient mode the others are there. See {@link ReadOptions.Mode}. A virtual router that keepalived takes and
 * this library does not, and a group with such a member, is left out in both modes, with a warning whose code is
 * {@code router-left-out}; who runs the others looks whether they are good for anything without it.
 *
 * @param services the services, in the order of their {@code virtual_server} blocks
 * @param vrrp the virtual routers, and what they look at
 * @param global what {@code global_defs} says
 * @param tree what the file consists of
 * @param diagnostics all that there is to say about it, in the order of finding: first what is said of its syntax
 */
public record KeepalivedConfig(
        List<ConfiguredService> services,
        VrrpConfig vrrp,
        GlobalSettings global,
        ConfigTree tree,
        List<Diagnostic> diagnostics) {
    /** Copies the lists. */
    public KeepalivedConfig {
        services = List.copyOf(services);
        diagnostics = List.copyOf(diagnostics);
    }

    /** {@return whether there is an error among the diagnostics, where {@code keepalived -t} would fail} */
    public boolean hasErrors() {
        return hasErrors(diagnostics);
    }

    private static boolean hasErrors(List<Diagnostic> diagnostics) {
        return diagnostics.stream().anyMatch(each -> each.severity() == Diagnostic.Severity.ERROR);
    }

    /** {@return the services as they would be built by hand} */
    public List<VirtualService> virtualServices() {
        return services.stream().map(ConfiguredService::service).toList();
    }

    /** {@return the virtual routers, in the order of their {@code vrrp_instance} blocks} */
    public List<ConfiguredRouter> routers() {
        return vrrp.routers();
    }

    /** {@return the groups of virtual routers} */
    public List<ConfiguredGroup> syncGroups() {
        return vrrp.syncGroups();
    }

    /** {@return the programs that virtual routers look at} */
    public List<TrackScript> trackScripts() {
        return vrrp.trackScripts();
    }

    /**
     * Reads a file and what it includes.
     *
     * @param file it
     * @param options how it is read
     * @return what it means; if the file cannot be read, nothing, and why
     */
    public static KeepalivedConfig read(Path file, ReadOptions options) {
        return of(ConfigParser.parse(file, options.parse()), options);
    }

    /**
     * Reads a text.
     *
     * @param name what positions name as its file
     * @param text it
     * @param options how it is read
     * @return what it means
     */
    public static KeepalivedConfig read(String name, String text, ReadOptions options) {
        return of(ConfigParser.parse(name, text, options.parse()), options);
    }

    private static KeepalivedConfig of(ParseResult parsed, ReadOptions options) {
        Reading reading = new Reading(options, RootKeywords.TABLE);
        ConfigDraft draft = new ConfigDraft();
        RootKeywords.TABLE.read(parsed.tree().statements(), draft, reading);
        List<ConfiguredService> services = Services.of(draft, parsed.diagnostics(), reading);
        VrrpConfig vrrp = Routers.of(draft, parsed.diagnostics(), reading);
        List<Diagnostic> diagnostics = new ArrayList<>(parsed.diagnostics());
        diagnostics.addAll(reading.found());
        boolean refused = options.mode() == ReadOptions.Mode.STRICT && hasErrors(diagnostics);
        return new KeepalivedConfig(
                refused ? List.of() : services,
                refused ? VrrpConfig.none() : vrrp,
                draft.global.settings(),
                parsed.tree(),
                diagnostics);
    }
}
