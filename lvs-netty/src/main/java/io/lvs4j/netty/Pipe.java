package io.lvs4j.netty;

/**
 * A pipe of the kernel, through which bytes go from one socket to another without coming into this process. The sockets of its
 * transport know how. Confined to one event loop.
 */
interface Pipe {
    /** Returns how many bytes are in it. */
    int filled();

    /** Gives its descriptors back. */
    void close();
}
