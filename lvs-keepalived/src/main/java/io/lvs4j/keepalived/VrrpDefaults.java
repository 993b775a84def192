package io.lvs4j.keepalived;

import io.lvs4j.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code global_defs} says of virtual routers that do not say otherwise, as it is read. Not thread-safe. */
final class VrrpDefaults {
    VrrpVersion version = VrrpVersion.V2;
    boolean strict;
    boolean skipAddressCheck;
    boolean checkSource;
    boolean lowerPriorityNoAdvert;
    boolean higherPrioritySendAdvert;
    boolean priorityChanges;
    int downAfterAdverts = 3;
    /** Null = not said; keepalived's {@code vrrp_min_garp} changes what is not said. */
    @Nullable
    Long repeat;

    @Nullable
    Duration delay;

    Duration refresh = Duration.ZERO;

    @Nullable
    Long refreshRepeat;

    @Nullable
    Long lowerPriorityRepeat;

    @Nullable
    Duration lowerPriorityDelay;

    Duration otherInterfaces = Duration.ZERO;
    boolean fewest;

    @Nullable
    InetAddress group4;

    @Nullable
    InetAddress group6;

    long repeat() {
        return repeat != null ? repeat : fewest ? 1 : 5;
    }

    Duration delay() {
        return delay != null ? delay : fewest ? Duration.ZERO : Duration.ofSeconds(5);
    }

    long refreshRepeat() {
        return refreshRepeat != null ? refreshRepeat : fewest ? 0 : 1;
    }

    long lowerPriorityRepeat() {
        return lowerPriorityRepeat != null ? lowerPriorityRepeat : repeat();
    }

    Duration lowerPriorityDelay() {
        return lowerPriorityDelay != null ? lowerPriorityDelay : delay();
    }
}
