package io.lvs4j.netlink;

/**
 * A virtual service in the kernel's table.
 *
 * @param service its settings
 * @param counters what it has counted
 */
public record IpvsServiceEntry(IpvsService service, IpvsCounters counters) {}
