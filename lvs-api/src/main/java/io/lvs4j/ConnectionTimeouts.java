package io.lvs4j;

import java.time.Duration;
import java.util.Objects;

/**
 * How long the in-process forwarder waits. A connection that runs into {@code idle} or {@code halfClosed} is reset on both
 * sides, never ended as if it were complete. The kernel has timeouts of its own, per host.
 *
 * @param connect for a connection to a real server, 1 ms..10 min; then another server is tried
 * @param idle for the next byte in either direction, 1 ms..31 d
 * @param halfClosed for the next byte once one side has ended its stream, 1 ms..31 d
 * @param udp for the next datagram of a UDP flow in either direction, 1 ms..31 d; then the flow ends
 */
public record ConnectionTimeouts(Duration connect, Duration idle, Duration halfClosed, Duration udp) {
    private static final ConnectionTimeouts DEFAULTS = new ConnectionTimeouts(
            Duration.ofSeconds(5), Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(5));

    /** Checks the ranges. */
    public ConnectionTimeouts {
        check("connect timeout", connect, Duration.ofMinutes(10), "PT0.001S..PT10M");
        check("idle timeout", idle, Duration.ofDays(31), "PT0.001S..PT744H");
        check("half-closed timeout", halfClosed, Duration.ofDays(31), "PT0.001S..PT744H");
        check("udp timeout", udp, Duration.ofDays(31), "PT0.001S..PT744H");
    }

    /** {@return the defaults: connect 5 s (keepalived), idle 15 min, half-closed 2 min and UDP 5 min (the kernel's)} */
    public static ConnectionTimeouts defaults() {
        return DEFAULTS;
    }

    /**
     * {@return a copy with another connect timeout}
     *
     * @param timeout 1 ms..10 min
     */
    public ConnectionTimeouts withConnect(Duration timeout) {
        return new ConnectionTimeouts(timeout, idle, halfClosed, udp);
    }

    /**
     * {@return a copy with another idle timeout}
     *
     * @param timeout 1 ms..31 d
     */
    public ConnectionTimeouts withIdle(Duration timeout) {
        return new ConnectionTimeouts(connect, timeout, halfClosed, udp);
    }

    /**
     * {@return a copy with another half-closed timeout}
     *
     * @param timeout 1 ms..31 d
     */
    public ConnectionTimeouts withHalfClosed(Duration timeout) {
        return new ConnectionTimeouts(connect, idle, timeout, udp);
    }

    /**
     * {@return a copy with another UDP timeout}
     *
     * @param timeout 1 ms..31 d
     */
    public ConnectionTimeouts withUdp(Duration timeout) {
        return new ConnectionTimeouts(connect, idle, halfClosed, timeout);
    }

    private static void check(String name, Duration value, Duration max, String range) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + range + ")");
        }
    }
}
