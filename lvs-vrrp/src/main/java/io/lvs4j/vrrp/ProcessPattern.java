package io.lvs4j.vrrp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Which processes are those of a {@link TrackProcess}: keepalived's rules ({@code check_params}), on the bytes of {@code /proc/PID/stat}, where a
 * process has a name of up to 15 bytes, and of {@code /proc/PID/cmdline}, where each word is followed by a zero.
 *
 * <pre>
 *   program, by its name            the last part of its path, its first 15 bytes, is the name
 *   program, by its full command    is the first word
 *   arguments  none                 -
 *              exact                all bytes after the first word are those of the arguments
 *              partial              these bytes begin with those of the arguments
 *              initial              the same without the last zero, and there is at least one more
 * </pre>
 *
 * keepalived compares a name as it is configured, with its path and in full length, so that one with either finds nothing. Immutable.
 */
final class ProcessPattern {
    private static final int NAME_BYTES = 15;

    private final TrackProcess process;
    private final byte[] name;
    private final byte[] program;
    private final byte[] arguments;

    ProcessPattern(TrackProcess process) {
        this.process = process;
        String path = process.command().get(0);
        byte[] last = path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        name = Arrays.copyOf(last, Math.min(last.length, NAME_BYTES));
        program = words(List.of(path));
        arguments = words(process.command().subList(1, process.command().size()));
    }

    private static byte[] words(List<String> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(word).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@return how many bytes of a command line it has to see; 0 = none} */
    int commandLineBytes() {
        if (process.match() == TrackProcess.Match.NONE && !process.fullCommand()) {
            return 0;
        }
        int first = process.fullCommand() ? program.length : Short.MAX_VALUE; // of a path that is not known
        return first + arguments.length + 1;
    }

    /**
     * {@return whether a process may be one of these, by its name}
     *
     * @param itsName what it is called, 0..64 bytes
     */
    boolean mayBe(byte[] itsName) {
        return process.fullCommand() || Arrays.equals(name, itsName);
    }

    /**
     * {@return whether a process is one of these}
     *
     * @param itsName what it is called, 0..64 bytes
     * @param commandLine its words, at least the first {@link #commandLineBytes} bytes of them
     */
    boolean matches(byte[] itsName, byte[] commandLine) {
        if (!mayBe(itsName)) {
            return false;
        }
        int end = endOfFirstWord(commandLine);
        boolean same = !process.fullCommand() || Arrays.equals(commandLine, 0, end, program, 0, program.length - 1);
        return same && hasArguments(commandLine, Math.min(end + 1, commandLine.length));
    }

    private static int endOfFirstWord(byte[] commandLine) {
        int end = 0;
        while (end < commandLine.length && commandLine[end] != 0) {
            end++;
        }
        return end;
    }

    private boolean hasArguments(byte[] line, int from) {
        int length = line.length - from;
        return switch (process.match()) {
            case NONE -> true;
            case EXACT -> length == arguments.length && begin(line, from, arguments.length);
            case PARTIAL -> length >= arguments.length && begin(line, from, arguments.length);
            case INITIAL -> length >= arguments.length && begin(line, from, Math.max(0, arguments.length - 1));
        };
    }

    private boolean begin(byte[] line, int from, int count) {
        return Arrays.equals(line, from, from + count, arguments, 0, count);
    }
}
