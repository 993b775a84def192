package io.lvs4j.netty;

import java.io.IOException;

/** What a {@link StreamSocket} says to its owner, always on its event loop. An owner implements what it may come to hear. */
interface SocketEvents {

    /** The connection that was asked for is established. */
    default void connected() {
        throw new IllegalStateException("connected before");
    }

    /** The connection that was asked for cannot be established. */
    default void connectFailed(IOException cause) {
        throw new IllegalStateException("connected before", cause);
    }

    /** There is something to read: bytes, the end of the stream, or an error. Only while the owner wants it. */
    default void readable() {
        throw new IllegalStateException("not wanted");
    }

    /** There is room to write again. Only while the owner wants it. */
    default void writable() {
        throw new IllegalStateException("not wanted");
    }

    /**
     * The connection is broken. Comes at most once, whether the owner wants to read or not, and only if the transport can tell;
     * bytes received before may still be there to read.
     */
    void broken();
}
