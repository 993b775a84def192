package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;

/**
 * Passes when a TCP connection to the server is established (keepalived's {@code TCP_CHECK}).
 *
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record TcpCheck(CheckTarget target, CheckTiming timing) implements HealthCheck {
    /** Refuses null. */
    public TcpCheck {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    /** {@return a check with keepalived's default timing} */
    public static TcpCheck create() {
        return builder().build();
    }

    /** {@return a builder with keepalived's defaults: every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "tcp";
    }

    /** Collects the settings of a TCP check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /** {@return the check} */
        public TcpCheck build() {
            return new TcpCheck(target(), timing());
        }
    }
}
