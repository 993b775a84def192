/**
 * Sockets that Java does not have, and the one class that calls the C library. Nothing in here knows what is sent: {@link
 * io.lvs4j.netlink.socket.NetlinkSocket} carries netlink, {@link io.lvs4j.netlink.socket.RawSocket} packets of an IP protocol, {@link
 * io.lvs4j.netlink.socket.PacketSocket} frames, and {@link io.lvs4j.netlink.socket.Poller} waits for several. What the C library gets
 * is laid out for 64 bits.
 */
@NullMarked
package io.lvs4j.netlink.socket;

import org.jspecify.annotations.NullMarked;
