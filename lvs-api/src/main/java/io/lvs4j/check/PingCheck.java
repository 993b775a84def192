package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;

/**
 * Passes when the server's host answers an ICMP echo request (keepalived's {@code PING_CHECK}). It says nothing about the service.
 *
 * <p>Needs module {@code lvs-netlink} and the epoll transport; and that {@code net.ipv4.ping_group_range} holds a group of this
 * process, or else CAP_NET_RAW. Without the former two the check is refused, without the latter its attempts are inconclusive.
 *
 * @param target whom to ask, and from where; ICMP has no ports
 * @param timing when to ask
 */
public record PingCheck(CheckTarget target, CheckTiming timing) implements HealthCheck {
    /** Refuses ports. */
    public PingCheck {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
        target.connectPort().ifPresent(port -> refusePort("connectPort", port));
        target.bindPort().ifPresent(port -> refusePort("bindPort", port));
    }

    private static void refusePort(String field, int port) {
        throw new IllegalArgumentException(field + ": " + port + " (expected: none, ICMP has no ports)");
    }

    /** {@return a check with keepalived's default timing} */
    public static PingCheck create() {
        return builder().build();
    }

    /** {@return a builder with keepalived's defaults: every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "ping";
    }

    /** Collects the settings of a ping check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return the check}
         *
         * @throws IllegalArgumentException if a port has been set
         */
        public PingCheck build() {
            return new PingCheck(target(), timing());
        }
    }
}
