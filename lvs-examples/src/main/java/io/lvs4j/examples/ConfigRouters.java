package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.keepalived.ConfiguredGroup;
import io.lvs4j.keepalived.ConfiguredRouter;
import io.lvs4j.keepalived.ConnectionSync;
import io.lvs4j.keepalived.GlobalSettings;
import io.lvs4j.keepalived.VrrpConfig;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import io.lvs4j.spi.Backend;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VrrpSpeaker;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/** The virtual routers of a file at work. They are those that it had at the start: another reading of it changes services alone. */
final class ConfigRouters implements AutoCloseable {
    private final VrrpConfig config;
    private final VrrpSpeaker speaker;
    private final RouterNotify scripts;
    private final PrintWriter messages;

    private ConfigRouters(VrrpConfig config, VrrpSpeaker speaker, RouterNotify scripts, PrintWriter messages) {
        this.config = config;
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
        RouterNotify scripts = new RouterNotify(messages);
        VrrpSpeaker.Builder builder = VrrpSpeaker.builder()
                .drainTimeout(drainTimeout)
                .listener(listener)
                .listener(scripts);
        boolean possible = true;
        for (ConfiguredRouter each : config.routers()) {
            try {
                builder.router(each.router());
            } catch (IllegalArgumentException e) {
                messages.println(DiagnosticLines.at(each.at(), Severity.ERROR, String.valueOf(e.getMessage())));
                possible = false;
            }
        }
        try {
            config.syncGroups().stream().map(ConfiguredGroup::group).forEach(builder::syncGroup);
            config.trackScripts().forEach(builder::script);
            config.trackProcesses().forEach(builder::process);
            config.trackFiles().forEach(builder::file);
            if (carrier instanceof IpvsBackend ipvs) {
                global.connectionSync().ifPresent(sync -> follow(builder, ipvs, sync, config, messages));
            }
            if (!possible) {
                return Optional.empty();
            }
            scripts.tellFaults(config.routers(), config.syncGroups(), global.scriptUser());
            scripts.use(config.routers(), config.syncGroups());
            return Optional.of(new ConfigRouters(config, builder.build(), scripts, messages));
        } catch (IllegalArgumentException e) {
            messages.println("vrrp: error: " + e.getMessage());
            return Optional.empty();
        }
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
            messages.println(
                    DiagnosticLines.at(config.routers().get(0).at(), Severity.ERROR, String.valueOf(e.getMessage())));
            messages.println("without virtual routers, whose addresses then must be there: --no-vrrp");
            return false;
        }
    }

    /** Says that what a file says now is not what is run, if that is so. */
    void tellOfChange(VrrpConfig now) {
        boolean same = now.routers().stream()
                        .map(ConfiguredRouter::router)
                        .toList()
                        .equals(config.routers().stream()
                                .map(ConfiguredRouter::router)
                                .toList())
                && now.syncGroups().stream()
                        .map(ConfiguredGroup::group)
                        .toList()
                        .equals(config.syncGroups().stream()
                                .map(ConfiguredGroup::group)
                                .toList())
                && now.trackScripts().equals(config.trackScripts())
                && now.trackProcesses().equals(config.trackProcesses())
                && now.trackFiles().equals(config.trackFiles());
        if (!same) {
            messages.println("warning: virtual routers go on as they are; to change them, start again");
        }
    }

    /** Has masters say farewell. */
    @Override
    public void close() {
        speaker.close();
        scripts.finish();
    }
}
