package io.lvs4j.vrrp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program, with the processes that it starts, that takes part in elections on a host of a {@link Lan}. What it says goes to a file. */
final class Contender implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Candidate candidate;
    private final List<Process> processes = new ArrayList<>();
    private final Path directory;

    private Contender(Candidate candidate) {
        this.candidate = candidate;
        try {
            directory = Files.createTempDirectory("lvs-contender");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a {@link SpeakerProcess}. */
    static Contender speaker(Lan lan, Candidate candidate) {
        Contender contender = new Contender(candidate);
        contender.run(lan, SpeakerProcess.command(candidate));
        return contender;
    }

    /** Starts keepalived. */
    static Contender keepalived(Lan lan, Candidate candidate) {
        Contender contender = new Contender(candidate);
        Path conf = contender.write("keepalived.conf", candidate.keepalivedConf());
        contender.run(
                lan,
                List.of(
                        "keepalived",
                        "--dont-fork",
                        "--log-console",
                        "--log-detail",
                        "--vrrp",
                        "--use-file=" + conf,
                        "--pid=" + contender.directory.resolve("keepalived.pid"),
                        "--vrrp_pid=" + contender.directory.resolve("vrrp.pid")));
        return contender;
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Lan lan, List<String> program) {
        List<String> command = new ArrayList<>(lan.on(candidate.host()));
        command.addAll(program);
        File log = directory.resolve("log" + processes.size()).toFile();
        try {
            processes.add(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Candidate candidate() {
        return candidate;
    }

    /** Returns what it has said. */
    String log() {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder all = new StringBuilder();
            for (Path each : files.sorted().collect(Collectors.toList())) {
                all.append("== ").append(each.getFileName()).append('\n').append(Files.readString(each));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has said something. */
    void awaitSays(String words) {
        Diary.until(() -> log().contains(words));
    }

    /** Asks it to end, and waits for that. */
    void terminate() {
        processes.forEach(Process::destroy);
        processes.forEach(Contender::await);
    }

    /** Ends it without letting it do anything any more. */
    void kill() {
        freeze(); // or a parent could act upon the end of its child
        List<Long> all = pids();
        signal("KILL", all);
        processes.forEach(Contender::await);
    }

    /** Stops it in its tracks. */
    void freeze() {
        signal("STOP", pids());
    }

    /** Lets it go on. */
    void thaw() {
        signal("CONT", pids());
    }

    private List<Long> pids() {
        return processes.stream()
                .map(Process::toHandle)
                .flatMap(each -> Stream.concat(Stream.of(each), each.descendants()))
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toList());
    }

    private static void signal(String name, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(each -> command.add(each.toString()));
        if (!pids.isEmpty()) {
            try {
                await(new ProcessBuilder(command).start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(process + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
