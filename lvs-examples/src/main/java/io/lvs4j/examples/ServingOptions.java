package io.lvs4j.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of a process that serves until a signal ends it: what it tells meanwhile, and how it ends. */
final class ServingOptions {
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--drain-timeout",
            paramLabel = "<duration>",
            description = "How long open connections have once a signal asked to stop. Default: 10s.")
    private String drainTimeout = "10s";

    @Option(
            names = "--events",
            paramLabel = "<file|->",
            description = "Writes one JSON object per event and line, to a file or to standard output (-)."
                    + " Default: events in words on standard error.")
    private @Nullable String events;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    Duration drainTimeout() {
        return BadInput.parse("--drain-timeout", drainTimeout, ServingOptions::drainTimeout);
    }

    private static Duration drainTimeout(String text) {
        Duration timeout = Durations.parse("--drain-timeout", text);
        if (timeout.compareTo(Duration.ofDays(31)) > 0) {
            throw new BadInput("--drain-timeout", text, "0s..31d");
        }
        return timeout;
    }

    /** Returns where events go. */
    EventSink listener() {
        if (events == null) {
            return new EventWords(messages());
        }
        if (events.equals(STANDARD_OUTPUT)) {
            return new EventLines(command.commandLine().getOut());
        }
        try {
            return new EventLines(
                    new PrintWriter(Files.newBufferedWriter(Path.of(events), StandardCharsets.UTF_8), false));
        } catch (IOException e) {
            throw new BadInput("--events", events, "- or a file that can be written: " + e);
        }
    }

    /** Returns where to say what goes wrong, and events in words. */
    PrintWriter messages() {
        return command.commandLine().getErr();
    }

    /** Returns where to say what is served: standard output, unless events have it for themselves. */
    PrintWriter news() {
        return STANDARD_OUTPUT.equals(events)
                ? messages()
                : command.commandLine().getOut();
    }
}
