package io.lvs4j.netlink;

/**
 * What the kernel has counted for a service or a destination. The kernel brings totals and rates up to date every two seconds.
 *
 * @param connections connections scheduled
 * @param packetsIn packets from clients
 * @param packetsOut packets to clients; 0 where servers answer directly
 * @param bytesIn bytes from clients
 * @param bytesOut bytes to clients; 0 where servers answer directly
 * @param connectionRate connections per second
 * @param packetRateIn packets from clients per second
 * @param packetRateOut packets to clients per second
 * @param byteRateIn bytes from clients per second
 * @param byteRateOut bytes to clients per second
 */
public record IpvsCounters(
        long connections,
        long packetsIn,
        long packetsOut,
        long bytesIn,
        long bytesOut,
        long connectionRate,
        long packetRateIn,
        long packetRateOut,
        long byteRateIn,
        long byteRateOut) {

    /** Nothing yet. */
    public static final IpvsCounters ZERO = new IpvsCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
