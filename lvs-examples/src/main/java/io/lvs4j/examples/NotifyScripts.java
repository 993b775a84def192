package io.lvs4j.examples;

import io.lvs4j.DirectorEvent;
import io.lvs4j.DirectorListener;
import io.lvs4j.ServiceKey;
import io.lvs4j.health.NotifyPrograms;
import io.lvs4j.keepalived.ConfiguredService;
import io.lvs4j.keepalived.Script;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a configuration's notify scripts when servers and quorums come and go. */
final class NotifyScripts implements DirectorListener {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<ServiceKey, ConfiguredService> services = new ConcurrentHashMap<>();
    private final PrintWriter messages;
    private final NotifyPrograms programs;

    NotifyScripts(PrintWriter messages) {
        this.messages = messages;
        programs = new NotifyPrograms(failure -> messages.println("notify script " + failure));
    }

    /** Takes what these services say from now on. Those that end keep theirs: events of their end are still to come. */
    void use(List<ConfiguredService> described) {
        described.forEach(each -> services.put(each.service().key(), each));
    }

    /** Says which scripts would not be run, or not by whom the file wants. */
    void tellFaults(List<ConfiguredService> described, Optional<String> everybodysUser) {
        String self = System.getProperty("user.name");
        for (Script script : scripts(described)) {
            try {
                NotifyPrograms.require(script.command().get(0));
            } catch (IllegalArgumentException e) {
                tell(script, "the script will not be run: " + e.getMessage());
            }
            script.user()
                    .or(() -> everybodysUser)
                    .filter(user -> !user.equals(self))
                    .ifPresent(user -> tell(script, "the script is run by " + self + ", not by " + user));
        }
    }

    private void tell(Script script, String what) {
        messages.println(DiagnosticLines.at(script.at(), Severity.WARNING, what));
    }

    private static List<Script> scripts(List<ConfiguredService> described) {
        List<Script> scripts = new ArrayList<>();
        for (ConfiguredService each : described) {
            each.quorumUp().ifPresent(scripts::add);
            each.quorumDown().ifPresent(scripts::add);
            scripts.addAll(each.notifyUp().values());
            scripts.addAll(each.notifyDown().values());
        }
        return scripts.stream().distinct().toList();
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
        script.ifPresent(each -> programs.run(each.command()));
    }

    /** Lets those that run end, for a while. */
    void finish() {
        try {
            if (!programs.awaitEnd(PATIENCE)) {
                messages.println("notify scripts still run after " + PATIENCE.toSeconds() + " s and are killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        programs.close();
    }
}
