package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.TrackProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What may stand in {@code vrrp_track_process}. */
final class TrackProcessKeywords {
    private static final int MOST = 65535;
    private static final int MOST_WEIGHT = 254;
    private static final Value<Duration> DELAY = Value.seconds(1, 3_600_000_000L);

    static final Keywords<Draft> TABLE = Keywords.<Draft>in("vrrp_track_process")
            .words("process", 1, Integer.MAX_VALUE, (process, arguments) -> {
                process.command = arguments.words().stream().map(Word::text).toList();
                if (arguments.count() > 1) {
                    process.match = process.match == TrackProcess.Match.NONE ? TrackProcess.Match.EXACT : process.match;
                    process.fullCommand = true;
                }
            })
            .once()
            .words("param_match", 0, 1, TrackProcessKeywords::match)
            .words("weight", 1, 2, (process, arguments) -> process.weight.read(arguments))
            .once()
            .words("quorum", 1, 1, TrackProcessKeywords::quorum)
            .words("quorum_max", 1, 1, TrackProcessKeywords::quorumMax)
            .value("delay", DELAY, (process, delay) -> {
                process.terminateDelay = delay;
                process.forkDelay = delay;
            })
            .value("terminate_delay", DELAY, (process, delay) -> process.terminateDelay = delay)
            .value("fork_delay", DELAY, (process, delay) -> process.forkDelay = delay)
            .flag("full_command", process -> process.fullCommand = true)
            .build();

    private TrackProcessKeywords() {}

    private static void match(Draft process, Arguments arguments) {
        process.fullCommand = true;
        if (arguments.count() == 0) {
            process.match = TrackProcess.Match.EXACT;
        } else {
            arguments
                    .value(
                            0,
                            Value.oneOf(Map.of(
                                    "initial", TrackProcess.Match.INITIAL, "partial", TrackProcess.Match.PARTIAL)))
                    .ifPresent(match -> process.match = match);
        }
    }

    private static void quorum(Draft process, Arguments arguments) {
        arguments.value(0, Value.integer(1, MOST)).ifPresent(quorum -> {
            if (quorum > process.quorumMax) {
                ignored(arguments, "at most quorum_max, " + process.quorumMax);
            } else {
                process.quorum = quorum;
            }
        });
    }

    private static void quorumMax(Draft process, Arguments arguments) {
        arguments.value(0, Value.integer(0, MOST)).ifPresent(most -> {
            if ((most != 0 || process.quorum > 1) && most < process.quorum) {
                ignored(arguments, "at least the quorum, " + process.quorum);
                return;
            }
            process.quorumMax = most;
            process.quorum = most == 0 ? 0 : Math.max(1, process.quorum);
        });
    }

    private static void ignored(Arguments arguments, String expected) {
        arguments
                .reading()
                .corrected(
                        "out-of-range",
                        arguments.word(0).at(),
                        arguments.keyword() + ": " + arguments.word(0).text() + " (expected: " + expected + ")",
                        "it is ignored");
    }

    /** Takes a process, which must have a command. */
    static void end(ConfigDraft config, Draft process, Arguments arguments) {
        Reading reading = arguments.reading();
        if (process.command.isEmpty()) {
            reading.error(
                    "missing-keyword",
                    process.at,
                    "vrrp_track_process " + Reading.shown(process.name) + " has no process (expected: a program)");
            return;
        }
        TrackProcess made = new TrackProcess(
                process.name,
                process.command,
                process.match,
                process.fullCommand,
                process.weight.value(),
                process.weight.isReverse(),
                process.quorum,
                process.quorumMax > MOST ? OptionalInt.empty() : OptionalInt.of(process.quorumMax),
                process.terminateDelay,
                process.forkDelay);
        if (config.vrrp.processes.putIfAbsent(process.name, made) != null) {
            reading.duplicate("vrrp_track_process", process.name, process.at);
        }
    }

    /** A {@code vrrp_track_process}, as it is read. Not thread-safe. */
    static final class Draft {
        final String name;
        final Position at;
        List<String> command = List.of();
        TrackProcess.Match match = TrackProcess.Match.NONE;
        boolean fullCommand;
        final TrackWeight weight = new TrackWeight(MOST_WEIGHT, 0);
        int quorum = 1;
        int quorumMax = Integer.MAX_VALUE;
        Duration terminateDelay = Duration.ZERO;
        Duration forkDelay = Duration.ZERO;

        Draft(Arguments arguments) {
            name = arguments.word(0).text();
            at = arguments.at();
        }
    }
}
