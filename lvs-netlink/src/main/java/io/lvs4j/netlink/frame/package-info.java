/**
 * Ethernet frames that tell a network where an address is, as bytes: pure functions. Start at {@link
 * io.lvs4j.netlink.frame.GratuitousArp} for IPv4 and {@link io.lvs4j.netlink.frame.NeighbourAdvertisement} for IPv6.
 */
@NullMarked
package io.lvs4j.netlink.frame;

import org.jspecify.annotations.NullMarked;
