package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.keepalived.ConfiguredGroup;
import io.lvs4j.keepalived.ConfiguredRouter;
import io.lvs4j.keepalived.ConnectionSync;
import io.lvs4j.keepalived.GlobalSettings;
import io.lvs4j.keepalived.VrrpConfig;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import io.lvs4j.spi.Backend;
import io.lvs4j.vrrp.RouterSnapshot;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouters;
import io.lvs4j.vrrp.VrrpSpeaker;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The virtual routers of a file at work. Confined to one thread, but for {@link #close} and {@link #snapshot}. */
final class ConfigRouters implements AutoCloseable {
    private final VrrpConfig atStart;
    private final Optional<ConnectionSync> sync;
    private final VrrpSpeaker speaker;
    private final RouterNotify scripts;
    private final PrintWriter messages;

    private ConfigRouters(
            VrrpConfig atStart,
            Optional<ConnectionSync> sync,
            VrrpSpeaker speaker,
            RouterNotify scripts,
            PrintWriter messages) {
        this.atStart = atStart;
        this.sync = sync;
        this.speaker = speaker;
        this.scripts = scripts;
        this.messages = messages;
    }

    /**
     * Prepares routers.
     *
     * @param config what the file says
     * @param global what it says of all of them
     * @param carrier what carries the packets
     * @param listener hears of their events
     * @return empty if they cannot be run, which has been told
     */
    static Optional<ConfigRouters> of(
            VrrpConfig config,
            GlobalSettings global,
            Backend carrier,
            Duration drainTimeout,
            EventSink listener,
            PrintWriter messages) {
        Optional<VirtualRouters> routers = described(config, messages);
        if (routers.isEmpty()) {
            return Optional.empty();
        }
        RouterNotify scripts = new RouterNotify(messages);
        VrrpSpeaker.Builder builder = VrrpSpeaker.builder()
                .routers(routers.get())
                .drainTimeout(drainTimeout)
                .listener(listener)
                .listener(scripts);
        Optional<ConnectionSync> sync = carrier instanceof IpvsBackend ? global.connectionSync() : Optional.empty();
        try {
            sync.ifPresent(it -> follow(builder, (IpvsBackend) carrier, it, config, messages));
            VrrpSpeaker speaker = builder.build();
            scripts.tellFaults(config.routers(), config.syncGroups(), global.scriptUser());
            scripts.use(config.routers(), config.syncGroups());
            return Optional.of(new ConfigRouters(config, sync, speaker, scripts, messages));
        } catch (IllegalArgumentException e) {
            tell(config, e, messages);
            return Optional.empty();
        }
    }

    /** Puts routers together; empty if they cannot be run, which has been told. */
    private static Optional<VirtualRouters> described(VrrpConfig config, PrintWriter messages) {
        VirtualRouters.Builder builder = VirtualRouters.builder();
        boolean possible = true;
        for (ConfiguredRouter each : config.routers()) {
            try {
                builder.router(each.router());
            } catch (IllegalArgumentException e) {
                messages.println(DiagnosticLines.at(each.at(), Severity.ERROR, String.valueOf(e.getMessage())));
                possible = false;
            }
        }
        config.syncGroups().stream().map(ConfiguredGroup::group).forEach(builder::syncGroup);
        config.trackScripts().forEach(builder::script);
        config.trackProcesses().forEach(builder::process);
        config.trackFiles().forEach(builder::file);
        try {
            return possible ? Optional.of(builder.build()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            tell(config, e, messages);
            return Optional.empty();
        }
    }

    /** Tells it where the router is that it names, or else the first. */
    private static void tell(VrrpConfig config, RuntimeException e, PrintWriter messages) {
        String what = String.valueOf(e.getMessage());
        Optional<Position> named = config.routers().stream()
                .filter(each -> what.contains(" of " + each.router().name() + ":"))
                .map(ConfiguredRouter::at)
                .findFirst();
        messages.println(named.or(() ->
                        config.routers().stream().map(ConfiguredRouter::at).findFirst())
                .map(at -> DiagnosticLines.at(at, Severity.ERROR, what))
                .orElse("error: " + what));
    }

    /** Has the sync daemon follow the router that the file names. */
    private static void follow(
            VrrpSpeaker.Builder builder,
            IpvsBackend ipvs,
            ConnectionSync sync,
            VrrpConfig config,
            PrintWriter messages) {
        if (sync.router().isEmpty()) {
            messages.println("warning: lvs_sync_daemon: without a virtual router it is not run");
            return;
        }
        String router = sync.router().get();
        int id = sync.id()
                .orElseGet(() -> config.routers().stream()
                        .map(ConfiguredRouter::router)
                        .filter(each -> each.name().equals(router))
                        .mapToInt(VirtualRouter::virtualRouterId)
                        .findFirst()
                        .orElse(0));
        SyncDaemon plain = SyncDaemon.of(SyncDaemon.Role.BACKUP, sync.networkInterface(), id);
        builder.syncDaemon(
                ipvs,
                router,
                new SyncDaemon(
                        SyncDaemon.Role.BACKUP,
                        sync.networkInterface(),
                        id,
                        sync.maxLength().orElse(plain.maxLength()),
                        sync.group().orElse(plain.group()),
                        sync.port().orElse(plain.port()),
                        sync.ttl().orElse(plain.ttl())));
    }

    Director.Builder directorOn(Backend carrier) {
        return speaker.directorOn(carrier);
    }

    /** Begins; returns false if this host cannot, which has been told. */
    boolean start() {
        try {
            speaker.start();
            return true;
        } catch (LvsException e) {
            tell(atStart, e, messages);
            messages.println("without virtual routers, whose addresses then must be there: --no-vrrp");
            return false;
        }
    }

    /** Looks whether what a file says now can be run, and tells what cannot. */
    Optional<VirtualRouters> possible(VrrpConfig now) {
        Optional<VirtualRouters> wanted = described(now, messages);
        try {
            wanted.ifPresent(speaker::require);
            return wanted;
        } catch (LvsException | IllegalArgumentException e) {
            tell(now, e, messages);
            return Optional.empty();
        }
    }

    /** Returns a line for each router that others make another one. */
    List<String> changes(VirtualRouters wanted) {
        return RouterChanges.between(speaker.routers(), wanted);
    }

    /** Has the routers be what a file says now, which is possible. */
    void change(VirtualRouters wanted, VrrpConfig now, GlobalSettings global) {
        scripts.tellFaults(now.routers(), now.syncGroups(), global.scriptUser());
        scripts.use(now.routers(), now.syncGroups());
        speaker.apply(wanted);
        if (sync.isPresent() && !global.connectionSync().equals(sync)) {
            messages.println("warning: lvs_sync_daemon goes on as it is; to change it, start again");
        }
    }

    /** Returns how they are. On any thread. */
    List<RouterSnapshot> snapshot() {
        return speaker.snapshot();
    }

    /** Has masters say farewell. */
    @Override
    public void close() {
        speaker.close();
        scripts.finish();
    }
}
