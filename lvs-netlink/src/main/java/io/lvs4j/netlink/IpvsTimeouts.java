package io.lvs4j.netlink;

import java.time.Duration;

/**
 * How long the kernel keeps connections on which nothing happens. They hold for all services of a network namespace.
 *
 * @param tcp of established TCP connections, 1 s..2,147,483 s in whole seconds; in what is written, 0 = leave it as it is
 * @param tcpFin of TCP connections that one side has ended
 * @param udp of UDP flows
 */
public record IpvsTimeouts(Duration tcp, Duration tcpFin, Duration udp) {
    private static final long MAX_SECONDS =
            Integer.MAX_VALUE / 1000; // the kernel's limit where it ticks 1000 times a second

    /** Checks the ranges. */
    public IpvsTimeouts {
        require("tcp", tcp);
        require("tcpFin", tcpFin);
        require("udp", udp);
    }

    private static void require(String name, Duration time) {
        if (time.isNegative() || time.toSeconds() > MAX_SECONDS || !time.equals(Duration.ofSeconds(time.toSeconds()))) {
            throw new IllegalArgumentException("timeout " + name + ": " + time + " (expected: whole seconds, 0.."
                    + MAX_SECONDS + ", 0 = leave it as it is)");
        }
    }
}
