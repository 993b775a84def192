package io.lvs4j.vrrp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program, with the processes that it starts, that takes part in elections on a host of a {@link Lan}. What it says goes to a file. */
final class Contender implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Lan lan;
    private final Candidate candidate;
    private final boolean ours;
    private final List<Process> processes = new ArrayList<>();
    private final Path directory;

    private Contender(Lan lan, Candidate candidate, boolean ours) {
        this.lan = lan;
        this.ours = ours;
        this.candidate = candidate;
        try {
            directory = Files.createTempDirectory("lvs-contender");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a {@link SpeakerProcess}. */
    static Contender speaker(Lan lan, Candidate candidate) {
        Contender contender = new Contender(lan, candidate, true);
        contender.run(SpeakerProcess.command(candidate));
        return contender;
    }

    /** Starts keepalived. */
    static Contender keepalived(Lan lan, Candidate candidate) {
        Contender contender = new Contender(lan, candidate, false);
        Path conf = contender.write("keepalived.conf", candidate.keepalivedConf());
        contender.run(List.of(
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

    /** Starts frr's zebra and vrrpd, which want an interface with the router's MAC address and its addresses; they start and stop it. */
    static Contender frr(Lan lan, Candidate candidate) {
        Contender contender = new Contender(lan, candidate, false);
        candidate.frrInterface().forEach(each -> lan.ip(candidate.host(), each));
        Path socket = contender.directory.resolve("zserv.api");
        contender.everybodyMayWrite();
        contender.runFrr("zebra", "", socket);
        Diary.until(() -> Files.exists(socket));
        contender.runFrr("vrrpd", candidate.frrConf(), socket);
        return contender;
    }

    private void runFrr(String name, String conf, Path socket) {
        Path file = write(name + ".conf", conf);
        run(List.of(
                "/usr/lib/frr/" + name,
                "--log=stdout",
                "--config_file=" + file,
                "--pid_file=" + directory.resolve(name + ".pid"),
                "--socket=" + socket,
                "--vty_socket=" + directory,
                "--vty_port=0"));
    }

    /** The daemons of frr become another user. */
    private void everybodyMayWrite() {
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> program) {
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
            for (Path each : files.filter(Files::isRegularFile).sorted().collect(Collectors.toList())) {
                all.append("== ").append(each.getFileName()).append('\n').append(Files.readString(each));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what it has said, and what its host's interfaces are like. */
    String report() {
        return log() + "== interfaces\n" + lan.ip(candidate.host(), "-d address show");
    }

    /** Waits until it has said something. */
    void awaitSays(String words) {
        awaitSays(words, 1);
    }

    /** Waits until it has said something so many times. */
    void awaitSays(String words, int times) {
        Diary.until(() -> log().split(Pattern.quote(words), -1).length > times);
    }

    /** Asks it to end, and waits for that; who was started last ends first. */
    void terminate() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).destroy();
            await(processes.get(i));
        }
    }

    /** Removes what others than this library leave behind on a host when they are killed, and frr always. */
    void bury() {
        for (String each : List.of(
                "link del " + Candidate.FRR_INTERFACE,
                "link del vrrp." + Candidate.ID,
                "link del vrrp6." + Candidate.ID,
                "address del " + candidate.vipWithPrefix() + " dev eth0")) {
            try {
                lan.ip(candidate.host(), each);
            } catch (IllegalStateException e) {
                // it is not there
            }
        }
    }

    /** The same, where it is the test's business: the kernel takes back what this library's have. */
    void buryUnlessOurs() {
        if (!isOurs()) {
            bury();
        }
    }

    boolean isOurs() {
        return ours;
    }

    /** Ends it without letting it do anything any more. */
    void kill() {
        if (processes.size() > 1 || !ours) {
            freeze(); // or a parent could act upon the end of its child
            signal("KILL", pids());
        }
        processes.forEach(Process::destroyForcibly);
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

    /** Removes its files; it has ended. */
    void forget() {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        bury();
        forget();
    }
}
