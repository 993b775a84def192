package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** A datagram socket that takes what comes to one address, from anybody. Confined to its event loop. */
interface DatagramListener {
    /** How many bytes may wait to be received; the host's {@code net.core.rmem_max} may lower it. */
    int RECEIVE_BUFFER = 4 << 20;

    /** How many datagrams are received before other sockets have their turn. */
    int DATAGRAMS_PER_EVENT = 64;

    /** The pause after receiving failed, for want of memory. */
    int PAUSE_MILLIS = 200;

    /** The address that it listens on; answers come from there. */
    InetSocketAddress address();

    /** Sends a datagram to somebody, or drops it if it cannot be sent at once. */
    void send(ByteBuf datagram, InetSocketAddress to);

    /**
     * Sends datagrams to somebody in one call; returns false if that cannot be done, and they have to be sent one by one. Where
     * only batches of one datagram are received, it never can.
     */
    default boolean sendTogether(DatagramBatch datagrams, InetSocketAddress to) {
        return false;
    }

    /** Closes the socket. The port is free once the loops have {@linkplain Loops#settle settled}. Idempotent. */
    void close();

    /** Gets what is received, on the event loop; the batch is used again afterwards. */
    interface Receiver {
        /** The batch to receive into. */
        DatagramBatch batch();

        void received(DatagramListener at, InetSocketAddress from, DatagramBatch datagrams);
    }
}
