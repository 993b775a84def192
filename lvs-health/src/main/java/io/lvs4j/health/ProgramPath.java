package io.lvs4j.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sees that nobody but root and this process's user could have written a program: the file itself, every directory on the way to
 * it, and every directory on the way that a symbolic link leads. A sticky directory is one that others may write to.
 */
final class ProgramPath {
    private static final int MAX_LINKS = 40;

    private ProgramPath() {}

    /**
     * Refuses a program that is not there, that cannot be run, or that others could have written.
     *
     * @throws IllegalArgumentException if so, naming what on the way to it is wrong
     */
    static void require(String program) {
        Path path = Path.of(program);
        if (!path.isAbsolute()) {
            throw refused(program, "an absolute path");
        }
        try {
            Path real = follow(program, path);
            requireOurs(program, real);
            if (!Files.isRegularFile(real) || !Files.isExecutable(real)) {
                throw refused(program, "a file that this process may execute");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "program: " + program + " (expected: a file that is there, but: " + e + ")", e);
        }
    }

    /** Returns the file itself, having looked at every directory in which the name or a link's target was looked up. */
    private static Path follow(String program, Path path) throws IOException {
        Path current = path.getRoot();
        requireOurs(program, current);
        Deque<Path> names = new ArrayDeque<>();
        path.forEach(names::add);
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop().toString();
            if (name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                current = current.getParent() == null ? current : current.getParent();
                continue;
            }
            Path next = current.resolve(name);
            if (Files.isSymbolicLink(next)) {
                if (++links > MAX_LINKS) {
                    throw refused(program, "at most " + MAX_LINKS + " symbolic links on the way");
                }
                Path target = Files.readSymbolicLink(next);
                current = target.isAbsolute() ? target.getRoot() : current;
                for (int i = target.getNameCount() - 1; i >= 0; i--) {
                    names.push(target.getName(i));
                }
            } else {
                requireOurs(program, next);
                current = next;
            }
        }
        return current;
    }

    private static void requireOurs(String program, Path part) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(part, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw refused(program, part + " writable by its owner alone");
        }
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(part, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        if (!root && !attributes.owner().getName().equals(System.getProperty("user.name"))) {
            throw refused(
                    program, part + " owned by root or by the user of this process, not by " + attributes.owner());
        }
    }

    private static IllegalArgumentException refused(String program, String expected) {
        return new IllegalArgumentException("program: " + program + " (expected: " + expected + ")");
    }
}
