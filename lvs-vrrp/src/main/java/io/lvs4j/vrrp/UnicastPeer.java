package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.util.Objects;

/**
 * Another router that adverts are sent to.
 *
 * @param address where it is
 * @param minTtl the least time to live that its adverts arrive with, 0..255
 * @param maxTtl the greatest one, {@code minTtl}..255
 */
public record UnicastPeer(InetAddress address, int minTtl, int maxTtl) {
    private static final int MOST = 255;

    /** Checks the limits. */
    public UnicastPeer {
        Objects.requireNonNull(address, "address");
        if (minTtl < 0 || maxTtl > MOST || minTtl > maxTtl) {
            throw new IllegalArgumentException(
                    "ttl: " + minTtl + ".." + maxTtl + " (expected: least and greatest of 0.." + MOST + ")");
        }
    }

    /**
     * {@return a peer at any distance}
     *
     * @param address where it is
     */
    public static UnicastPeer of(InetAddress address) {
        return new UnicastPeer(address, 0, MOST);
    }
}
