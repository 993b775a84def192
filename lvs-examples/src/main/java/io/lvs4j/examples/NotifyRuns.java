package io.lvs4j.examples;

import io.lvs4j.health.NotifyPrograms;
import io.lvs4j.keepalived.Script;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Runs scripts of a configuration, and tells what is wrong with them. Thread-safe. */
final class NotifyRuns {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PrintWriter messages;
    private final NotifyPrograms programs;

    NotifyRuns(PrintWriter messages) {
        this.messages = messages;
        programs = new NotifyPrograms(failure -> messages.println("notify script " + failure));
    }

    /** Says which scripts would not be run, or not by whom the file wants. */
    void tellFaults(Collection<Script> scripts, Optional<String> everybodysUser) {
        String self = System.getProperty("user.name");
        for (Script script : scripts.stream().distinct().toList()) {
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

    /** Starts a script soon, with more arguments than its own, and does not wait for it. */
    void run(Script script, String... more) {
        List<String> command = new ArrayList<>(script.command());
        command.addAll(List.of(more));
        programs.run(command);
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
