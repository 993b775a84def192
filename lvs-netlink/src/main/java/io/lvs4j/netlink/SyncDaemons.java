package io.lvs4j.netlink;

import io.lvs4j.LvsException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sync daemons that shall run. Those of a role that was never asked for are left alone. */
final class SyncDaemons {
    private static final Logger LOG = LoggerFactory.getLogger(SyncDaemons.class);

    private final Ipvs ipvs;
    private Map<SyncDaemon.Role, SyncDaemon> wanted = new EnumMap<>(SyncDaemon.Role.class);

    SyncDaemons(Ipvs ipvs) {
        this.ipvs = ipvs;
    }

    /** Returns daemons by role; refuses two of one role. */
    static Map<SyncDaemon.Role, SyncDaemon> byRole(Collection<SyncDaemon> daemons) {
        Map<SyncDaemon.Role, SyncDaemon> byRole = new EnumMap<>(SyncDaemon.Role.class);
        for (SyncDaemon daemon : daemons) {
            SyncDaemon other = byRole.put(daemon.role(), daemon);
            if (other != null) {
                throw new IllegalArgumentException(
                        "sync daemons: " + other + " and " + daemon + " (expected: at most one of each role)");
            }
        }
        return byRole;
    }

    /** Has these daemons run, and stops those that were wanted until now. If one cannot be started, all is as before. */
    void want(Collection<SyncDaemon> daemons) {
        Map<SyncDaemon.Role, SyncDaemon> before = wanted;
        if (before.isEmpty() && daemons.isEmpty()) {
            return; // the kernel need not be asked
        }
        Map<SyncDaemon.Role, SyncDaemon> running = byRole(ipvs.daemons());
        wanted = byRole(daemons);
        try {
            write(before.keySet());
        } catch (LvsException e) {
            Set<SyncDaemon.Role> touched = EnumSet.noneOf(SyncDaemon.Role.class);
            touched.addAll(before.keySet());
            touched.addAll(wanted.keySet());
            wanted = before;
            restore(running, touched, e);
            throw e;
        }
    }

    private void restore(Map<SyncDaemon.Role, SyncDaemon> before, Set<SyncDaemon.Role> touched, LvsException cause) {
        try {
            Map<SyncDaemon.Role, SyncDaemon> now = byRole(ipvs.daemons());
            touched.forEach(role -> change(role, now.get(role), before.get(role)));
        } catch (LvsException e) {
            cause.addSuppressed(e);
        }
    }

    /** Starts those that do not run, and replaces those that run otherwise. */
    void repair() {
        if (wanted.isEmpty()) {
            return;
        }
        Map<SyncDaemon.Role, SyncDaemon> running = byRole(ipvs.daemons());
        wanted.forEach((role, daemon) -> {
            SyncDaemon now = running.get(role);
            if (now == null || !isSame(now, daemon)) {
                LOG.warn("Somebody else had stopped or changed the {}", daemon);
                change(role, now, daemon);
            }
        });
    }

    /** Stops those that are wanted. */
    void stop() {
        want(List.of());
    }

    private void write(Set<SyncDaemon.Role> dropped) {
        Map<SyncDaemon.Role, SyncDaemon> running = byRole(ipvs.daemons());
        for (SyncDaemon.Role role : SyncDaemon.Role.values()) {
            if (!wanted.containsKey(role) && dropped.contains(role)) {
                change(role, running.get(role), null);
            }
        }
        wanted.forEach((role, daemon) -> change(role, running.get(role), daemon));
    }

    private void change(SyncDaemon.Role role, @Nullable SyncDaemon running, @Nullable SyncDaemon next) {
        if (running != null && (next == null || !isSame(running, next))) {
            ipvs.stop(role);
            LOG.info("Stopped {}", running);
        }
        if (next != null && (running == null || !isSame(running, next))) {
            ipvs.start(next);
            LOG.info("Started {}", next);
        }
    }

    /** The kernel says the length that it has chosen. */
    private static boolean isSame(SyncDaemon running, SyncDaemon wanted) {
        return wanted.maxLength() == 0
                ? running.equals(wanted.withMaxLength(running.maxLength()))
                : running.equals(wanted);
    }
}
