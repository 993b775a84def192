package io.lvs4j.check;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a datagram (keepalived's {@code UDP_CHECK}). Without a required reply it passes as soon as anything comes back, or else
 * when the timeout has passed and no ICMP error has come: that proves little, because a host that is gone sends none. With
 * one, it passes when the first reply is as required. An empty datagram is no reply.
 *
 * @param payload what to send, 1..1024 bytes in hexadecimal digits of lower case
 * @param reply what has to come back; empty = nothing
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record UdpCheck(String payload, Optional<UdpReply> reply, CheckTarget target, CheckTiming timing)
        implements HealthCheck {

    /** Checks the payload. */
    public UdpCheck {
        payload = checkPayload(payload);
        Objects.requireNonNull(reply, "reply");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static String checkPayload(String hex) {
        if (hex.isEmpty()) {
            throw new IllegalArgumentException("payload: empty (expected: 1..1024 bytes)");
        }
        return UdpReply.canonical("payload", hex);
    }

    /** {@return a builder: one zero byte, no reply required, every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "udp";
    }

    /** Collects the settings of a UDP check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private String payload = "00";
        private @Nullable UdpReply reply;

        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets what to send. Default: one zero byte.
         *
         * @param bytes 1..1024 bytes
         * @return this
         */
        public Builder payload(byte[] bytes) {
            return payload(HexFormat.of().formatHex(bytes));
        }

        /**
         * Sets what to send.
         *
         * @param hex 1..1024 bytes as pairs of hexadecimal digits
         * @return this
         */
        public Builder payload(String hex) {
            this.payload = checkPayload(hex);
            return this;
        }

        /**
         * Requires a reply (keepalived's {@code require_reply}).
         *
         * @param reply what has to come back
         * @return this
         */
        public Builder requireReply(UdpReply reply) {
            this.reply = Objects.requireNonNull(reply, "reply");
            return this;
        }

        /** {@return the check} */
        public UdpCheck build() {
            return new UdpCheck(payload, Optional.ofNullable(reply), target(), timing());
        }
    }
}
