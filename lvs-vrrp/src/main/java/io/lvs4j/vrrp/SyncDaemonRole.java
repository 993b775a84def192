package io.lvs4j.vrrp;

import io.lvs4j.netlink.SyncDaemon;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Has the kernel's IPVS sync daemon follow a router, or a sync group, as keepalived's {@code lvs_sync_daemon} does: it tells of connections while
 * that is master, and hears of them otherwise, also in fault.
 *
 * <pre>
 * begin(), BACKUP, FAULT    backup
 * MASTER                    master
 * INITIALIZE, close()       none
 * </pre>
 *
 * What fails is told, and tried again with the next of these.
 *
 * <p>Not thread-safe: for the thread on which events come. Waits for the kernel.
 */
final class SyncDaemonRole implements VrrpListener, AutoCloseable {
    private final Consumer<Collection<SyncDaemon>> daemons;
    private final String name;
    private final SyncDaemon settings;
    private final Consumer<VrrpEvent.Failed> failures;

    /**
     * Does nothing yet.
     *
     * @param daemons runs these and no others: {@link io.lvs4j.netlink.IpvsBackend#syncDaemons}
     * @param name the router's, or the group's
     * @param settings all but the role, which is given
     * @param failures told what fails, on the thread of the call
     */
    SyncDaemonRole(
            Consumer<Collection<SyncDaemon>> daemons,
            String name,
            SyncDaemon settings,
            Consumer<VrrpEvent.Failed> failures) {
        this.daemons = daemons;
        this.name = name;
        this.settings = settings;
        this.failures = failures;
    }

    /** {@return the name of the router, or of the group} */
    String followed() {
        return name;
    }

    /** Hears, until the router is master. Wants a backend that has been started. */
    void begin() {
        follow(RouterState.BACKUP);
    }

    @Override
    public void onEvent(VrrpEvent event) {
        if (event.name().equals(name)) {
            if (event instanceof VrrpEvent.RouterEntered router) {
                follow(router.state());
            } else if (event instanceof VrrpEvent.GroupEntered group) {
                follow(group.state());
            }
        }
    }

    private void follow(RouterState state) {
        run(
                switch (state) {
                    case INITIALIZE -> List.of();
                    case BACKUP, FAULT -> List.of(as(SyncDaemon.Role.BACKUP));
                    case MASTER -> List.of(as(SyncDaemon.Role.MASTER));
                });
    }

    private void run(List<SyncDaemon> wanted) {
        try {
            daemons.accept(wanted);
        } catch (RuntimeException e) {
            boolean isClosed = e instanceof IllegalStateException;
            if (!wanted.isEmpty() || !isClosed) { // a backend that has been closed has ended them
                String reason = Objects.requireNonNullElse(e.getMessage(), e.toString());
                String what =
                        wanted.isEmpty() ? "no sync daemon" : wanted.get(0).toString();
                failures.accept(new VrrpEvent.Failed(Instant.now(), name, what + ": " + reason));
            }
        }
    }

    private SyncDaemon as(SyncDaemon.Role role) {
        return new SyncDaemon(
                role,
                settings.networkInterface(),
                settings.syncId(),
                settings.maxLength(),
                settings.group(),
                settings.port(),
                settings.ttl());
    }

    /** Neither tells nor hears any more. Does not fail where the backend has been closed before: that has seen to it. */
    @Override
    public void close() {
        run(List.of());
    }
}
