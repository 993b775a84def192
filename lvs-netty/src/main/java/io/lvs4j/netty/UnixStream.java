package io.lvs4j.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream of the unix domain that carries bytes and descriptors between two processes of one user. Every call ends in time, with
 * {@link SocketTimeoutException}, or {@link InterruptedIOException} if its thread is interrupted. Netty's sockets do not block, and
 * what is said here is too little to be worth an event loop, so it asks again after a pause. Not thread-safe.
 */
final class UnixStream implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int UCRED = 12; // pid, uid and gid, four bytes each

    private final Socket socket;

    private UnixStream(Socket socket) {
        this.socket = socket;
    }

    /** Takes over a stream that was accepted. */
    static UnixStream accepted(int descriptor) {
        return new UnixStream(new Socket(descriptor));
    }

    /**
     * Connects to the process that listens at a path.
     *
     * @throws java.net.ConnectException if nobody does any more
     * @throws java.io.FileNotFoundException if there is no such path
     */
    static UnixStream connect(Path path) throws IOException {
        Socket socket = open();
        boolean success = false;
        try {
            socket.connect(new DomainSocketAddress(path.toString()));
            success = true;
            return new UnixStream(socket);
        } finally {
            if (!success) {
                socket.close();
            }
        }
    }

    /** Returns a new socket, to be connected or bound. */
    static Socket open() throws IOException {
        try {
            return Socket.newSocketDomain();
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Returns the user of a stream's other end, or of a listening socket itself (unix(7), {@code SO_PEERCRED}). */
    static int user(Socket socket) throws IOException {
        ByteBuffer credentials = ByteBuffer.allocateDirect(UCRED).order(ByteOrder.nativeOrder());
        socket.getRawOpt(SOL_SOCKET, SO_PEERCRED, credentials);
        return credentials.getInt(Integer.BYTES);
    }

    int peer() throws IOException {
        return user(socket);
    }

    /** Sends all of a direct buffer. */
    void send(ByteBuffer bytes, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        int at = bytes.position();
        while (at < bytes.limit()) {
            int sent = socket.write(bytes, at, bytes.limit());
            at += sent;
            if (sent == 0) {
                pause(deadline);
            }
        }
    }

    void send(byte word, Duration patience) throws IOException {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        one.put(0, word);
        send(one, patience);
    }

    /** Returns so many bytes. */
    ByteBuffer receive(int count, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        ByteBuffer bytes = ByteBuffer.allocateDirect(count);
        int at = 0;
        while (at < count) {
            int got = socket.read(bytes, at, count);
            if (got < 0) {
                throw new EOFException("the other process has ended the conversation");
            }
            at += got;
            if (got == 0) {
                pause(deadline);
            }
        }
        return bytes;
    }

    byte receive(Duration patience) throws IOException {
        return receive(1, patience).get(0);
    }

    /** Sends a descriptor; it stays open here. */
    void sendDescriptor(int descriptor, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (socket.sendFd(descriptor) <= 0) {
            pause(deadline);
        }
    }

    /** Returns a descriptor that is ours from now on, and does not block. */
    int receiveDescriptor(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        int descriptor = socket.recvFd();
        while (descriptor == 0) {
            pause(deadline);
            descriptor = socket.recvFd();
        }
        if (descriptor < 0) {
            throw new EOFException("the other process has ended the conversation");
        }
        return descriptor;
    }

    private static void pause(long deadline) throws IOException {
        if (System.nanoTime() - deadline >= 0) {
            throw new SocketTimeoutException("the other process does not answer");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        close(socket);
    }

    /** Closes a socket whose end nobody has to hear about. */
    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }
}
