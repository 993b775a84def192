package io.lvs4j.netty;

import io.lvs4j.ConnectionLimits;

/** What a {@link NettyBackend} is tuned for. */
public enum Profile {
    /**
     * Few clients that are known and move many bytes. The kernel sizes the buffers of sockets, up to several megabytes each
     * ({@code net.ipv4.tcp_rmem}, {@code tcp_wmem}), 64 KiB are read at a time, and on epoll the bytes of bulk transfers stay in the
     * kernel.
     */
    THROUGHPUT(0, Loop.SCRATCH_BYTES, true),

    /**
     * Anybody may connect, from anywhere. Every socket, of clients and of servers, has 64 KiB of buffer each way (of which Linux makes 128
     * KiB with its own needs), 16 KiB are read at a time, and all bytes are copied. So a client that does not read stops its
     * server after a few hundred KiB. On a link of 100 ms that allows some 5 Mbit/s per connection. A TCP service that says
     * nothing about it lets each {@linkplain ConnectionLimits source} have 1,000 connections, and open 500 at once and then 100
     * per second.
     */
    EDGE(64 * 1024, 16 * 1024, false);

    private static final ConnectionLimits EDGE_LIMITS =
            ConnectionLimits.defaults().withPerSource(1_000).withNewPerSource(new ConnectionLimits.Rate(100, 500));

    private final int socketBuffer;
    private final int readBytes;
    private final boolean pipes;

    Profile(int socketBuffer, int readBytes, boolean pipes) {
        this.socketBuffer = socketBuffer;
        this.readBytes = readBytes;
        this.pipes = pipes;
    }

    /** Returns the size of a TCP socket's buffer in each direction, in bytes; 0 = the kernel decides. */
    int socketBuffer() {
        return socketBuffer;
    }

    /** Returns how much is read at a time. */
    int readBytes() {
        return readBytes;
    }

    /** Whether bytes may stay in the kernel where the transport can do that. */
    boolean pipes() {
        return pipes;
    }

    /** Returns what holds for a TCP service that says nothing about limits. */
    ConnectionLimits limits() {
        return this == EDGE ? EDGE_LIMITS : ConnectionLimits.defaults();
    }
}
