package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lvs pair}, ended by a signal at different moments: nothing of it is left. */
class PairInterruptedTest {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> STORY = List.of(
            "    one: ", "10.100.5.11 is on [one]", "kill -9", "One starts", "SIGTERM", "10.100.5.11 is on [two].");

    @TempDir
    private Path directory;

    /** The moment: so many namespaces, or a line that begins so. With Ctrl-C a terminal tells all processes of a group. */
    @ParameterizedTest
    @CsvSource({
        "1, TERM",
        "1, INT",
        "1, Ctrl-C",
        "2, Ctrl-C",
        "4, TERM",
        "4, Ctrl-C",
        "6, TERM",
        "6, Ctrl-C",
        "'    one: ', TERM",
        "'kill -9', INT",
        "'10.100.5.11 is on [two].', TERM"
    })
    void nothingIsLeft(String moment, String signal) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        List<String> command = new ArrayList<>(ChildProcess.lvsCommand("pair"));
        command.add(1, "-Djava.io.tmpdir=" + directory);
        command.add(0, ChildProcess.program("setsid", "util-linux")); // a group of its own; it becomes what it starts
        try (ChildProcess lvs = ChildProcess.start(command)) {
            if (moment.length() == 1) {
                int count = Integer.parseInt(moment);
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> namespaces(lvs).size() >= count);
            } else {
                for (String each : STORY.subList(0, STORY.indexOf(moment) + 1)) {
                    lvs.awaitOut(line -> line.startsWith(each));
                }
            }
            List<ProcessHandle> processes = lvs.descendants();
            String[] to = signal.equals("Ctrl-C") ? new String[] {"INT", "-"} : new String[] {signal, ""};
            try (ChildProcess kill = ChildProcess.start(
                    List.of(ChildProcess.program("kill", "procps"), "-" + to[0], "--", to[1] + lvs.pid()))) {
                kill.awaitExit(); // it may be too late, at the end of the story
            }

            lvs.awaitExit();

            assertThat(namespaces(lvs)).as("%s", lvs).isEmpty();
            await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(lvs.err()).noneMatch(line -> line.contains("\tat "));
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .noneMatch(name -> name.startsWith("lvs-pair"));
            }
        }
    }

    private static List<String> namespaces(ChildProcess lvs) throws IOException {
        if (!Files.isDirectory(NAMESPACES)) {
            return List.of(); // there has never been one
        }
        try (Stream<Path> all = Files.list(NAMESPACES)) {
            return all.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.startsWith("lvs-pair-" + lvs.pid() + "-"))
                    .toList();
        }
    }
}
