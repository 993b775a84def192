package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A program of which so many processes must run.
 *
 * @param name its name
 * @param command the program, and perhaps the arguments that it must have
 * @param match how arguments are compared
 * @param fullCommand whether the path is compared, and not the last part of it only
 * @param weight what routers that do not say otherwise weigh it, -254..254, as {@link Tracked#weight}
 * @param reverse whether the weight counts with the other sign: what would raise the priority lowers it
 * @param quorum how many must run, 0..65535; 0 = none may
 * @param quorumMax how many may run, {@code quorum}..65535; empty = any number
 * @param terminateDelay how long after too few it is down, 0..1 h
 * @param forkDelay how long after enough it is up, 0..1 h
 */
public record TrackProcess(
        String name,
        List<String> command,
        Match match,
        boolean fullCommand,
        int weight,
        boolean reverse,
        int quorum,
        OptionalInt quorumMax,
        Duration terminateDelay,
        Duration forkDelay) {
    private static final int MOST = 65535;
    private static final Duration LONGEST = Duration.ofHours(1);

    /** How arguments are compared. */
    public enum Match {
        /** Not at all. */
        NONE,
        /** They are the same. */
        EXACT,
        /** The process's begin with these. */
        PARTIAL,
        /** The process's begin with these, the last of which may be longer. */
        INITIAL
    }

    /** Checks all parts. */
    public TrackProcess {
        Tracked.requireName("process", name);
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("process " + name + ": no command (expected: a program)");
        }
        Objects.requireNonNull(match, "match");
        Tracked.requireWeight(weight);
        if (quorum < 0 || quorum > MOST) {
            throw new IllegalArgumentException("quorum: " + quorum + " (expected: 0.." + MOST + ")");
        }
        if (quorumMax.isPresent() && (quorumMax.getAsInt() < quorum || quorumMax.getAsInt() > MOST)) {
            throw new IllegalArgumentException(
                    "quorumMax: " + quorumMax.getAsInt() + " (expected: " + quorum + ", the quorum, .." + MOST + ")");
        }
        requireDelay("terminateDelay", terminateDelay);
        requireDelay("forkDelay", forkDelay);
    }

    private static void requireDelay(String what, Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + ": " + delay + " (expected: 0.." + LONGEST + ")");
        }
    }
}
