package io.lvs4j.vrrp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts processes in {@code /proc}. Processes that vanish meanwhile, that this process may not see, and zombies do not count. Command lines are
 * read only as far as somebody asks for them, and only of processes of which somebody asks: reading them may fetch a process's memory from swap.
 *
 * <p>A thousand processes cost some 30 ms of a processor. Not thread-safe.
 */
final class ProcessTable {
    static final Path PROC = Path.of("/proc");

    /** What comes after the name are numbers, and all of it is shorter. */
    private static final int STAT_BYTES = 1024;

    private final Path proc;

    /** @param proc where the kernel shows processes */
    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * {@return how many processes there are of each pattern}
     *
     * @param patterns which processes
     * @throws IOException if they cannot be counted, such as for lack of descriptors
     */
    int[] count(List<ProcessPattern> patterns) throws IOException {
        int[] counts = new int[patterns.size()];
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
            for (Path each : processes) {
                count(each, patterns, counts);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return counts;
    }

    private static void count(Path process, List<ProcessPattern> patterns, int[] counts) throws IOException {
        byte[] name = name(read(process.resolve("stat"), STAT_BYTES));
        if (name == null) {
            return;
        }
        int bytes = 0;
        for (ProcessPattern pattern : patterns) {
            bytes = Math.max(bytes, pattern.mayBe(name) ? pattern.commandLineBytes() : 0);
        }
        byte[] commandLine = bytes == 0 ? new byte[0] : read(process.resolve("cmdline"), bytes);
        if (commandLine == null) {
            return;
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += patterns.get(i).matches(name, commandLine) ? 1 : 0;
        }
    }

    /** Returns what stands in parentheses, which it may contain itself; null if this is not a process that lives. */
    private static byte @Nullable [] name(byte @Nullable [] stat) {
        int begin = 0;
        while (stat != null && begin < stat.length && stat[begin] != '(') {
            begin++;
        }
        int end = stat == null ? 0 : stat.length - 1;
        while (stat != null && end > begin && stat[end] != ')') {
            end--;
        }
        if (stat == null || end <= begin || end + 2 >= stat.length) {
            return null;
        }
        byte state = stat[end + 2];
        return state == 'Z' || state == 'X' ? null : Arrays.copyOfRange(stat, begin + 1, end);
    }

    /** Returns the first bytes of a file, or null if it is not there, or is not for us to see. */
    private static byte @Nullable [] read(Path file, int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        } catch (FileSystemException e) {
            if (OwnLack.is(e)) {
                throw e;
            }
            return null;
        } catch (IOException e) {
            return null; // gone between opening and reading
        }
    }
}
