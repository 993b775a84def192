package io.lvs4j.keepalived.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens the file that is read, and those that it includes. {@code include} reads what there is and warns; {@code includer} requires
 * that what is found can be read, {@code includem} also that a name without wildcards is found, {@code includeb} that each name of
 * {@code {a,b}} is, {@code includew} that a name with wildcards finds something, and {@code includea} all of it. Names are relative
 * to the directory of the file that they stand in. {@code include_check} demands the same of all includes after it in its file and
 * those that it includes. As keepalived does, files that can be executed are not read. Later versions than 2.2.7, up to 2.4.3, know no
 * other forms.
 *
 * <p>Differs from keepalived 2.2.7 in that files that include each other are told (there they are read until memory or descriptors end).
 * Not thread-safe.
 */
final class Includes {
    private static final int LONGEST = 4096;
    private static final String CHECK = "include_check";

    private final ParseLimits limits;
    private final Set<IncludeDemand> always;
    private final Diagnostics diagnostics;
    private final Deque<Source> open = new ArrayDeque<>();
    /** What is demanded of every include, and for each open file what was when it began. */
    private Set<IncludeDemand> demanded = Set.of();

    private final Deque<Set<IncludeDemand>> demandedBefore = new ArrayDeque<>();
    /** What is left of the work of finding files by patterns. */
    private final FilePattern.Work work;

    private int files;
    private int bytes;

    /**
     * A file that is being read.
     *
     * @param name it, as it was named
     * @param path what tells it from others
     * @param directory the directory that names in it are relative to
     * @param content its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // is compared with nothing
    record Source(String name, Path path, String directory, byte[] content) {}

    /** A file to include: where that is said, and how bad it is if it cannot be read. */
    record Found(Path path, Position at, boolean required) {}

    Includes(ParseOptions options, Diagnostics diagnostics) {
        limits = options.limits();
        always = options.demands();
        this.diagnostics = diagnostics;
        work = new FilePattern.Work(limits.expansion());
    }

    Source text(String name, byte[] content) {
        Source source =
                new Source(name, Path.of("/"), Path.of("").toAbsolutePath().toString(), bounded(content, start(name)));
        push(source);
        return source;
    }

    Optional<Source> main(Path file) {
        return read(new Found(file, start(file.toString()), true), file.toString());
    }

    private static Position start(String name) {
        return new Position(name, 1, 1);
    }

    /** Begins to read a file; {@link #end} must follow. */
    Optional<Source> begin(Found found) {
        return read(found, found.path().toString());
    }

    void end() {
        open.pop();
        demanded = demandedBefore.pop();
    }

    private void push(Source source) {
        open.push(source);
        demandedBefore.push(demanded);
    }

    /** Takes {@code include_check}, wherever it stands in a line. */
    void check(String line) {
        int begin = line.lastIndexOf(CHECK);
        if (begin < 0 || (begin > 0 && !line.substring(0, begin).strip().endsWith("{"))) {
            return;
        }
        String rest = line.substring(begin + CHECK.length());
        int end = rest.indexOf('}');
        String words = end < 0 ? rest : rest.substring(0, end);
        if (words.isEmpty() || SourceLine.isBlank(words.charAt(0))) {
            demanded = IncludeDemand.changed(
                    demanded,
                    words.isBlank() ? List.of() : List.of(words.strip().split("\\s+")));
        }
    }

    /** {@return the directory of the file that is being read} */
    String directory() {
        return open.isEmpty() ? "" : open.getFirst().directory();
    }

    static boolean isInclude(String line) {
        if (!line.startsWith("include") || line.length() < 8) {
            return false;
        }
        return SourceLine.isBlank(line.charAt(7))
                || (line.length() > 8 && "rmwba".indexOf(line.charAt(7)) >= 0 && SourceLine.isBlank(line.charAt(8)));
    }

    /** {@return the files that a line includes} */
    List<Found> open(SourceLine line) {
        char kind = line.text().charAt(7);
        int begin = SourceLine.isBlank(kind) ? 7 : 8;
        Set<IncludeDemand> demands = IncludeDemand.ofLetter(kind);
        demands.addAll(demanded);
        demands.addAll(always);
        String pattern = line.text().substring(begin).strip();
        Position at = line.at(0);
        FilePattern found;
        if (files > limits.files()) {
            return List.of();
        }
        if (pattern.length() > LONGEST) {
            diagnostics.error(
                    "include-missing", at, "cannot include " + Diagnostics.shown(pattern) + ": the name is too long");
            return List.of();
        }
        try {
            found = FilePattern.find(Path.of(directory()), pattern, Math.max(0, limits.files() - files), work);
            if (work.isDone()) {
                files = limits.files() + 1;
                diagnostics.error("too-large", at, "the patterns of includes match too much: the rest is not included");
                return List.of();
            }
            files += found.names();
            if (files > limits.files()) {
                diagnostics.error(
                        "too-large", at, "more than " + limits.files() + " files are named: the rest is not included");
                return List.of();
            }
        } catch (InvalidPathException e) {
            diagnostics.error(
                    "include-missing", at, "cannot include " + Diagnostics.shown(pattern) + ": no file's name");
            return List.of();
        }
        if (found.missing()) {
            boolean braces = pattern.indexOf('{') >= 0;
            boolean refused = demands.contains(braces ? IncludeDemand.BRACE_MATCH : IncludeDemand.MATCH);
            if (found.paths().isEmpty() || braces) {
                missing(
                        refused,
                        at,
                        (found.paths().isEmpty() ? "no file is " : "files are missing of ")
                                + Diagnostics.shown(pattern));
            }
            if (refused) {
                return List.of();
            }
        } else if (found.paths().isEmpty() && demands.contains(IncludeDemand.WILDCARD_MATCH)) {
            missing(true, at, "no file matches " + Diagnostics.shown(pattern));
        }
        boolean required = demands.contains(IncludeDemand.READ);
        return found.paths().stream().map(path -> new Found(path, at, required)).toList();
    }

    private void missing(boolean error, Position at, String message) {
        if (error) {
            diagnostics.error("include-missing", at, message);
        } else {
            diagnostics.warning("include-missing", at, message, "includea makes this an error");
        }
    }

    private Optional<Source> read(Found found, String name) {
        Path file = found.path();
        try {
            if (Files.isDirectory(file)) {
                return refuse(found, "it is a directory");
            }
            if (!Files.exists(file)) {
                return refuse(found, "there is no such file");
            }
            if (!Files.isRegularFile(file)) {
                return refuse(found, "it is not a regular file");
            }
            if (isExecutable(file)) {
                return refuse(found, "it is executable, and such are not read");
            }
            Path real = file.toRealPath();
            if (real.startsWith("/proc") || real.startsWith("/sys")) { // reading one may wait, or never end
                return refuse(found, "the kernel makes it while it is read");
            }
            if (open.stream().anyMatch(each -> each.path().equals(real))) {
                diagnostics.error("include-loop", found.at(), Diagnostics.shown(name) + " includes itself");
                return Optional.empty();
            }
            if (open.size() > limits.includes() || files > limits.files()) {
                diagnostics.error(
                        "too-large",
                        found.at(),
                        "too many files are included: " + Diagnostics.shown(name) + " is not read");
                return Optional.empty();
            }
            byte[] content;
            try (InputStream in = Files.newInputStream(file)) {
                content = in.readNBytes(limits.bytes() - bytes + 1);
            }
            Path parent = real.getParent();
            String directory = parent == null ? "/" : parent.toString();
            Source source = new Source(name, real, directory, bounded(content, start(name)));
            push(source);
            return Optional.of(source);
        } catch (AccessDeniedException e) {
            return refuse(found, "permission denied");
        } catch (IOException e) {
            return refuse(found, e.getClass().getSimpleName());
        }
    }

    private static boolean isExecutable(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null
                && view.readAttributes().permissions().stream()
                        .anyMatch(each -> each.name().endsWith("EXECUTE"));
    }

    private Optional<Source> refuse(Found found, String why) {
        String message = "cannot read " + found.path() + ": " + why;
        if (found.required()) {
            diagnostics.error("unreadable-file", found.at(), message);
        } else {
            diagnostics.warning("unreadable-file", found.at(), message, "includer makes this an error");
        }
        return Optional.empty();
    }

    private byte[] bounded(byte[] content, Position at) {
        int left = limits.bytes() - bytes;
        bytes += Math.min(left, content.length);
        if (content.length <= left) {
            return content;
        }
        diagnostics.error(
                "too-large", at, "the files have more than " + limits.bytes() + " bytes: the rest is not read");
        int end = left;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(content, end);
    }
}
