package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.ScriptWords;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A program that keepalived runs when something happens.
 *
 * @param command the program and its arguments
 * @param user who runs it; empty = as the global settings say
 * @param group the group that runs it; empty = the user's
 * @param at where it is configured
 */
public record Script(List<String> command, Optional<String> user, Optional<String> group, Position at) {
    /** Copies the command, which has at least one word. */
    public Script {
        command = List.copyOf(command);
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(at, "at");
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command: empty (expected: a program)");
        }
    }

    /**
     * Returns a program with its arguments, all of which are one quoted word, and perhaps who runs it; empty = there is none, which has
     * been told.
     *
     * @param arguments of a keyword like {@code notify_up "/path/program argument" user group}
     */
    static Optional<Script> read(Arguments arguments) {
        List<String> words = ScriptWords.parse(arguments.statement().rest()).orElse(List.of());
        List<String> command =
                words.isEmpty() ? List.of() : ScriptWords.parse(words.get(0)).orElse(List.of());
        if (command.isEmpty()) {
            arguments
                    .reading()
                    .error(
                            "missing-value",
                            arguments.at(),
                            arguments.keyword() + ": no program (expected: its path, in quotes if arguments follow)");
            return Optional.empty();
        }
        return Optional.of(new Script(
                command,
                words.size() > 1 ? Optional.of(words.get(1)) : Optional.empty(),
                words.size() > 2 ? Optional.of(words.get(2)) : Optional.empty(),
                arguments.at()));
    }
}
