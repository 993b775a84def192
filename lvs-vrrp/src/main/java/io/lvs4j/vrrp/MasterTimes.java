package io.lvs4j.vrrp;

import java.time.Duration;

/**
 * How long a backup waits for its master, in nanoseconds. RFC 3768 and RFC 9568, section 6.1 of both.
 *
 * <pre>
 * skew = (256 - priority) / 256 of a second          version 2
 *      = (256 - priority) / 256 of the interval      version 3
 * down = adverts * interval + skew                   adverts: 3, or down_timer_adverts
 * </pre>
 *
 * The higher the priority, the shorter the skew: who is to be master is the first to find the old one gone.
 *
 * @param version of the protocol
 * @param adverts how many are missed until a master is gone
 */
record MasterTimes(VrrpVersion version, int adverts) {
    private static final int PARTS = 256;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /**
     * {@return what a backup waits on top of the adverts that it misses}
     *
     * @param priority its own
     * @param interval the master's, in nanoseconds
     */
    long skew(int priority, long interval) {
        return (PARTS - priority) * (version == VrrpVersion.V2 ? SECOND : interval) / PARTS;
    }

    /**
     * {@return after what silence a master is gone}
     *
     * @param priority the backup's own
     * @param interval the master's, in nanoseconds
     */
    long down(int priority, long interval) {
        return adverts * interval + skew(priority, interval);
    }

    /**
     * {@return what a router waits that is configured to begin as master and does not own the addresses: keepalived's rule}
     *
     * @param interval its own, in nanoseconds
     */
    long beginning(long interval) {
        return interval + skew(PARTS - 1, interval);
    }
}
