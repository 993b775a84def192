package io.lvs4j.examples;

import io.lvs4j.keepalived.KeepalivedConfig;
import io.lvs4j.keepalived.ReadOptions;
import io.lvs4j.keepalived.syntax.IncludeDemand;
import io.lvs4j.keepalived.syntax.ParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a keepalived.conf is read. */
final class ConfigOptions {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    @Option(
            names = "--lenient",
            description = {
                "Reads words that are often written for others as those, such as",
                "persistent_timeout for persistence_timeout, and corrects what keepalived",
                "corrects, with a warning. Default: both are errors, as with keepalived -t."
            })
    private boolean lenient;

    @Option(
            names = "--config-id",
            paramLabel = "<word>",
            description = "The word that lines beginning with @word are kept for, keepalived's -i. Default: the host's"
                    + " name up to the first dot.")
    private @Nullable String configId;

    boolean lenient() {
        return lenient;
    }

    /**
     * Reads a file. One that it includes by its name and that is not there or cannot be read is an error: keepalived only warns, and its
     * services end.
     */
    KeepalivedConfig read(Path file) {
        return read(file, lenient ? ReadOptions.Mode.LENIENT : ReadOptions.Mode.STRICT);
    }

    KeepalivedConfig readLeniently(Path file) {
        return read(file, ReadOptions.Mode.LENIENT);
    }

    private KeepalivedConfig read(Path file, ReadOptions.Mode mode) {
        ParseOptions parse = ParseOptions.DEFAULT
                .withConfigId(configId == null ? hostName() : configId)
                .withDemands(Set.of(IncludeDemand.READ, IncludeDemand.MATCH));
        return KeepalivedConfig.read(file, new ReadOptions(mode, parse));
    }

    static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadInput(option, e.getReason(), "a file's path");
        }
    }

    private static String hostName() {
        try {
            String name = Files.readString(HOST_NAME).strip();
            int dot = name.indexOf('.');
            return dot < 0 ? name : name.substring(0, dot);
        } catch (IOException e) {
            return ""; // not Linux: then it has to be given
        }
    }
}
