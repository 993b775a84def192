package io.lvs4j.netty;

import java.net.InetSocketAddress;

/**
 * A listening socket on an event loop. It hands over every connection that it accepts; when accepting fails, for example
 * because the process has no descriptor left, it pauses for {@link #PAUSE_MILLIS} instead of spinning.
 */
interface TcpListener {
    /** How many connections may wait to be accepted; the host's {@code somaxconn} may lower it. */
    int BACKLOG = 4096;

    /** The pause after accepting failed. */
    int PAUSE_MILLIS = 200;

    /** How many connections are accepted before other sockets have their turn. */
    int ACCEPTS_PER_EVENT = 64;

    /** Hands over who has come already and closes the socket, on its event loop. The port is free once the loops have {@linkplain Loops#settle settled}. */
    void close();

    /** The event loop that it lives on. */
    Loop loop();

    /** Takes over accepted connections, on the listener's event loop. */
    @FunctionalInterface
    interface Acceptor {
        void accepted(StreamSocket socket, InetSocketAddress client, InetSocketAddress destination);
    }
}
