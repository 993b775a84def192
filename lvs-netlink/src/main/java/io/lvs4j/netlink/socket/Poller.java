package io.lvs4j.netlink.socket;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits for several sockets at once, so that one thread can serve many; another thread can end the wait. See ppoll(2), eventfd(2).
 *
 * <p>Confined to one thread, but for {@link #wakeUp}.
 */
public final class Poller implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int POLLIN = 1;
    private static final int ENTRY_BYTES = 8; // struct pollfd
    private static final int EVENTS = 4;
    private static final int RESULTS = 6;
    private static final int COUNTER_BYTES = 8;

    private final Object wakeUps = new Object();
    private final int eventFd;
    private final Memory time = new Memory(16);
    private final List<Pollable> sockets = new ArrayList<>();
    private Memory entries = new Memory(16 * ENTRY_BYTES);
    private boolean closed;

    private Poller(int eventFd) {
        this.eventFd = eventFd;
    }

    /**
     * {@return a poller that waits for no socket yet}
     *
     * @throws SocketException if there is no descriptor left, or the C library cannot be called; the message says what to do
     */
    public static Poller open() {
        int fd;
        try {
            fd = LibC.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        } catch (LinkageError e) {
            throw new SocketException(NativeAccess.remedy(e), e);
        }
        if (fd < 0) {
            throw new SocketException("eventfd", LibC.errno(), "");
        }
        return new Poller(fd);
    }

    /** Waits for a socket, too, from the next {@link #poll} on. It must be removed before it is closed. */
    public void add(Pollable socket) {
        sockets.add(socket);
    }

    /** Waits for a socket no longer. Does nothing if it has not been added. */
    public void remove(Pollable socket) {
        sockets.remove(socket);
    }

    /**
     * Waits until something can be received, somebody wakes this up, or the time is over. A signal to the process may end it early.
     *
     * @param timeoutNanos how long to wait at most; 0 or less = only looks
     * @return the sockets that have something to receive, or an error, in the order in which they were added; may be empty
     */
    public List<Pollable> poll(long timeoutNanos) {
        if (closed) {
            throw new IllegalStateException("the poller is closed");
        }
        int count = sockets.size() + 1;
        if (entries.size() < (long) count * ENTRY_BYTES) {
            entries = new Memory(2L * count * ENTRY_BYTES);
        }
        ByteBuffer all = entries.getByteBuffer(0, (long) count * ENTRY_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            int fd = i < sockets.size() ? sockets.get(i).fd() : eventFd;
            all.putInt(i * ENTRY_BYTES, fd)
                    .putShort(i * ENTRY_BYTES + EVENTS, (short) POLLIN)
                    .putShort(i * ENTRY_BYTES + RESULTS, (short) 0);
        }
        long nanos = Math.max(timeoutNanos, 0);
        time.setLong(0, TimeUnit.NANOSECONDS.toSeconds(nanos));
        time.setLong(8, nanos % TimeUnit.SECONDS.toNanos(1));
        if (LibC.ppoll(entries, new NativeLong(count), time, null) < 0) {
            int errno = LibC.errno();
            if (errno == Errno.EINTR) {
                return List.of();
            }
            throw new SocketException("ppoll of " + count + " descriptors", errno, "");
        }
        List<Pollable> ready = new ArrayList<>(sockets.size());
        for (int i = 0; i < sockets.size(); i++) {
            if (all.getShort(i * ENTRY_BYTES + RESULTS) != 0) {
                ready.add(sockets.get(i));
            }
        }
        if (all.getShort((count - 1) * ENTRY_BYTES + RESULTS) != 0) {
            NativeLong unused = LibC.read(eventFd, new byte[COUNTER_BYTES], new NativeLong(COUNTER_BYTES));
        }
        return ready;
    }

    /** Ends the wait that goes on, or the next one if none does. Thread-safe; does nothing once this is closed. */
    public void wakeUp() {
        byte[] one = ByteBuffer.allocate(COUNTER_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(1)
                .array();
        synchronized (wakeUps) { // or the descriptor could belong to somebody else by now
            if (!closed) {
                NativeLong unused = LibC.write(eventFd, one, new NativeLong(COUNTER_BYTES));
            }
        }
    }

    /** Closes this, not the sockets. */
    @Override
    public void close() {
        synchronized (wakeUps) {
            if (!closed) {
                closed = true;
                int unused = LibC.close(eventFd);
                time.close();
                entries.close();
            }
        }
    }
}
