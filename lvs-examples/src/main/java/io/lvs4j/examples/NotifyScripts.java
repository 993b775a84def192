package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import io.lvs4j.ServiceKey;
import io.lvs4j.keepalived.ConfiguredService;
import io.lvs4j.keepalived.Script;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a configuration's notify scripts when servers and quorums come and go. */
final class NotifyScripts implements DirectorListener {
    private final Map<ServiceKey, ConfiguredService> services = new ConcurrentHashMap<>();
    private final NotifyRuns runs;

    NotifyScripts(PrintWriter messages) {
        runs = new NotifyRuns(messages);
    }

    /** Takes what these services say from now on. Those that end keep theirs: events of their end are still to come. */
    void use(List<ConfiguredService> described) {
        described.forEach(each -> services.put(each.service().key(), each));
    }

    /** Says which scripts would not be run, or not by whom the file wants. */
    void tellFaults(List<ConfiguredService> described, Optional<String> everybodysUser) {
        runs.tellFaults(scripts(described), everybodysUser);
    }

    private static List<Script> scripts(List<ConfiguredService> described) {
        List<Script> scripts = new ArrayList<>();
        for (ConfiguredService each : described) {
            each.quorumUp().ifPresent(scripts::add);
            each.quorumDown().ifPresent(scripts::add);
            scripts.addAll(each.notifyUp().values());
            scripts.addAll(each.notifyDown().values());
        }
        return scripts;
    }

    @Override
    public void onEvent(DirectorEvent event) {
        ConfiguredService service = services.get(event.service());
        if (service == null) {
            return;
        }
        Optional<Script> script = Optional.empty();
        if (event instanceof DirectorEvent.ServerUp up) {
            script = Optional.ofNullable(service.notifyUp().get(up.server()));
        } else if (event instanceof DirectorEvent.ServerDown down) {
            script = Optional.ofNullable(service.notifyDown().get(down.server()));
        } else if (event instanceof DirectorEvent.QuorumGained) {
            script = service.quorumUp();
        } else if (event instanceof DirectorEvent.QuorumLost) {
            script = service.quorumDown();
        }
        script.ifPresent(runs::run);
    }

    /** Lets those that run end, for a while. */
    void finish() {
        runs.finish();
    }
}
