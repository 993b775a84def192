package io.lvs4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;

/** One transport's way to make sockets. Thread-safe. */
interface Sockets {

    /** Returns a new socket, to be connected. */
    StreamSocket newSocket(InetSocketAddress peer) throws IOException;

    /** Binds and listens, on the event loop that shall accept. */
    TcpListener listen(Loop loop, InetSocketAddress address, TcpListener.Acceptor acceptor) throws IOException;
}
