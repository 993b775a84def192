package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lvs4j.LvsException;
import io.lvs4j.testkit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, processes and files. */
class TrackersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    private final TrackerResults results =
            (kind, name, result) -> told.add(kind + " " + name + " " + (result.known() ? result.number() : "unknown"));

    private Trackers scripts(TrackScript... scripts) {
        return new Trackers(List.of(scripts), List.of(), List.of(), results);
    }

    private static TrackScript script(int rise, int fall, boolean beginsDown, String shell) {
        return script("s", List.of("/bin/sh", "-c", shell), Duration.ofSeconds(30), rise, fall, beginsDown);
    }

    private static TrackScript script(
            String name, List<String> command, Duration timeout, int rise, int fall, boolean beginsDown) {
        return new TrackScript(
                name, command, SECOND, timeout, rise, fall, 0, false, Optional.empty(), Optional.empty(), beginsDown);
    }

    private static TrackScript script(String name, Duration timeout, String... command) {
        return script(name, List.of(command), timeout, 1, 1, false);
    }

    private static TrackScript by(Optional<String> user, Optional<String> group) {
        Duration timeout = Duration.ofSeconds(30);
        return new TrackScript("s", List.of("/bin/true"), SECOND, timeout, 1, 1, 0, false, user, group, false);
    }

    private void awaitTold(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).containsExactly(expected));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("lvs-vrrp-scripts")
                        || name.startsWith("lvs-vrrp-trackers")
                        || name.startsWith("lvs-health"))
                .toList();
    }

    @Test
    void aScriptIsUpWhileItSucceeds() throws IOException {
        Path flag = directory.resolve("flag");
        try (Trackers trackers = scripts(script(1, 1, false, "test ! -e " + flag))) {
            trackers.start();
            awaitTold("SCRIPT s 0");
            Files.createFile(flag);
            awaitTold("SCRIPT s 0", "SCRIPT s 1");
            Files.delete(flag);
            awaitTold("SCRIPT s 0", "SCRIPT s 1", "SCRIPT s 0");
        }
    }

    @Test
    void aScriptFallsAndRisesAfterAsManyRunsAsItSays() throws IOException {
        Path runs = Files.createFile(directory.resolve("runs"));
        String third = "echo >>" + runs + "; n=$(wc -l <" + runs + "); test $n -eq 1 -o $n -ge 5";
        try (Trackers trackers = scripts(script(2, 3, false, third))) {
            trackers.start();
            awaitTold("SCRIPT s 0", "SCRIPT s 1", "SCRIPT s 0");
        }
        assertThat(Files.readAllLines(runs)).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void aScriptThatBeginsDownIsDownBeforeItHasBeenRun() {
        try (Trackers trackers = scripts(script(1, 1, true, "true"))) {
            trackers.start();
            assertThat(told).first().isEqualTo("SCRIPT s 1");
            awaitTold("SCRIPT s 1", "SCRIPT s 0");
        }
    }

    @Test
    void whatIsDescribedAsBeforeGoesOnWhenOthersAreLookedAt() throws IOException {
        TrackScript stays = script("stays", List.of("/bin/true"), Duration.ofSeconds(30), 2, 2, true);
        TrackScript goes = script("goes", List.of("/bin/true"), Duration.ofSeconds(30), 1, 1, false);
        Path file = Files.writeString(directory.resolve("file"), "7");
        try (Trackers trackers = scripts(stays, goes)) {
            trackers.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told)
                            .containsExactlyInAnyOrder("SCRIPT stays 1", "SCRIPT goes 0", "SCRIPT stays 0"));
            told.clear();

            trackers.change(
                    List.of(stays, script("comes", Duration.ofSeconds(30), "/bin/false")),
                    List.of(),
                    List.of(new TrackFile("f", file.toString(), 1, false)),
                    () -> {});

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("SCRIPT comes 1", "FILE f 7"));
            Files.writeString(file, "8");
            trackers.change(List.of(), List.of(), List.of(new TrackFile("f", file.toString(), 1, false)), () -> {});
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains("FILE f 8"));
        }
    }

    @Test
    void whatIsNewIsToldOfAfterWhatWasKnownHasBeenForgotten() {
        TrackScript before = script("s", Duration.ofSeconds(30), "/bin/true");
        TrackScript after = script("s", List.of("/bin/false"), Duration.ofSeconds(30), 1, 1, true);
        try (Trackers trackers = scripts(before)) {
            trackers.start();
            awaitTold("SCRIPT s 0");

            trackers.change(List.of(after), List.of(), List.of(), () -> told.add("forgotten"));

            awaitTold("SCRIPT s 0", "forgotten", "SCRIPT s 1");
        }
    }

    @Test
    void aScriptThatBeginsDownIsNotDownAgainWhenItIsRunOtherwise() {
        TrackScript before = script("s", List.of("/bin/true"), Duration.ofSeconds(30), 1, 1, true);
        TrackScript after = script("s", List.of("/bin/true"), Duration.ofSeconds(20), 1, 1, true);
        try (Trackers trackers = scripts(before)) {
            trackers.start();
            awaitTold("SCRIPT s 1", "SCRIPT s 0");
            told.clear();

            trackers.change(List.of(after), List.of(), List.of(), () -> {});

            awaitTold("SCRIPT s 0");
        }
    }

    @Test
    void aScriptThatCannotBeRunChangesNothing() {
        TrackScript stays = script("stays", Duration.ofSeconds(30), "/bin/true");
        try (Trackers trackers = scripts(stays)) {
            trackers.start();
            awaitTold("SCRIPT stays 0");
            assertThatThrownBy(() -> trackers.change(
                            List.of(script("bad", Duration.ofSeconds(30), "/no/such/program")),
                            List.of(),
                            List.of(),
                            () -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("script bad: ");
            trackers.change(List.of(stays), List.of(), List.of(), () -> {});
            assertThat(told).as("not begun anew").containsExactly("SCRIPT stays 0");
        }
    }

    @Test
    void aScriptThatTakesTooLongFails() {
        try (Trackers trackers = scripts(script("slow", SECOND, "/bin/sleep", "600"))) {
            trackers.start();
            awaitTold("SCRIPT slow 1");
        }
    }

    @Test
    void aTimeoutMayBeLongerThanTheIntervalAndThanWhatIsPossible() {
        try (Trackers trackers = scripts(script("p", Duration.ofHours(1), "/bin/true"))) {
            trackers.start();
            awaitTold("SCRIPT p 0");
        }
    }

    @Test
    void equalScriptsOfDifferentNamesAreToldEach() {
        try (Trackers trackers = scripts(
                script("a", Duration.ofSeconds(30), "/bin/true"), script("b", Duration.ofSeconds(30), "/bin/true"))) {
            trackers.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("SCRIPT a 0", "SCRIPT b 0"));
        }
    }

    @Test
    void aScriptOfAnotherUserOrGroupIsRefused() {
        String self = System.getProperty("user.name");
        assertThatThrownBy(() -> scripts(by(Optional.of("nobody-of-ours"), Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("script s: user: nobody-of-ours (expected: none or " + self
                        + ", who this process is: it runs programs as nobody else)");
        assertThatThrownBy(() -> scripts(by(Optional.of(self), Optional.of("no-group-of-ours"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("script s: group: no-group-of-ours (expected: none or ");
    }

    @Test
    void aScriptMayNameTheUserThatThisProcessIs() {
        try (Trackers trackers = scripts(by(Optional.of(System.getProperty("user.name")), Optional.empty()))) {
            trackers.start();
            awaitTold("SCRIPT s 0");
        }
    }

    @Test
    void aScriptThatCannotBeRunIsRefusedAndNothingIsLeft() {
        assertThatThrownBy(() -> scripts(TrackScript.of("s", "true")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("script s: program: true (expected: an absolute path)");
        try (Trackers trackers = scripts(TrackScript.of("a", "/bin/true"), TrackScript.of("s", "/nowhere/x"))) {
            assertThatThrownBy(trackers::start)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("script s: program: /nowhere/x (expected: a file that is there");
        }
        assertThat(told).isEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void withoutAHealthMonitorScriptsAreAnErrorThatSaysWhatToAdd() {
        try (ScriptRuns runs =
                new ScriptRuns(List.of(TrackScript.of("s", "/bin/true")), results, timers -> Optional.empty())) {
            assertThatThrownBy(runs::start)
                    .isInstanceOf(LvsException.class)
                    .hasMessage("script s: no health monitor found; add io.lvs4j:lvs-health to the class path or module"
                            + " path");
        }
        try (ScriptRuns none = new ScriptRuns(List.of(), results, timers -> Optional.empty())) {
            none.start();
        }
    }

    private static TrackProcess process(String name, String program) {
        return new TrackProcess(
                name,
                List.of(program),
                TrackProcess.Match.NONE,
                false,
                0,
                false,
                1,
                OptionalInt.empty(),
                Duration.ZERO,
                Duration.ZERO);
    }

    @Test
    void aProcessIsUpWhileItRuns() throws Exception {
        String name = "lvs4j+" + ProcessHandle.current().pid();
        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve(name));
        try (Trackers trackers = new Trackers(List.of(), List.of(process("p", name)), List.of(), results)) {
            trackers.start();
            awaitTold("PROCESS p 1");
            Process running = new ProcessBuilder(program.toString(), "600").start();
            try {
                awaitTold("PROCESS p 1", "PROCESS p 0");
            } finally {
                running.destroyForcibly();
            }
            awaitTold("PROCESS p 1", "PROCESS p 0", "PROCESS p 1");
        }
    }

    @Test
    void aFileSaysItsNumber() throws IOException {
        Path file = directory.resolve("f");
        try (Trackers trackers =
                new Trackers(List.of(), List.of(), List.of(new TrackFile("f", file.toString(), 1, false)), results)) {
            trackers.start();
            awaitTold("FILE f 0");
            Files.writeString(file, "-17\n");
            awaitTold("FILE f 0", "FILE f -17");
            Files.delete(file);
            awaitTold("FILE f 0", "FILE f -17", "FILE f 0");
        }
    }

    @Test
    void processesAreLookedAtEachSecondAndFilesFourTimes() throws IOException {
        ManualTime time = new ManualTime();
        Path file = Files.writeString(directory.resolve("f"), "1");
        Path proc = Files.createDirectory(directory.resolve("proc"));
        Path stat = Files.createDirectory(proc.resolve("7")).resolve("stat");
        try (Trackers trackers = new Trackers(
                List.of(),
                List.of(process("p", "x")),
                List.of(new TrackFile("f", file.toString(), 1, false)),
                results,
                time,
                new ProcessTable(proc))) {
            trackers.begin(time);
            time.advance(Duration.ZERO);
            assertThat(told).containsExactly("PROCESS p 1", "FILE f 1");

            told.clear();
            Files.writeString(file, "2");
            Files.writeString(stat, "7 (x) S 1");
            time.advance(Duration.ofMillis(499));
            assertThat(told).isEmpty();
            time.advance(Duration.ofMillis(1));
            assertThat(told).containsExactly("FILE f 2");
            time.advance(Duration.ofMillis(499));
            assertThat(told).containsExactly("FILE f 2");
            time.advance(Duration.ofMillis(1));
            assertThat(told).containsExactly("FILE f 2", "PROCESS p 0");

            Files.delete(stat);
            Files.delete(stat.getParent());
            Files.delete(proc);
            time.advance(Duration.ofSeconds(3));
            assertThat(told).hasSize(2); // what cannot be looked at stays as it is
            assertThat(time.pending()).isEqualTo(2);
        }
    }

    @Test
    void afterTheEndNothingIsToldAndNoThreadOrProgramIsLeft() throws Exception {
        Path pid = directory.resolve("pid");
        Path file = directory.resolve("f");
        Trackers trackers = new Trackers(
                List.of(script(
                        1, 1, false, "echo $$ >" + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 600")),
                List.of(process("p", "no-such-program")),
                List.of(new TrackFile("f", file.toString(), 1, false)),
                results);
        trackers.start();
        await().atMost(PATIENCE).until(() -> Files.exists(pid) && told.size() == 2);
        ProcessHandle program =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).trim())).orElseThrow();

        trackers.close();
        trackers.close();

        int before = told.size();
        Files.writeString(file, "5");
        await().atMost(PATIENCE).until(() -> !program.isAlive());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty());
        assertThat(told).hasSize(before);
    }

    @Test
    void whereNothingIsTrackedNoThreadIsThere() {
        try (Trackers trackers = scripts()) {
            trackers.start();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isEmpty()); // of other tests
        }
    }
}
