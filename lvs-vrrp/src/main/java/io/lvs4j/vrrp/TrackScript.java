package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A program that is run again and again, and fails if its exit status is not 0 or it takes too long.
 *
 * @param name its name
 * @param command the program and its arguments
 * @param interval from start to start, whole seconds, 1..4294
 * @param timeout when it is killed, whole seconds, 1..4294
 * @param rise how many successes in a row make it up, at least 1
 * @param fall how many failures in a row make it down, at least 1
 * @param weight what routers that do not say otherwise weigh it, -253..253, as {@link Tracked#weight}
 * @param reverse whether the weight counts with the other sign: what would raise the priority lowers it
 * @param user who runs it; empty = the default
 * @param group the group that runs it; empty = the user's
 * @param beginsDown whether it is down until it has been run
 */
public record TrackScript(
        String name,
        List<String> command,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        int weight,
        boolean reverse,
        Optional<String> user,
        Optional<String> group,
        boolean beginsDown) {
    private static final int MOST_SECONDS = 4294;
    private static final int MOST_WEIGHT = 253;

    /** Checks all parts. */
    public TrackScript {
        Tracked.requireName("script", name);
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("script " + name + ": no command (expected: a program)");
        }
        requireSeconds("interval", interval);
        requireSeconds("timeout", timeout);
        requirePositive("rise", rise);
        requirePositive("fall", fall);
        if (weight < -MOST_WEIGHT || weight > MOST_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight: " + weight + " (expected: -" + MOST_WEIGHT + ".." + MOST_WEIGHT + ")");
        }
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(group, "group");
        if (user.isEmpty() && group.isPresent()) {
            throw new IllegalArgumentException("group: " + group.get() + " (expected: none without a user)");
        }
    }

    private static void requireSeconds(String what, Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 1 || seconds > MOST_SECONDS || !time.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException(
                    what + ": " + time + " (expected: whole seconds, 1.." + MOST_SECONDS + ")");
        }
    }

    private static void requirePositive(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(what + ": " + count + " (expected: 1.." + Integer.MAX_VALUE + ")");
        }
    }

    /**
     * {@return a script that is run every second by the default user, and whose failure is a fault}
     *
     * @param name its name
     * @param command the program and its arguments
     */
    public static TrackScript of(String name, String... command) {
        Duration second = Duration.ofSeconds(1);
        return new TrackScript(
                name, List.of(command), second, second, 1, 1, 0, false, Optional.empty(), Optional.empty(), false);
    }
}
