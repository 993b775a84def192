package io.lvs4j.examples;

import io.lvs4j.BackendException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of {@code lvs.jar}. Exit codes: 0 = done or stopped by a signal, 1 = it broke, 2 = bad input, 5 = a
 * configuration with errors; the reason stands in one line on standard error, that of 5 in as many as there are errors.
 */
@Command(
        name = "lvs",
        description = "Linux Virtual Server as a Java library: the runner.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        subcommands = {
            ServeCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ListCommand.class,
            SaveCommand.class,
            RestoreCommand.class,
            DemoCommand.class,
            PairCommand.class,
            WebCommand.class,
            AskCommand.class
        })
public final class Lvs implements Callable<Integer> {
    static final int OK = 0;
    static final int BROKEN = 1;
    static final int BAD_INPUT = 2;
    static final int BAD_CONFIG = 5; // keepalived's

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    Lvs() {}

    /**
     * Runs one command.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args));
    }

    /** Runs one command in this process; returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Lvs())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((e, ignored) -> refuse(e.getCommandLine(), BadInput.text(e)))
                .setExecutionExceptionHandler((e, command, ignored) -> failed(command, e));
        return line.execute(args);
    }

    private static int failed(CommandLine command, Exception e) throws Exception {
        if (e instanceof IllegalArgumentException || e instanceof BackendException) {
            return refuse(command, Durations.readable(String.valueOf(e.getMessage())));
        }
        throw e; // a bug: picocli prints the stack trace and exits with 1
    }

    private static int refuse(CommandLine command, String message) {
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": "
                        + message.lines().findFirst().orElse(""));
        return BAD_INPUT;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "command: none (expected: " + BadInput.commands(spec) + ")");
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Lvs.class.getPackage().getImplementationVersion();
            return new String[] {"lvs4j " + (version == null ? "(not packaged)" : version)};
        }
    }
}
