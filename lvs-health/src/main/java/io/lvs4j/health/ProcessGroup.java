package io.lvs4j.health;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program and what it has started, to be ended together. The program is started by {@code setsid}, which becomes it, and so
 * leads a process group of its own; a signal to the group reaches children and grandchildren also if their parents have gone,
 * and all at once, however fast they multiply. Java cannot send it; {@code /bin/sh} can, of which only the fixed words below are
 * asked. Without these programs, those that descend from the program are killed one by one.
 */
final class ProcessGroup {
    private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
    private static final String SHELL = "/bin/sh";
    private static final @Nullable String SETSID = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(path -> new File(path).canExecute() && new File(SHELL).canExecute())
            .findFirst()
            .orElse(null);

    /** More than a start takes, because others open descriptors meanwhile. */
    private static final int SPARE_DESCRIPTORS = 32;

    private final Process leader;

    ProcessGroup(Process leader) {
        this.leader = leader;
    }

    /** Returns a command whose process leads a group, where that is possible. */
    static List<String> leading(List<String> command) {
        if (SETSID == null) {
            return command;
        }
        List<String> leading = new ArrayList<>();
        leading.add(SETSID);
        leading.addAll(command);
        return leading;
    }

    /**
     * Starts a process, if there are descriptors to spare: where they run out midway, Java 17 closes some that are not its own,
     * such as a client's connection.
     *
     * @throws IOException if it cannot be started
     */
    static Process start(ProcessBuilder process) throws IOException {
        List<InputStream> spare = new ArrayList<>();
        try {
            for (int i = 0; i < SPARE_DESCRIPTORS; i++) {
                spare.add(new FileInputStream("/dev/null"));
            }
        } finally {
            for (InputStream each : spare) {
                each.close();
            }
        }
        return process.start();
    }

    /** Asks all to end. */
    void terminate() {
        signal("TERM");
        if (SETSID == null) {
            leader.destroy();
        }
    }

    /** Ends all; also those that have left the group but still descend from the program. */
    void kill() {
        List<ProcessHandle> descendants = descendants();
        signal("KILL");
        descendants.forEach(ProcessHandle::destroyForcibly);
        if (SETSID == null) {
            leader.destroyForcibly();
        }
    }

    private List<ProcessHandle> descendants() {
        try {
            return leader.descendants().toList();
        } catch (RuntimeException e) {
            return List.of(); // no descriptor is left to read /proc with; the group is ended all the same
        }
    }

    private void signal(String name) {
        if (SETSID == null) {
            return;
        }
        ProcessBuilder kill = new ProcessBuilder(SHELL, "-c", "kill -s " + name + " -- -" + leader.pid())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process unused = start(kill);
        } catch (IOException e) {
            log.warn("Process group {} cannot be ended: {}", leader.pid(), Wording.of(e));
            leader.destroyForcibly();
        }
    }
}
