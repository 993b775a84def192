package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.keepalived.InstalledKeepalived.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the verdict, whether there is an error, with that of the installed keepalived, for generated files: a quarter of them without a
 * fault. {@code -Dlvs.keepalived.files=2000} compares more of them.
 */
@Tag("size")
class KeepalivedVerdictTest {
    private static final int FILES = Integer.getInteger("lvs.keepalived.files", 200);

    /** Where the verdicts differ on purpose: what keepalived prints, or our code, and why. */
    private static final Map<String, String> REASONS = Map.of(
            "doesn't exist",
            "interfaces are looked for when addresses and routes are added",
            "Error setting global script uid/gid",
            "the users of a host are looked up when a script is run",
            "Unable to set default user",
            "the users of a host are looked up when a script is run",
            "Failed to set uid/gid",
            "the users of a host are looked up when a script is run",
            "SECURITY VIOLATION",
            "programs are looked at when they are run; whether they are there is the host's",
            "unknown-name",
            "keepalived leaves a service of an unknown group out and calls that no error");

    @TempDir
    Path directory;

    /** What makes a configuration of a number, and what puts a fault in it. */
    private interface Maker {
        List<String> lines(long seed, boolean mutant);
    }

    @Test
    void generatedFilesGetTheSameVerdict(TestReporter reporter) throws Exception {
        compare(reporter, List.of(), (seed, mutant) -> {
            ConfigGenerator generator = new ConfigGenerator(seed);
            List<String> lines = generator.valid();
            return mutant ? generator.mutant(lines) : lines;
        });
    }

    @Test
    void addressesRoutesAndRulesGetTheSameVerdict(TestReporter reporter) throws Exception {
        try (HostWithInterfaces host = new HostWithInterfaces()) {
            compare(reporter, host.within(), (seed, mutant) -> {
                VrrpGenerator generator = new VrrpGenerator(seed);
                List<String> lines = generator.fixed();
                return mutant && !lines.isEmpty() ? generator.mutant(lines) : lines;
            });
        }
    }

    @Test
    void virtualRoutersGetTheSameVerdict(TestReporter reporter) throws Exception {
        try (HostWithInterfaces host = new HostWithInterfaces()) {
            compare(reporter, host.within(), (seed, mutant) -> {
                VrrpGenerator generator = new VrrpGenerator(seed);
                List<String> lines = generator.valid();
                return mutant ? generator.mutant(lines) : lines;
            });
        }
    }

    private void compare(TestReporter reporter, List<String> before, Maker maker) throws Exception {
        Map<String, Integer> onPurpose = new TreeMap<>();
        List<String> different = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            boolean mutant = i % 4 != 0;
            List<String> lines = maker.lines(i, mutant);
            Path file = Files.write(directory.resolve("keepalived.conf"), lines);
            Verdict verdict = InstalledKeepalived.test(file, before);
            KeepalivedConfig config = KeepalivedConfig.read(file, ReadOptions.STRICT);
            assertThat(mutant || verdict.ok())
                    .as("seed %s: %s", i, verdict.output())
                    .isTrue();
            if (verdict.ok() != config.hasErrors()) {
                continue;
            }
            Optional<String> reason = reason(verdict, config);
            reason.ifPresent(text -> onPurpose.merge(text, 1, Integer::sum));
            if (reason.isEmpty()) {
                different.add("seed " + i + ": keepalived " + verdict.status() + "\n" + verdict.output() + "here "
                        + config.diagnostics());
            }
        }
        int explained = onPurpose.values().stream().mapToInt(Integer::intValue).sum();
        reporter.publishEntry(
                "verdicts",
                (FILES - explained - different.size()) + " of " + FILES + " equal, " + onPurpose
                        + ", without a reason: " + different);
        assertThat(100 * different.size()).as("%s", different).isLessThanOrEqualTo(FILES);
        assertThat(100 * explained).as("%s", onPurpose).isLessThanOrEqualTo(3 * FILES);
    }

    private static Optional<String> reason(Verdict verdict, KeepalivedConfig config) {
        String all = verdict.output() + (verdict.ok() ? config.diagnostics().toString() : "");
        return REASONS.entrySet().stream()
                .filter(each -> all.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    @Test
    void aMissingFileADirectoryAndAMissingIncludeAreNamedOnceEach() throws IOException {
        Path missing = directory.resolve("missing.conf");
        Path includes = Files.writeString(directory.resolve("includes.conf"), "includea missing.d/none.conf\n");

        assertThat(KeepalivedConfig.read(missing, ReadOptions.STRICT).diagnostics())
                .singleElement()
                .satisfies(each -> assertThat(each.toString()).contains(missing.toString(), "error"));
        assertThat(KeepalivedConfig.read(directory, ReadOptions.STRICT).diagnostics())
                .singleElement()
                .satisfies(each -> assertThat(each.toString()).contains(directory.toString(), "error"));
        assertThat(KeepalivedConfig.read(includes, ReadOptions.STRICT).diagnostics())
                .singleElement()
                .satisfies(each -> assertThat(each.toString()).contains("none.conf", "error"));
    }
}
