package io.lvs4j.examples;

import io.lvs4j.keepalived.KeepalivedConfig;
import io.lvs4j.keepalived.syntax.Diagnostic;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a keepalived.conf and says all that there is to say about it. */
@Command(
        name = "check",
        description = "Says what is wrong with a keepalived.conf, and what of it would not be carried out.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false,
        footer = {"", "Exit codes: 0 = no errors, 5 = errors, as with keepalived -t, 2 = bad input."})
final class CheckCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file. What it includes is read as well.")
    private String file = "";

    @Option(names = "--json", description = "Writes one JSON object per diagnostic and line.")
    private boolean json;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        KeepalivedConfig config = options.read(ConfigOptions.path("FILE", file));
        PrintWriter out = spec.commandLine().getOut();
        for (Diagnostic said : config.diagnostics()) {
            Diagnostic each = ConfigFile.isRefused(said, options) ? refusedByRun(said) : said;
            out.println(json ? DiagnosticLines.json(each) : DiagnosticLines.text(each));
        }
        return config.hasErrors() ? Lvs.BAD_CONFIG : Lvs.OK;
    }

    private static Diagnostic refusedByRun(Diagnostic said) {
        return new Diagnostic(
                said.severity(),
                said.code(),
                said.at(),
                said.message(),
                Optional.of("run refuses the file; run --lenient runs the others"));
    }
}
