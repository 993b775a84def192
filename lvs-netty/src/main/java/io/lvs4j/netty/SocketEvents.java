package io.lvs4j.netty;

import java.io.IOException;

/** What a {@link StreamSocket} says to its owner, always on its event loop. */
interface SocketEvents {

    /** The connection that was asked for is established. */
    void connected();

    /** The connection that was asked for cannot be established. */
    void connectFailed(IOException cause);

    /** There is something to read: bytes, the end of the stream, or an error. Only while the owner wants it. */
    void readable();

    /** There is room to write again. Only while the owner wants it. */
    void writable();

    /**
     * The connection is broken. Comes at most once, whether the owner wants to read or not, and only if the transport can tell;
     * bytes received before may still be there to read.
     */
    void broken();
}
