package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.MiscCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that check, well-behaved and not. That a verdict was in time shows in its words. */
class MiscProbeTest {
    private static final ServerKey SERVER = ServerKey.of("2001:db8::1", 8080);

    private final NettyHealthMonitor monitor = NettyHealthMonitor.create();
    private final Programs programs = new Programs();
    private Path directory;

    /** Not where the build is, which may be below /tmp, which others may write to. */
    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(
                Path.of(System.getProperty("user.home")),
                ".lvs4j test ",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @AfterEach
    void close() throws IOException {
        monitor.close();
        programs.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private Path script(String... lines) throws IOException {
        return named("check me;$(touch x).sh", lines);
    }

    private Path named(String name, String... lines) throws IOException {
        Path script = directory.resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private static MiscCheck.Builder check(Path script, String... arguments) {
        return MiscCheck.program(script.toString(), arguments).warmup(Duration.ZERO);
    }

    private String found(MiscCheck.Builder check) {
        return Asking.found(monitor, SERVER, check.build());
    }

    private CheckResult result(MiscCheck.Builder check) throws Exception {
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();
        new MiscProbe(check.build(), programs).begin(SERVER, outcome::complete);
        return outcome.get(20, TimeUnit.SECONDS);
    }

    @Test
    void status0PassesAndOthersFail() throws Exception {
        Path script = script("echo all is well", "exit $1");
        assertThat(found(check(script, "0"))).isEqualTo("exit status 0: all is well");
        assertThat(found(check(script, "1"))).isEqualTo("program: exit status 1: all is well");
        assertThat(found(check(script, "52"))).isEqualTo("program: exit status 52: all is well");
    }

    @Test
    void withDynamicWeightAStatusAbove1IsTheWeightAnd2() throws Exception {
        Path script = script("exit $1");
        assertThat(result(check(script, "0").dynamicWeight())).isEqualTo(CheckResult.passed("exit status 0"));
        assertThat(result(check(script, "1").dynamicWeight()))
                .isEqualTo(CheckResult.failed("program", "exit status 1"));
        assertThat(result(check(script, "2").dynamicWeight()))
                .isEqualTo(CheckResult.passed("exit status 2", new Advice.Weight(0)));
        assertThat(result(check(script, "255").dynamicWeight()))
                .isEqualTo(CheckResult.passed("exit status 255", new Advice.Weight(253)));
    }

    @Test
    void aProgramThatHasCrashedAdvisesNoWeight() throws Exception {
        Path script = script("kill -SEGV $$");
        assertThat(result(check(script).dynamicWeight()))
                .isEqualTo(CheckResult.failed("program", "exit status 139 (or signal 11)"));
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        Path script = script("for each in \"$@\"; do printf '[%s]' \"$each\"; done");
        assertThat(result(check(script, "a b", "; echo x", "$(id)", "`id`", "*", "", "'\"\\")))
                .isEqualTo(CheckResult.passed("exit status 0: [a b][; echo x][$(id)][`id`][*][]['\"\\]"));
        assertThat(result(check(script, "one\ntwo"))).isEqualTo(CheckResult.passed("exit status 0: [one two]"));
        assertThat(directory.toFile().list()).containsExactly("check me;$(touch x).sh");
    }

    @Test
    void theEnvironmentIsNoneButWhatIsPromised() throws Exception {
        assertThat(found(check(Path.of("/usr/bin/env"))).split("[: ](?=[A-Z_]+=)"))
                .contains("LANG=C", "LVS_ADDRESS=2001:db8::1", "LVS_PORT=8080")
                .hasSize(5); // the words before, and PATH
        assertThat(found(check(script("pwd; cat; ls -l /proc/self/fd | wc -l"))))
                .isEqualTo("exit status 0: / 5"); // a head line, standard streams, and the directory that is listed
    }

    @Test
    void ofALotOfOutputTheFirstKibibyteIsKept() throws Exception {
        Path script = script("head -c 104857600 /dev/zero | tr '\\0' x");
        assertThat(result(check(script))).isEqualTo(CheckResult.passed("exit status 0: " + "x".repeat(1024)));
    }

    @Test
    void outputThatIsNoTextHarmsNobody() throws Exception {
        assertThat(result(check(script("printf 'a\\033[2Jb\\000\\377\\n'"))))
                .isEqualTo(CheckResult.passed("exit status 0: a [2Jb \ufffd"));
    }

    @Test
    void aProgramThatDoesNotEndFailsAtTheDeadlineAndIsKilled() throws Exception {
        Path script = script("echo $$ > \"$1\"", "trap '' TERM", "while :; do sleep 0.05; done");
        dies(script, Duration.ofSeconds(1));
    }

    /** The best of some runs, because this machine stands still at times. */
    @Test
    void aProgramThatDoesNotEndIsGoneTwoTenthsOfASecondAfterItsDeadline() throws Exception {
        Path beats = directory.resolve("beats");
        Path script = script("trap '' TERM", "while :; do date +%s%3N >> \"$1\"; sleep 0.01; done");
        long shortest = Long.MAX_VALUE;
        for (int run = 0; run < 10 && shortest > 1_200; run++) {
            Files.deleteIfExists(beats);
            assertThat(found(check(script, beats.toString()).connectTimeout(Duration.ofSeconds(1))))
                    .isEqualTo("program: not ended within 1s");
            Awaitility.await().until(() -> children() == 0);
            List<String> millis = Files.readAllLines(beats);
            shortest =
                    Math.min(shortest, Long.parseLong(millis.get(millis.size() - 1)) - Long.parseLong(millis.get(0)));
        }
        assertThat(shortest).isBetween(500L, 1_200L);
    }

    @Test
    void grandchildrenDieWithTheirProgram() throws Exception {
        Path script = script(
                "trap '' TERM",
                "echo $$ > \"$1\"",
                "(trap '' TERM; echo $$ >> \"$1\"; (trap '' TERM; sleep 1000) & sleep 1000) &",
                "wait");
        dies(script, Duration.ofSeconds(1));
    }

    @Test
    void aForkBombDiesWithItsProgram() throws Exception {
        Path script = script(
                "trap '' TERM",
                "echo $$ > \"$1\"",
                "ulimit -u 2000",
                "bomb() { sleep 0.01; [ \"$1\" -gt 6 ] && exec sleep 1000; bomb $(($1 + 1)) & bomb $(($1 + 1)) & wait; }",
                "bomb 0");
        dies(script, Duration.ofSeconds(1));
    }

    /** Runs a program that notes its process id and does not end, and waits until nobody of its group is left. */
    private void dies(Path script, Duration timeout) throws Exception {
        Path pid = directory.resolve("pid");
        assertThat(found(check(script, pid.toString()).connectTimeout(timeout)))
                .isEqualTo("program: not ended within 1s");
        long group = Long.parseLong(Files.readAllLines(pid).get(0));
        Awaitility.await().until(() -> membersOf(group).isEmpty());
    }

    /** Returns the processes of a group that have not ended, from the kernel's list. */
    private static List<String> membersOf(long group) {
        List<String> members = new ArrayList<>();
        for (File process : new File("/proc").listFiles(file -> file.getName().matches("\\d+"))) {
            try {
                String stat = Files.readString(process.toPath().resolve("stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                if (Long.parseLong(fields[2]) == group && !fields[0].equals("Z")) {
                    members.add(stat);
                }
            } catch (IOException e) {
                // it has ended meanwhile
            }
        }
        return members;
    }

    @Test
    void whatAProgramLeavesBehindIsNotWaitedForAndKilled() throws Exception {
        Path pid = directory.resolve("pid");
        Path script = script("echo $$ > \"$1\"", "sleep 1000 &", "(while :; do echo noise; done) &", "exit 0");
        assertThat(result(check(script, pid.toString()))).isInstanceOf(CheckResult.Passed.class);
        long group = Long.parseLong(Files.readString(pid).trim());
        Awaitility.await().until(() -> membersOf(group).isEmpty());
    }

    @Test
    void closingTheMonitorKillsWhatRuns() throws Exception {
        Path pid = directory.resolve("pid");
        Path script = script("trap '' TERM", "echo $$ > \"$1\"", "sleep 1000");
        monitor.watch(SERVER, check(script, pid.toString()).build(), (up, cause) -> {});
        Awaitility.await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
        monitor.close();
        long group = Long.parseLong(Files.readString(pid).trim());
        Awaitility.await().until(() -> membersOf(group).isEmpty());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("lvs-health"));
    }

    @Test
    void aThousandRunsLeaveNothingBehind() throws Exception {
        Path script = script("exit 0");
        result(check(script));
        Awaitility.await().until(() -> children() == 0);
        int descriptors = descriptors();
        for (int i = 0; i < 1000; i++) {
            assertThat(result(check(script))).isEqualTo(CheckResult.passed("exit status 0"));
        }
        Awaitility.await().untilAsserted(() -> {
            assertThat(children()).isZero(); // zombies are children, too
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        });
    }

    private static long children() {
        return ProcessHandle.current().children().count();
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void tooManyAtOnceSayNothingAboutTheServer() throws Exception {
        Path script = script("sleep 1000");
        List<Probe.Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < Programs.MAX_RUNNING; i++) {
            attempts.add(new MiscProbe(check(script).build(), programs).begin(SERVER, result -> {}));
        }
        assertThat(result(check(script)))
                .isEqualTo(CheckResult.inconclusive("program not started: 128 are running already"));
        attempts.forEach(Probe.Attempt::abort);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(result(check(named("other.sh", "exit 0")))).isInstanceOf(CheckResult.Passed.class));
    }

    @Test
    void aProgramThatIsNotThereOrCannotBeRunIsRefused() throws Exception {
        Path none = directory.resolve("none");
        refused(none, "a file that is there, but: java.nio.file.NoSuchFileException: " + none);
        refused(directory, "a file that this process may execute");
        Path script = script("exit 0");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        refused(script, "a file that this process may execute");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx"})
    void aProgramThatOthersMayWriteIsRefused(String permissions) throws Exception {
        Path script = script("exit 0");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(permissions));
        refused(script, script + " writable by its owner alone");
    }

    @Test
    void aProgramInADirectoryThatOthersMayWriteToIsRefused() throws Exception {
        Path script = script("exit 0");
        Path link = directory.resolveSibling(directory.getFileName() + "link");
        Files.createSymbolicLink(link, script);
        try {
            assertThat(result(check(link))).isInstanceOf(CheckResult.Passed.class);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
            refused(script, directory + " writable by its owner alone");
            refused(link, directory + " writable by its owner alone");
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void aLinkInTmpIsRefusedWhereverItLeads() throws Exception {
        Path link = Files.createTempDirectory("lvs-link").resolve("true");
        Files.createSymbolicLink(link, Path.of("/bin/true"));
        refused(link, link.getRoot().resolve(link.getName(0)) + " writable by its owner alone");
        Files.delete(link);
        Files.delete(link.getParent());
    }

    @Test
    void aProgramThatOthersMayWriteLaterIsNotRun() throws Exception {
        Path script = script("exit 0");
        MiscProbe probe = new MiscProbe(check(script).build(), programs);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxrwx"));
        CompletableFuture<CheckResult> outcome = new CompletableFuture<>();
        probe.begin(SERVER, outcome::complete);
        assertThat(outcome.get(10, TimeUnit.SECONDS))
                .isInstanceOf(CheckResult.Inconclusive.class)
                .hasToString("inconclusive: program not started: program: " + script + " (expected: " + script
                        + " writable by its owner alone)");
    }

    private void refused(Path program, String expected) {
        MiscCheck check = check(program).build();
        assertThatThrownBy(() -> monitor.watch(SERVER, check, (up, cause) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program: " + program + " (expected: " + expected + ")");
    }
}
