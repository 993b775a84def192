package io.lvs4j.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The old process's side of a {@link HandOver}: a thread that waits for a new process and hands the listening sockets over. One
 * conversation at a time; another process that comes meanwhile waits until it loses patience.
 */
final class HandOverOffer implements Runnable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_UNTIL_READY = Duration.ofMinutes(10);
    private static final long JOIN_MILLIS = 10_000;
    private static final int LONGEST_ADDRESS = 128; // length byte, 108 bytes of path, and spares
    private static final Logger log = LoggerFactory.getLogger(HandOverOffer.class);

    private final HandOverPath path;
    private final Socket listener;
    private final HandOver.Listening listening;
    private final Runnable handedOver;
    private final Thread thread = new Thread(this, "lvs-hand-over");
    private volatile boolean closed;

    HandOverOffer(HandOverPath path, Socket listener, HandOver.Listening listening, Runnable handedOver) {
        this.path = path;
        this.listener = listener;
        this.listening = listening;
        this.handedOver = handedOver;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        byte[] address = new byte[LONGEST_ADDRESS];
        boolean gone = false;
        while (!closed && !gone) {
            try {
                int descriptor = listener.accept(address);
                if (descriptor >= 0) {
                    gone = converse(descriptor);
                } else {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    log.warn("Hand-over at {} failed, this process goes on: {}", path, e.toString());
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
        if (gone) {
            Thread teller = new Thread(handedOver, "lvs-handed-over"); // it may close us, which waits for this thread
            teller.setDaemon(true);
            teller.start();
        }
    }

    /** Returns whether the other process has taken over. */
    private boolean converse(int descriptor) throws IOException {
        try (UnixStream other = UnixStream.accepted(descriptor)) {
            if (!HandOver.isOneOfUs(other, listener)) {
                throw new IOException("user " + other.peer() + " asks (expected: ourselves or root)");
            }
            listening.withListeners(listeners -> send(listeners, other));
            byte word = other.receive(PATIENCE_UNTIL_READY);
            if (word != HandOver.READY) {
                throw new IOException("word: " + word + " (expected: " + HandOver.READY + ")");
            }
            path.leave();
            UnixStream.close(listener);
            listening.letGo();
            log.info("Another process has taken over");
            try {
                other.send(HandOver.LET_GO, PATIENCE);
            } catch (IOException e) {
                log.warn("The process that has taken over does not hear us: {}", e.toString());
            }
            return true;
        }
    }

    private static void send(List<TcpListener> listeners, UnixStream to) throws IOException {
        List<InetSocketAddress> addresses =
                listeners.stream().map(TcpListener::address).toList();
        to.send(new ListenerList(addresses).encode(), PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (TcpListener each : listeners) {
            to.sendDescriptor(each.descriptor(), Duration.ofNanos(deadline - System.nanoTime()));
        }
    }

    /** Stops, unless another process has taken over: then it has stopped, or is about to. Waits for the thread. */
    void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
