package io.lvs4j.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;

/**
 * A listening socket on epoll, edge-triggered: it takes what has come until nothing is left, so many at a turn, and pauses after a
 * failure. Confined to its event loop.
 */
abstract class EpollListening implements EpollIoHandle, Runnable {
    final Loop loop;
    final LinuxSocket socket;
    final InetSocketAddress address;

    private final Logger log;
    private final int perTurn;
    private final int pauseMillis;
    private final IoRegistration registration;
    private boolean waiting;
    private boolean failing;
    private boolean closed;

    EpollListening(Loop loop, LinuxSocket socket, InetSocketAddress address, Logger log, int perTurn, int pauseMillis)
            throws IOException {
        this.loop = loop;
        this.socket = socket;
        this.address = address;
        this.log = log;
        this.perTurn = perTurn;
        this.pauseMillis = pauseMillis;
        registration = loop.register(this);
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
        loop.budget().takeListener();
    }

    /** Takes one connection or datagram; returns false if there is none, or if it {@linkplain #waitToBeRun waits}. */
    abstract boolean takeOne() throws IOException;

    /** What is left to do with what was taken in this turn. */
    void turnEnds() {}

    @Override
    public final void handle(IoRegistration registration, IoEvent event) {
        if (!waiting) {
            turn();
        }
    }

    /** Goes on after a pause, or after a turn of the other sockets. */
    @Override
    public final void run() {
        waiting = false;
        turn();
    }

    private void turn() {
        try {
            for (int i = 0; i < perTurn; i++) {
                if (closed || !takeOne()) {
                    return;
                }
                failing = false;
            }
            waiting = true;
            loop.execute(this);
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                log.warn("listening on {} failed, trying again every {} ms: {}", address, pauseMillis, e.toString());
            }
            waiting = true;
            loop.schedule(this, pauseMillis);
        } finally {
            turnEnds();
        }
    }

    /** Does nothing more until somebody runs it on its loop. */
    public final void waitToBeRun() {
        waiting = true;
    }

    /** What is left to do before the socket is closed. */
    void closing() {}

    /** Closes the socket. Idempotent. */
    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        closing();
        registration.cancel();
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
        loop.budget().giveBackListener();
    }

    @Override
    public final FileDescriptor fd() {
        return socket;
    }
}
