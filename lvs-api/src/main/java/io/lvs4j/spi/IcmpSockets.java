package io.lvs4j.spi;

import java.io.IOException;

/**
 * Opens ICMP sockets, which Java does not have, for {@link io.lvs4j.check.PingCheck}. Made available through {@link
 * java.util.ServiceLoader}; module {@code lvs-netlink} does so on Linux. Thread-safe.
 */
public interface IcmpSockets {

    /**
     * Opens a non-blocking socket that sends echo requests and receives echo replies, in the network namespace of the calling
     * thread: an unprivileged one if the kernel allows it (icmp(7), {@code ping_group_range}), else a raw one.
     *
     * @param ipv6 whether for ICMPv6 instead of ICMP
     * @return the socket; it is the caller's, who has to close its descriptor
     * @throws IOException if it cannot; the message says what to do
     */
    IcmpSocket open(boolean ipv6) throws IOException;

    /**
     * An open socket.
     *
     * @param descriptor its file descriptor
     * @param raw whether it is a raw socket: it receives the replies to everybody's requests, on IPv4 with the IP header before
     *     them, and requests need an identifier and, on IPv4, a checksum. On others the kernel sees to all that.
     */
    record IcmpSocket(int descriptor, boolean raw) {}
}
