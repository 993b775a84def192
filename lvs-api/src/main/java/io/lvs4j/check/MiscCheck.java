package io.lvs4j.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Passes when a program exits with status 0 (keepalived's {@code MISC_CHECK}).
 *
 * <p><b>How it is run.</b> Without a shell, in the directory {@code /}, with no input, and an environment of nothing but {@code
 * PATH}, {@code LANG=C}, {@code LVS_ADDRESS} and {@code LVS_PORT} (the real server's). The first KiB that it prints is the
 * result's detail, the rest is read and dropped. When it has ended, so are, at once, all processes of its process group that it
 * leaves behind. At the deadline the whole group gets SIGTERM and 100 ms later SIGKILL; what has left the group by then, by
 * {@code setsid}, and is nobody's child any more, escapes. Where the host has no {@code setsid} program, the program and its
 * descendants are killed instead of the group.
 *
 * <p><b>Weights.</b> With {@link Builder#dynamicWeight} (keepalived's {@code misc_dynamic}) a status of 2..255 passes, too, and
 * advises the weight status - 2. Except 129..159, which are a failure: Java cannot tell them from death by signal 1..31, and
 * a program that has crashed advises nothing.
 *
 * <p><b>Who may have written it.</b> The program, and every directory on the way to it over all symbolic links, belongs to root
 * or to this process's user and nobody else may write to it; the sticky {@code /tmp} does not pass. Otherwise the check is
 * refused. This is looked at again before each run.
 *
 * @param command the program, by its absolute path, and its arguments; at most 64 of at most 4096 characters
 * @param dynamicWeight whether statuses above 1 advise a weight
 * @param timing when to run it
 */
public record MiscCheck(List<String> command, boolean dynamicWeight, CheckTiming timing) implements HealthCheck {
    private static final int MAX_WORDS = 64;
    private static final int MAX_LENGTH = 4096;

    /** Checks the command's form; that the program is there and safe is for the monitor to see. */
    public MiscCheck {
        command = List.copyOf(command);
        Objects.requireNonNull(timing, "timing");
        checkCommand(command);
    }

    private static void checkCommand(List<String> command) {
        if (command.isEmpty() || command.size() > MAX_WORDS) {
            throw new IllegalArgumentException("command: " + command.size() + " words (expected: 1..64)");
        }
        if (!command.get(0).startsWith("/")) {
            throw new IllegalArgumentException("program: " + command.get(0) + " (expected: an absolute path)");
        }
        for (String word : command) {
            if (word.length() > MAX_LENGTH || word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "command: " + word + " (expected: words of at most 4096 characters, none of them NUL)");
            }
        }
    }

    /**
     * {@return a builder of a check by a program, by default every 60 s, timeout 5 s, no retries}
     *
     * @param program its absolute path
     * @param arguments its arguments, given to it as they are
     */
    public static Builder program(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(List.of(arguments));
        return new Builder(command);
    }

    @Override
    public String describe() {
        return "program " + command.get(0);
    }

    /** Collects the settings of a check by a program. Not thread-safe. */
    public static final class Builder extends CheckBuilder<Builder> {
        private final List<String> command;
        private boolean dynamicWeight;

        private Builder(List<String> command) {
            super(0, Duration.ofSeconds(1));
            checkCommand(command);
            this.command = command;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Lets statuses of 2..255 pass and advise a weight of status - 2 (keepalived's {@code misc_dynamic}).
         *
         * @return this
         */
        public Builder dynamicWeight() {
            this.dynamicWeight = true;
            return this;
        }

        /** {@return the check} */
        public MiscCheck build() {
            return new MiscCheck(command, dynamicWeight, timing());
        }
    }
}
