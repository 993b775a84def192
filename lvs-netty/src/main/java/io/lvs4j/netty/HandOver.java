package io.lvs4j.netty;

import io.lvs4j.BackendException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the process that serves without losing a connection attempt. Closing a listening socket resets who waits in it, also when
 * others listen on the same address; so the sockets themselves go to the new process (unix(7), {@code SCM_RIGHTS}), and with them
 * those who wait. What the two processes say:
 *
 * <pre>
 * new: connects to the path, when it starts
 * old: {@link ListenerList}, then one descriptor for each entry; it goes on accepting
 *      ... the new one adds its services, which do not accept yet where they got descriptors ...
 * new: accepts, then says READY
 * old: closes its descriptors and stops listening at the path, then says LET_GO and tells its embedder
 * new: listens at the path, for the next one
 * </pre>
 *
 * <p>Until READY the old process accepts as if nothing had happened, whatever becomes of the new one. After it the new one does,
 * whatever becomes of the old one. In between both do, and each connection comes to one of them. Each checks that the other belongs
 * to its own user or to root, and nothing that comes is trusted: see {@link Inherited}, {@link ListenerList}, {@link HandOverPath}.
 *
 * <p>Used by one thread at a time, never an event loop; {@link HandOverOffer} has a thread of its own.
 */
final class HandOver {
    static final byte READY = 'R';
    static final byte LET_GO = 'L';
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(HandOver.class);

    private final HandOverPath path;
    private final Socket listener;
    private final Inherited inherited;
    private final Listening listening;
    private final Runnable handedOver;
    private @Nullable UnixStream before;
    private @Nullable HandOverOffer offer;

    /** Whose sockets they are. */
    interface Listening {
        /** Does something with all listeners while none comes or goes. */
        void withListeners(Use use) throws IOException;

        /** Accepts where the process before listens, too. */
        void accept();

        /** Stops listening everywhere; connections go on. */
        void letGo();

        /** What is done with listeners. */
        @FunctionalInterface
        interface Use {
            void with(List<TcpListener> listeners) throws IOException;
        }
    }

    private HandOver(
            HandOverPath path,
            Socket listener,
            @Nullable UnixStream before,
            Inherited inherited,
            Listening listening,
            Runnable handedOver) {
        this.path = path;
        this.listener = listener;
        this.before = before;
        this.inherited = inherited;
        this.listening = listening;
        this.handedOver = handedOver;
    }

    /**
     * Receives the sockets of the process before, if one answers.
     *
     * @throws BackendException if one answers and they cannot be had, or if the path cannot be used
     */
    static HandOver start(Path at, Listening listening, Runnable handedOver) {
        HandOverPath path = new HandOverPath(at);
        Socket listener = null;
        UnixStream before = null;
        boolean success = false;
        try {
            before = path.connect();
            listener = path.listen();
            requireOneOfUs(before, listener);
            Inherited inherited = before == null ? new Inherited() : Inherited.receive(before);
            success = true;
            return new HandOver(path, listener, before, inherited, listening, handedOver);
        } catch (IOException e) {
            throw failed(path, e);
        } finally {
            if (!success) {
                close(before, listener, path);
            }
        }
    }

    private static void requireOneOfUs(@Nullable UnixStream before, Socket listener) throws IOException {
        if (before != null && !isOneOfUs(before, listener)) {
            throw new IOException("user " + before.peer() + " answers there (expected: ourselves or root)");
        }
    }

    /** Whether the other end belongs to the user of a listening socket, or to root. */
    static boolean isOneOfUs(UnixStream stream, Socket listener) throws IOException {
        int user = stream.peer();
        return user == 0 || user == UnixStream.user(listener);
    }

    private static BackendException failed(HandOverPath path, IOException e) {
        return new BackendException("hand over", path.toString(), TcpService.reason(e), e);
    }

    /** What the process before has handed over. */
    Inherited inherited() {
        return inherited;
    }

    /**
     * Accepts, has the process before let go, and offers what is listened on to the next one.
     *
     * @throws BackendException if another process answers at the path or it cannot be used; then this may be called again
     */
    void ready() {
        if (offer != null) {
            throw new IllegalStateException("ready: called again (expected: once)");
        }
        long began = System.nanoTime();
        listening.accept();
        inherited
                .close()
                .forEach(address ->
                        log.warn("No service listens on {}, which the process before did; it is closed", address));
        haveTheOtherLetGo(began);
        try {
            path.publish();
        } catch (IOException e) {
            throw failed(path, e);
        }
        offer = new HandOverOffer(path, listener, listening, handedOver);
        offer.start();
    }

    private void haveTheOtherLetGo(long began) {
        UnixStream other = before;
        if (other == null) {
            return;
        }
        before = null;
        try (other) {
            other.send(READY, PATIENCE);
            byte answer = other.receive(PATIENCE);
            if (answer != LET_GO) {
                throw new IOException("answer: " + answer + " (expected: " + LET_GO + ")");
            }
            log.info("The process before has let go; both accepted for {} ms", (System.nanoTime() - began) / 1_000_000);
        } catch (IOException e) {
            log.warn("The process before did not say that it has let go: {}", e.toString());
        }
    }

    /** Gives everything back, and the path if nobody else has it. Idempotent. */
    void close() {
        if (offer != null) {
            offer.close();
        }
        inherited.close();
        close(before, listener, path);
    }

    private static void close(@Nullable UnixStream before, @Nullable Socket listener, HandOverPath path) {
        if (before != null) {
            before.close();
        }
        if (listener != null) {
            path.delete();
            UnixStream.close(listener);
        }
    }
}
