package io.lvs4j.netty;

/** The interface to the operating system that a {@link NettyBackend} uses. */
public enum Transport {
    /** {@link #EPOLL} where its native library is there and a self-test over loopback passes, else {@link #NIO}. */
    AUTO,

    /** Linux epoll. Needs {@code io.netty:netty-transport-native-epoll} with the platform's classifier. */
    EPOLL,

    /**
     * The JDK's selectors, on every platform. Five limits. A UDP service is carried by one event loop, not by all; empty
     * datagrams do not reach servers, because the JDK does not send them; and datagrams that come together are sent one by one,
     * where epoll sends them in one system call. On TCP, selectors cannot tell when a peer has acknowledged the last few kilobytes,
     * so when one side of a connection was reset, the other side is reset a fixed 300 ms after all but those. And a peer that
     * ends its stream and then resets the connection is found out only when the next byte is written to it, or by the
     * half-closed timeout.
     */
    NIO
}
