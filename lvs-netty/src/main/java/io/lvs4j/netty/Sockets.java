package io.lvs4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One transport's way to make sockets. Thread-safe. */
interface Sockets {

    /** What the sockets are tuned for. */
    Profile profile();

    /** Returns a new socket, to be connected. */
    StreamSocket newSocket(InetSocketAddress peer) throws IOException;

    /** Whether bytes can, and shall, stay in the kernel here. */
    boolean hasPipes();

    /** Returns a new pipe, where there are any. */
    Pipe newPipe() throws IOException;

    /** Whether sockets can have addresses that this host does not have. */
    boolean canBeTransparent();

    /** Whether several event loops can listen on one address, each getting a part of the clients. */
    boolean sharesAddresses();

    /**
     * Binds and listens, on the event loop that shall accept.
     *
     * @param shared whether other loops listen on this address, too; then {@link #requireFree} comes first
     */
    TcpListener listen(Loop loop, InetSocketAddress address, boolean shared, TcpListener.Acceptor acceptor)
            throws IOException;

    /**
     * Accepts from a socket that listens already, on the event loop that shall accept; where addresses are shared.
     *
     * @param descriptor the socket, ours from now on whatever happens
     */
    TcpListener takeOver(Loop loop, int descriptor, InetSocketAddress address, TcpListener.Acceptor acceptor)
            throws IOException;

    /**
     * Refuses an address that somebody listens on. Sharing would not: it lets all processes of a user listen on one address.
     *
     * @throws IOException if it is in use, or cannot be bound
     */
    void requireFree(InetSocketAddress address) throws IOException;

    /**
     * Returns a new datagram socket with a local port, to be connected.
     *
     * @param local its address and port; null or port 0 = any
     * @param transparent whether this host need not have the address
     */
    DatagramPeer newDatagramPeer(InetSocketAddress server, @Nullable InetSocketAddress local, boolean transparent)
            throws IOException;

    /** Binds a datagram socket, on the event loop that shall receive. */
    DatagramListener listen(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver)
            throws IOException;

    /**
     * Binds a further datagram socket to an address that we listen on already: the kernel shares clients out among them, and a
     * client's datagrams all come to the same one.
     */
    DatagramListener listenToo(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver)
            throws IOException;
}
