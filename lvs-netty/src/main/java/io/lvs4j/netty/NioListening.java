package io.lvs4j.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;

/**
 * A listening socket of the JDK on a selector: it takes what has come, so many at a turn, and pauses after a failure. Confined to its
 * event loop.
 */
abstract class NioListening<C extends SelectableChannel> extends NioSelectableChannelIoHandle<C> implements Runnable {
    final Loop loop;
    final C channel;
    final InetSocketAddress address;

    private final Logger log;
    private final NioIoOps ops;
    private final int perTurn;
    private final int pauseMillis;
    private final IoRegistration registration;
    private boolean failing;
    private boolean closed;

    NioListening(
            Loop loop, C channel, InetSocketAddress address, Logger log, NioIoOps ops, int perTurn, int pauseMillis)
            throws IOException {
        super(channel);
        this.loop = loop;
        this.channel = channel;
        this.address = address;
        this.log = log;
        this.ops = ops;
        this.perTurn = perTurn;
        this.pauseMillis = pauseMillis;
        registration = loop.register(this);
        registration.submit(ops);
        loop.budget().takeListener();
    }

    /** Takes one connection or datagram; returns false if there is none, or if it {@linkplain #waitToBeRun waits}. */
    abstract boolean takeOne() throws IOException;

    @Override
    protected final void handle(C channel, SelectionKey key) {
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
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                log.warn("listening on {} failed, trying again every {} ms: {}", address, pauseMillis, e.toString());
            }
            waitToBeRun();
            loop.schedule(this, pauseMillis);
        }
    }

    /** Does nothing more until somebody runs it on its loop. */
    public final void waitToBeRun() {
        registration.submit(NioIoOps.NONE);
    }

    /** Goes on after a pause. */
    @Override
    public final void run() {
        if (!closed) {
            registration.submit(ops);
            turn();
        }
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
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
        loop.budget().giveBackListener();
    }
}
