package io.lvs4j.netlink;

/**
 * A destination in the kernel's table.
 *
 * @param destination its settings
 * @param active connections that are established
 * @param inactive connections that are being opened or closed
 * @param persistent persistence templates that point to it
 * @param counters what it has counted
 */
public record IpvsDestinationEntry(
        IpvsDestination destination, int active, int inactive, int persistent, IpvsCounters counters) {}
