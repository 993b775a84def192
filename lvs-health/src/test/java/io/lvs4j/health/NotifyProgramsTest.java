package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyProgramsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void aProgramGetsItsArgumentsAsTheyAre() throws Exception {
        Path file = directory.resolve("$(id) 'x'");
        try (NotifyPrograms programs = new NotifyPrograms(failures::add)) {
            programs.run(List.of("/usr/bin/touch", file.toString()));
            assertThat(programs.awaitEnd(PATIENCE)).isTrue();
        }
        assertThat(file).exists();
        assertThat(failures).isEmpty();
    }

    @Test
    void whatFailsIsTold() throws Exception {
        try (NotifyPrograms programs = new NotifyPrograms(failures::add)) {
            programs.run(List.of("/bin/sh", "-c", "echo no; exit 3"));
            programs.run(List.of("/nowhere/x"));
            assertThat(programs.awaitEnd(PATIENCE)).isTrue();
        }
        assertThat(failures)
                .hasSize(2)
                .anyMatch(told -> told.equals("/bin/sh: exit status 3: no"))
                .anyMatch(told -> told.startsWith("/nowhere/x: program not started"));
    }

    @Test
    void aProgramThatOthersCouldHaveWrittenIsRefused() throws IOException {
        Path script = Files.createFile(directory.resolve("script"));
        assertThatThrownBy(() -> NotifyPrograms.require(script.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("program: " + script + " (expected: ");
    }

    @Test
    void closingEndsWhatStillRuns() throws Exception {
        NotifyPrograms programs = new NotifyPrograms(failures::add);
        programs.run(List.of("/bin/sleep", "600"));
        await().atMost(PATIENCE).until(() -> isThere("sleep 600"));
        assertThat(programs.awaitEnd(Duration.ZERO)).isFalse();
        programs.close();
        await().atMost(PATIENCE).until(() -> !isThere("sleep 600"));
    }

    private static boolean isThere(String command) {
        return ProcessHandle.current()
                .descendants()
                .anyMatch(each -> each.info().commandLine().orElse("").contains(command));
    }
}
