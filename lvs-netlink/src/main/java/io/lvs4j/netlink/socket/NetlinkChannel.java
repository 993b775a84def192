package io.lvs4j.netlink.socket;

import java.nio.ByteBuffer;

/** Carries netlink datagrams to the kernel and back. */
public interface NetlinkChannel extends AutoCloseable {

    /**
     * Sends one datagram.
     *
     * @param datagram what to send, from its position to its limit; not consumed
     * @throws SocketException if the kernel does not take it
     */
    void send(ByteBuffer datagram);

    /**
     * Waits for one datagram, for a while.
     *
     * @return the datagram; valid until the next call
     * @throws SocketException if none came in time ({@link Errno#EAGAIN}), or something was dropped because nobody read it in
     *     time ({@link Errno#ENOBUFS})
     */
    ByteBuffer receive();

    @Override
    void close();
}
