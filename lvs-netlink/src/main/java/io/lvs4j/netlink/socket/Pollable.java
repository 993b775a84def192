package io.lvs4j.netlink.socket;

/** A socket that a {@link Poller} can wait for. */
public sealed interface Pollable permits NetlinkSocket, RawSocket {
    /** {@return the number of its file descriptor} */
    int fd();
}
