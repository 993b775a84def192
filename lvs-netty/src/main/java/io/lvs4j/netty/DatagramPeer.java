package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A datagram socket that is connected to one server, with a local port of its own: the kernel lets nothing through that another
 * sender injects, and hands over ICMP errors. Confined to its event loop.
 */
interface DatagramPeer {

    /**
     * Connects; a datagram that came before is dropped, whoever sent it.
     *
     * @throws IOException if the server cannot be reached
     */
    void connect(Loop loop, InetSocketAddress server, Owner owner) throws IOException;

    /**
     * Sends a datagram, or drops it if it cannot be sent at once or is too long.
     *
     * @return whether it was sent
     * @throws IOException if the server cannot be reached, which may have shown with an earlier datagram; this one was not sent
     */
    boolean send(ByteBuf datagram) throws IOException;

    /**
     * Sends datagrams in one call; returns false if that cannot be done, and they have to be sent one by one. Where only batches of
     * one datagram are received, it never can.
     *
     * @throws IOException if the server cannot be reached, which may have shown with an earlier datagram; none of these was sent
     */
    default boolean sendTogether(DatagramBatch datagrams) throws IOException {
        return false;
    }

    /** Closes the socket. No more events. Idempotent. */
    void close();

    /**
     * Gets what is received, on the event loop; the batch is used again afterwards. When the server cannot be reached, because
     * nobody listens at its port, it has {@code failed}.
     */
    interface Owner {
        /** The batch to receive into. */
        DatagramBatch batch();

        void received(DatagramBatch datagrams);

        void failed(IOException cause);
    }
}
