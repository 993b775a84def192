package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what generated files mean with what a running keepalived says that they mean: services, servers, weights, checks and times. It
 * runs in the guest, because keepalived says nothing where there is no IPVS.
 */
class KeepalivedMeaningKernelTest {
    private static final int FILES = Integer.getInteger("lvs.keepalived.meanings", 30);

    @TempDir
    Path directory;

    @Test
    void generatedFilesMeanTheSame(TestReporter reporter) throws Exception {
        int compared = 0;
        List<String> different = new ArrayList<>();
        for (int seed = 0; seed < FILES; seed++) {
            List<String> lines = new ConfigGenerator(seed).valid();
            if (lines.contains("virtual_server_group G {")) {
                continue;
            }
            Path file = Files.write(directory.resolve("keepalived.conf"), lines);
            List<String> theirs =
                    KeepalivedDump.read(InstalledKeepalived.dump(file, "--check", "Activating", List.of()));
            List<String> ours =
                    Meaning.of(KeepalivedConfig.read(file, ReadOptions.STRICT).virtualServices());
            compared++;
            if (!ours.equals(theirs)) {
                List<String> missing = new ArrayList<>(theirs);
                missing.removeAll(ours);
                List<String> more = new ArrayList<>(ours);
                more.removeAll(theirs);
                different.add("seed " + seed + "\n  keepalived " + missing + "\n  here       " + more);
            }
        }
        reporter.publishEntry("meanings", compared + " compared, different " + different.size());
        assertThat(compared).isGreaterThan(FILES / 2);
        assertThat(different).as(() -> String.join("\n", different)).isEmpty();
    }
}
