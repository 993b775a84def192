package io.lvs4j.netty;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the process that serves can be asked for its listening sockets. A process listens under a name of its own first and takes
 * the path with a rename, so that there is a socket with the right permissions at any moment, and the path of a process that has
 * died is taken in the same step.
 *
 * <p>Nobody else may be able to put a socket there: the directory must be root's or ours, and others may write to it only where
 * they cannot replace what is not theirs (the sticky bit, as {@code /tmp} has it). Directories above it are not looked at.
 * Not thread-safe.
 */
final class HandOverPath {
    /** A unix address has 108 bytes, with a zero at the end and a dot and a process's number in our first name. */
    static final int MOST_BYTES = 96;

    private static final int BACKLOG = 8;
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 0022;

    private final Path path;
    private final Path fresh;
    private @Nullable Object ours; // which file it is: another process may have put its own there

    HandOverPath(Path path) {
        this.path = path;
        fresh = path.resolveSibling(
                path.getFileName() + "." + ProcessHandle.current().pid());
    }

    /** Refuses what no socket can have as its name; returns it as absolute. */
    static Path check(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        int length = absolute.toString().getBytes(StandardCharsets.UTF_8).length;
        if (absolute.getFileName() == null || length > MOST_BYTES) {
            throw new IllegalArgumentException("handOver: " + path + " (expected: a file name, of at most " + MOST_BYTES
                    + " bytes with its directories)");
        }
        return absolute;
    }

    /** Returns a stream to the process that answers at the path, or null if none does. */
    @Nullable
    UnixStream connect() throws IOException {
        refuseWhatIsNoSocket();
        try {
            return UnixStream.connect(path);
        } catch (FileNotFoundException | ConnectException e) {
            return null; // there is none, or it has died
        }
    }

    private void refuseWhatIsNoSocket() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && (mode(path) & TYPE) != SOCKET) {
            throw new IOException("not a socket (expected: a name that is free, or the socket of the process before)");
        }
    }

    /** Returns a socket that listens, but not at the path yet. */
    Socket listen() throws IOException {
        Path directory = Objects.requireNonNull(path.getParent());
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no directory " + directory + " (expected: one that is only ours)");
        }
        int mode = mode(directory);
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
            throw new IOException("others may write to " + directory + " (expected: a directory that is only ours)");
        }
        Files.deleteIfExists(fresh);
        Socket socket = UnixStream.open();
        boolean success = false;
        try {
            socket.bind(new DomainSocketAddress(fresh.toString()));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            socket.listen(BACKLOG);
            int owner = (int) Files.getAttribute(directory, "unix:uid");
            if (owner != 0 && owner != UnixStream.user(socket)) {
                throw new IOException("user " + owner + " owns " + directory + " (expected: root or ourselves)");
            }
            ours = key(fresh);
            success = true;
            return socket;
        } finally {
            if (!success) {
                UnixStream.close(socket);
                Files.deleteIfExists(fresh);
            }
        }
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    /** Moves the socket to the path. Refuses if a process answers there, or what is there is no socket. */
    void publish() throws IOException {
        try (UnixStream other = connect()) {
            if (other != null) {
                throw new IOException("another process answers there (expected: none, or one that has let go)");
            }
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes our socket, before it is closed: then another file may get its number. Idempotent. */
    void delete() {
        deleteOurs(fresh);
        deleteOurs(path);
        ours = null;
    }

    private void deleteOurs(Path file) {
        try {
            if (ours != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS) && ours.equals(key(file))) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // it stays as that of a process that has died
        }
    }

    /** Leaves the path to another process. */
    void leave() {
        ours = null;
    }

    private static Object key(Path file) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey());
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
