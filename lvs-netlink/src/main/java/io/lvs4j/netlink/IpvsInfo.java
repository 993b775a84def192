package io.lvs4j.netlink;

/**
 * What the kernel says about its IPVS.
 *
 * @param version its version, such as {@code 1.2.1}
 * @param connectionTableSize how many buckets its table of connections has
 */
public record IpvsInfo(String version, int connectionTableSize) {}
