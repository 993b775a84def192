package io.lvs4j.vrrp;

import java.time.Duration;
import java.util.Objects;

/**
 * When a master tells the network where its addresses are: gratuitous ARP, and unsolicited neighbour advertisements for IPv6.
 *
 * @param repeat how many at once when it becomes master, at least 1
 * @param delay when they are sent once more; 0 = not
 * @param refresh how often they are sent while it is master; 0 = never
 * @param refreshRepeat how many at once then
 * @param lowerPriorityRepeat how many at once when it has heard another master of lower priority; 0 = none
 * @param lowerPriorityDelay when those are sent once more; 0 = not
 * @param otherInterfaces how often they are sent on other interfaces that have addresses; 0 = never
 */
public record Announcements(
        long repeat,
        Duration delay,
        Duration refresh,
        long refreshRepeat,
        long lowerPriorityRepeat,
        Duration lowerPriorityDelay,
        Duration otherInterfaces) {
    private static final long MOST = 0xffff_ffffL;
    private static final Announcements DEFAULTS =
            new Announcements(5, Duration.ofSeconds(5), Duration.ZERO, 1, 5, Duration.ofSeconds(5), Duration.ZERO);

    /** Checks all parts. */
    public Announcements {
        require("repeat", repeat, 1);
        require("refreshRepeat", refreshRepeat, 0);
        require("lowerPriorityRepeat", lowerPriorityRepeat, 0);
        require("delay", delay);
        require("refresh", refresh);
        require("lowerPriorityDelay", lowerPriorityDelay);
        require("otherInterfaces", otherInterfaces);
    }

    private static void require(String what, long count, long least) {
        if (count < least || count > MOST) {
            throw new IllegalArgumentException(what + ": " + count + " (expected: " + least + ".." + MOST + ")");
        }
    }

    private static void require(String what, Duration time) {
        Objects.requireNonNull(time, what);
        if (time.isNegative() || time.toSeconds() > MOST) {
            throw new IllegalArgumentException(what + ": " + time + " (expected: 0.." + MOST + " s)");
        }
    }

    /** {@return keepalived's: 5 at once, 5 more after 5 s, the same after a lower priority, no refresh} */
    public static Announcements defaults() {
        return DEFAULTS;
    }
}
