package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A process that a test started: its output line by line, signals, and its end. Closing kills it. */
final class ChildProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private ChildProcess(Process process, boolean readOutput) {
        this.process = process;
        if (readOutput) {
            readers.add(read(process.getInputStream(), out));
        }
        readers.add(read(process.getErrorStream(), err));
    }

    static ChildProcess start(List<String> command) {
        return new ChildProcess(launch(command), true);
    }

    /** Starts a process whose standard output the test reads itself, at its own pace. */
    static ChildProcess startUnread(List<String> command) {
        return new ChildProcess(launch(command), false);
    }

    /** Runs a program to its end and returns what it wrote; fails if it does not end well. */
    static String run(List<String> command) {
        try (ChildProcess child = start(command)) {
            int code = child.awaitExit();
            assertThat(code).as("%s%n%s%n%s", command, child.out, child.err).isZero();
            return String.join("\n", child.out);
        }
    }

    /** Starts {@code lvs} in a JVM of its own, with the classes under test. */
    static ChildProcess lvs(String... arguments) {
        return start(lvsCommand(arguments));
    }

    static List<String> lvsCommand(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("-XX:TieredStopAtLevel=1"); // starts faster
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED"); // in the jar its manifest says so
        }
        command.add("-cp");
        command.add(Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .reduce((a, b) -> a + java.io.File.pathSeparator + b)
                .orElseThrow());
        command.add(Lvs.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Finds a program that these tests need; a test that cannot find it fails, it is not skipped. */
    static String program(String name, String debianPackage) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        name + " is not installed; ./test installs it (Debian package " + debianPackage + ")"))
                .toString();
    }

    private static Process launch(List<String> command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread read(InputStream stream, List<String> lines) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader text =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = text.readLine(); line != null; line = text.readLine()) {
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        lines.add("(cannot be read: " + e + ")");
                    }
                },
                "child-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    List<String> out() {
        return List.copyOf(out);
    }

    List<String> err() {
        return List.copyOf(err);
    }

    InputStream rawOutput() {
        return process.getInputStream();
    }

    /** Waits for a line on standard output and returns it. */
    String awaitOut(Predicate<String> wanted) {
        return await(wanted, out);
    }

    /** Waits for a line on standard error and returns it. */
    String awaitErr(Predicate<String> wanted) {
        return await(wanted, err);
    }

    private String await(Predicate<String> wanted, List<String> lines) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lines.stream().anyMatch(wanted) || (!process.isAlive() && readersDone()));
        return lines.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the process ended without it, " + this));
    }

    private boolean readersDone() {
        return readers.stream().noneMatch(Thread::isAlive);
    }

    long pid() {
        return process.pid();
    }

    /** Returns the processes that it has started, and theirs, those that there are now. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** The processor time that it has used, in hundredths of a second, as Linux says in /proc. */
    long processorTime() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // the name may have spaces
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("ends by itself, %s", this)
                    .isTrue();
            for (Thread reader : readers) {
                reader.join(PATIENCE.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends a signal such as {@code TERM}. */
    void signal(String name) {
        run(List.of(program("kill", "procps"), "-" + name, Long.toString(process.pid())));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public String toString() {
        return "out: " + out + " err: " + err;
    }
}
