package io.lvs4j.examples;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The user asked for something that cannot be. The message names the setting, the value and what was expected. */
final class BadInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private BadInput(String message, Throwable cause) {
        super(message, cause);
    }

    BadInput(String setting, String value, String expected) {
        super(setting + ": " + value + " (expected: " + expected + ")");
    }

    /** Gives an option's text to what understands it, and lets a refusal say which option it is about. */
    static <T> T parse(String option, String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).startsWith(option)) {
                throw e;
            }
            throw new BadInput(option + " " + value + ": " + e.getMessage(), e);
        }
    }

    /** Returns what picocli found wrong, in the form of our own messages. */
    static String text(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched.getUnmatched().get(0), command);
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            return name(argument) + ": no value (expected: " + argument.paramLabel() + ")";
        }
        if (e instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + ": given twice (expected: once)";
        }
        return String.valueOf(e.getMessage());
    }

    private static String unknown(String argument, CommandSpec command) {
        if (!argument.startsWith("-") && !command.subcommands().isEmpty()) {
            return "command: " + argument + " (expected: " + commands(command) + ")";
        }
        List<String> known =
                command.options().stream().map(OptionSpec::longestName).sorted().toList();
        return "option: " + argument + " (expected: one of " + known.stream().collect(Collectors.joining(", ")) + ")";
    }

    /** Returns the commands that a user may give, joined by "or". */
    static String commands(CommandSpec command) {
        return command.subcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" or "));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
