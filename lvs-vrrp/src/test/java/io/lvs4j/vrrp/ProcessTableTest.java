package io.lvs4j.vrrp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.vrrp.TrackProcess.Match;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    @TempDir
    private Path directory;

    private static ProcessPattern named(String name) {
        return pattern(List.of(name), Match.NONE, false);
    }

    private static ProcessPattern pattern(List<String> command, Match match, boolean full) {
        return new ProcessPattern(new TrackProcess(
                "p", command, match, full, 0, false, 1, OptionalInt.empty(), Duration.ZERO, Duration.ZERO));
    }

    private void process(int pid, String stat, String commandLine) throws IOException {
        Path process = Files.createDirectory(directory.resolve(Integer.toString(pid)));
        Files.writeString(process.resolve("stat"), stat, ISO_8859_1);
        Files.writeString(process.resolve("cmdline"), commandLine, ISO_8859_1);
    }

    @Test
    void eachPatternIsCounted() throws Exception {
        process(1, "1 (init) S 0 1 1", "/sbin/init\0");
        process(20, "20 (x) S 1 1 1", "/bin/x\0-a\0");
        process(21, "21 (x) R 1 1 1", "/bin/x\0-b\0");
        Files.createDirectory(directory.resolve("self"));

        assertThat(new ProcessTable(directory)
                        .count(List.of(
                                named("x"),
                                named("y"),
                                pattern(List.of("/bin/x", "-a"), Match.EXACT, true),
                                pattern(List.of("/bin/x"), Match.PARTIAL, true))))
                .containsExactly(2, 0, 1, 2);
    }

    @Test
    void aNameMayHaveAnythingInIt() throws Exception {
        process(1, "1 (a) b (c)) S 0 1 1", "");
        process(2, "2 (Z) S 0 1 1", "");
        assertThat(new ProcessTable(directory).count(List.of(named("a) b (c)"), named("Z"))))
                .containsExactly(1, 1);
    }

    @Test
    void zombiesDoNotCount() throws Exception {
        process(1, "1 (x) Z 0 1 1", "");
        process(2, "2 (x) X 0 1 1", "");
        assertThat(new ProcessTable(directory).count(List.of(named("x")))).containsExactly(0);
    }

    @Test
    void processesThatVanishMeanwhileOrSayNonsenseDoNotCount() throws Exception {
        Files.createDirectory(directory.resolve("1"));
        Files.createDirectories(directory.resolve("2/stat"));
        process(3, "3 (x) S 0 1 1", "/bin/x\0");
        Files.delete(directory.resolve("3/cmdline"));
        int pid = 10;
        for (String nonsense : List.of("", "(", ")", "10 x S", "10 (x", "10 x) S", ")x( S", "10 (x)", "10 (x) ")) {
            process(pid++, nonsense, "/bin/x\0");
        }
        assertThat(new ProcessTable(directory).count(List.of(named("x"), pattern(List.of("/bin/x"), Match.NONE, true))))
                .containsExactly(0, 0);
    }

    @Test
    void noTableIsAnError() {
        assertThatThrownBy(() -> new ProcessTable(directory.resolve("nowhere")).count(List.of(named("x"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void processesOfThisHostAreCounted() throws Exception {
        Path program = Files.copy(
                Path.of("/bin/sleep"),
                directory.resolve("lvs4j-" + ProcessHandle.current().pid()));
        ProcessTable table = new ProcessTable(ProcessTable.PROC);
        List<ProcessPattern> patterns = List.of(
                named(program.toString()),
                pattern(List.of(program.toString(), "600"), Match.EXACT, true),
                pattern(List.of(program.toString(), "60"), Match.EXACT, true),
                pattern(List.of(program.toString(), "60"), Match.INITIAL, true));
        assertThat(table.count(patterns)).containsOnly(0);

        Process running = new ProcessBuilder(program.toString(), "600").start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(table.count(patterns)).containsExactly(1, 1, 0, 1));
        } finally {
            running.destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(table.count(patterns)).containsOnly(0));
    }
}
