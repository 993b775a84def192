package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking TCP socket: all that connections and relays know of the operating system. Confined to one event loop once it
 * has been opened or connected there.
 */
interface StreamSocket {
    /** What {@link #unacknowledged()} returns if the transport cannot tell whether a little is left. */
    long UNKNOWN = -1;

    /** Brings an accepted socket onto its event loop. The owner hears nothing but {@code broken} until it wants more. */
    void open(Loop loop, SocketEvents owner) throws IOException;

    /**
     * Binds a new socket that shall connect.
     *
     * @param local address and port; 0 = one that is free towards whom it connects to, or on NIO one that is free altogether
     * @param transparent whether this host need not have the address; not on NIO
     * @throws java.net.BindException if it is in use
     */
    void bind(InetSocketAddress local, boolean transparent) throws IOException;

    /**
     * Connects a new socket; {@code connected} or {@code connectFailed} follows unless this throws.
     *
     * @throws java.net.BindException if no local port is left for that
     */
    void connect(Loop loop, InetSocketAddress address, SocketEvents owner) throws IOException;

    /** Makes somebody else the owner. */
    void handOver(SocketEvents next);

    /** Reads into the writable part of a buffer. Returns the number of bytes, 0 if there are none yet, or -1 at the end. */
    int read(ByteBuf into) throws IOException;

    /** Whether it is known that there is something to read, without asking the operating system. */
    default boolean hasInput() {
        return false;
    }

    /** Writes the readable part of a buffer. Returns how many bytes were taken; the reader index is not moved. */
    int write(ByteBuf from) throws IOException;

    /**
     * Moves bytes that came in into an empty pipe. Returns the number of bytes, 0 if there are none yet, or -1 if reading must
     * tell: at the end of the stream. Only for pipes of this socket's transport.
     */
    default int moveTo(Pipe pipe) throws IOException {
        throw new IllegalStateException("this transport has no pipes");
    }

    /** Moves what is in a pipe to the peer. Returns how many bytes were taken. Only for pipes of this socket's transport. */
    default int moveFrom(Pipe pipe) throws IOException {
        throw new IllegalStateException("this transport has no pipes");
    }

    /** Says which events the owner wants from now on. Readiness that was left over is reported again, in a later task. */
    void want(boolean read, boolean write);

    /** Ends the stream to the peer, after what was written. */
    void shutdownOutput() throws IOException;

    /**
     * Returns a measure of what the peer has not acknowledged, 0 if nothing is left, or {@link #UNKNOWN} if only little can be
     * left. After the first call nothing is read or written any more.
     */
    long unacknowledged();

    /** Returns the local address, or null if the socket is not connected any more. */
    @Nullable
    InetSocketAddress localAddress();

    /** Closes in order; what was written is still delivered. No more events. Idempotent. */
    void close();

    /** Closes with a reset; what the peer has not acknowledged is lost. No more events. Idempotent. */
    void reset();
}
