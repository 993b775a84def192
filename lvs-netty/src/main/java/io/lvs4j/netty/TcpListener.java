package io.lvs4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;

/**
 * A listening socket on an event loop. It hands over every connection that it accepts. While the {@link SocketBudget} is used up
 * it accepts nobody; when accepting fails, for example because the embedder has taken the last descriptor, it pauses for
 * {@link #PAUSE_MILLIS} instead of spinning.
 */
interface TcpListener extends SocketBudget.Waiter, Runnable {
    /** How many connections may wait to be accepted; the host's {@code somaxconn} may lower it. */
    int BACKLOG = 4096;

    /** The pause after accepting failed. */
    int PAUSE_MILLIS = 200;

    /** How many connections are accepted before other sockets have their turn. */
    int ACCEPTS_PER_EVENT = 64;

    /**
     * Hands over who has come already and closes the socket, on its event loop. The port is free once the loops have
     * {@linkplain Loops#settle settled}.
     */
    void close();

    /** The event loop that it lives on. */
    Loop loop();

    /** Where it listens. */
    InetSocketAddress address();

    /**
     * Its descriptor, so that another process can take it over.
     *
     * @throws UnsupportedOperationException if the transport does not tell
     */
    int descriptor();

    /** Accepts one connection and hands it over; returns whether there was one. */
    boolean acceptOne() throws IOException;

    /** Does nothing more until somebody runs it on its loop. */
    void waitToBeRun();

    /** Accepts one connection, or waits until there are descriptors and memory for one; returns whether there was one. */
    default boolean acceptOneIfThereIsRoom() throws IOException {
        SocketBudget budget = loop().budget();
        if (budget.isUsedUp()) {
            waitToBeRun();
            budget.await(this);
            return false;
        }
        if (acceptOne()) {
            return true;
        }
        budget.passOn();
        return false;
    }

    @Override
    default void goOn() {
        loop().execute(this);
    }

    /** Hands over whoever is connected already, so that closing turns nobody away who can be served. */
    default void acceptTheRest(InetSocketAddress address, Logger log) {
        loop().budget().forget(this);
        try {
            boolean more = true;
            for (int i = 0; i < BACKLOG && more && !loop().budget().isUsedUp(); i++) {
                more = acceptOne();
            }
        } catch (IOException e) {
            log.warn("accept on {} failed for the last time: {}", address, e.toString());
        }
    }

    /** Takes over accepted connections, on the listener's event loop. */
    @FunctionalInterface
    interface Acceptor {
        void accepted(Loop loop, StreamSocket socket, InetSocketAddress client, InetSocketAddress destination);
    }
}
