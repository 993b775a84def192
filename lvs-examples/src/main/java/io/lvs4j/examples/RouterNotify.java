package io.lvs4j.examples;

import io.lvs4j.keepalived.ConfiguredGroup;
import io.lvs4j.keepalived.ConfiguredRouter;
import io.lvs4j.keepalived.RouterEvent;
import io.lvs4j.keepalived.RouterScripts;
import io.lvs4j.keepalived.Script;
import io.lvs4j.vrrp.RouterState;
import io.lvs4j.vrrp.VrrpEvent;
import io.lvs4j.vrrp.VrrpListener;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs the notify scripts of virtual routers and of groups, as keepalived 2.2.7 does ({@code vrrp_notify.c}): first the one for the state,
 * without more arguments, then {@code notify} with four more. Neither is waited for.
 *
 * <pre>
 *   router master, backup, fault     notify_master ...             notify INSTANCE name MASTER 150
 *   group  master, backup, fault     notify_master ...             notify GROUP name MASTER 0: groups have no priority
 *   stopped                          notify_stop                   ... STOP ...
 *   router taken away by a reload    notify_deleted                ... DELETED ..., without a notify_deleted ... FAULT ...
 *   lower priority heard by master   notify_master_rx_lower_pri    -
 * </pre>
 *
 * {@code notify_priority_changes} concerns keepalived's FIFO alone, which is not here: changes of a priority run no script, as there. keepalived
 * kills a script of {@code notify_stop} after a second; here it has what {@link #finish} waits. A {@code notify_deleted} that names no script is as
 * none. Thread-safe.
 */
final class RouterNotify implements VrrpListener {
    private final NotifyRuns runs;
    private final Map<String, RouterScripts> routers = new HashMap<>(); // guarded by this
    private final Map<String, RouterScripts> groups = new HashMap<>(); // guarded by this
    private final Set<String> deleted =
            new HashSet<>(); // guarded by this; routers that have not said that they have ended

    RouterNotify(PrintWriter messages) {
        runs = new NotifyRuns(messages);
    }

    /**
     * Takes what these routers and groups say from now on. Called before they begin, and, with all that are to be, before a reload changes them.
     * Routers that are not among them any more keep what they said: that they end is still to come, and runs {@code notify_deleted}.
     */
    synchronized void use(List<ConfiguredRouter> describedRouters, List<ConfiguredGroup> describedGroups) {
        deleted.addAll(routers.keySet());
        for (ConfiguredRouter each : describedRouters) {
            deleted.remove(each.router().name());
            routers.put(each.router().name(), each.scripts());
        }
        groups.clear();
        describedGroups.forEach(each -> groups.put(each.group().name(), each.scripts()));
    }

    /** Says which scripts would not be run, or not by whom the file wants. */
    void tellFaults(
            List<ConfiguredRouter> describedRouters,
            List<ConfiguredGroup> describedGroups,
            Optional<String> everybodysUser) {
        Stream<RouterScripts> all = Stream.concat(
                describedRouters.stream().map(ConfiguredRouter::scripts),
                describedGroups.stream().map(ConfiguredGroup::scripts));
        runs.tellFaults(all.flatMap(each -> each.scripts().values().stream()).toList(), everybodysUser);
    }

    @Override
    public synchronized void onEvent(VrrpEvent event) {
        if (event instanceof VrrpEvent.RouterEntered entered) {
            if (entered.state() == RouterState.INITIALIZE && deleted.remove(entered.name())) {
                deleted(entered);
            } else {
                run(routers, "INSTANCE", entered.name(), event(entered.state()), entered.priority());
            }
        } else if (event instanceof VrrpEvent.GroupEntered entered) {
            run(groups, "GROUP", entered.name(), event(entered.state()), 0);
        } else if (event instanceof VrrpEvent.LowerMasterHeard heard) {
            script(routers, heard.name(), RouterEvent.LOWER_PRIORITY_MASTER).ifPresent(runs::run);
        }
    }

    private void deleted(VrrpEvent.RouterEntered ended) {
        String name = ended.name();
        Optional<Script> own = script(routers, name, RouterEvent.DELETED);
        own.ifPresent(runs::run);
        tell(routers, "INSTANCE", name, own.isPresent() ? RouterEvent.DELETED : RouterEvent.FAULT, ended.priority());
        routers.remove(name);
    }

    private void run(Map<String, RouterScripts> of, String kind, String name, RouterEvent event, int priority) {
        script(of, name, event).ifPresent(runs::run);
        tell(of, kind, name, event, priority);
    }

    private void tell(Map<String, RouterScripts> of, String kind, String name, RouterEvent event, int priority) {
        script(of, name, RouterEvent.ANY)
                .ifPresent(script -> runs.run(script, kind, name, event.name(), Integer.toString(priority)));
    }

    private static Optional<Script> script(Map<String, RouterScripts> of, String name, RouterEvent event) {
        return Optional.ofNullable(of.get(name))
                .map(scripts -> scripts.scripts().get(event));
    }

    private static RouterEvent event(RouterState state) {
        return switch (state) {
            case MASTER -> RouterEvent.MASTER;
            case BACKUP -> RouterEvent.BACKUP;
            case FAULT -> RouterEvent.FAULT;
            case INITIALIZE -> RouterEvent.STOP;
        };
    }

    /** Lets those that run end, for a while. Called when all routers have ended. */
    void finish() {
        runs.finish();
    }
}
