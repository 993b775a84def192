/**
 * The kernel's IPVS.
 *
 * <p>{@link io.lvs4j.netlink.IpvsBackend} carries out what a director decides. Below it, and usable by itself, is {@link
 * io.lvs4j.netlink.Ipvs}, which reads and writes the kernel's table one entry or many at a time, as ipvsadm does.
 *
 * <p>Inside: {@code wire} (messages as bytes), {@code genl} (a conversation), {@code socket} (the only user of native calls).
 */
@NullMarked
package io.lvs4j.netlink;

import org.jspecify.annotations.NullMarked;
