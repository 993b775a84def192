package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;

/**
 * Passes when a mail server greets with 220 and answers HELO with 250; then says QUIT (keepalived's {@code SMTP_CHECK}).
 *
 * @param heloName what the check calls itself: a host name
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record SmtpCheck(String heloName, CheckTarget target, CheckTiming timing) implements HealthCheck {
    /** Checks the name. */
    public SmtpCheck {
        CheckText.checkHostName("heloName", heloName);
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    /** {@return a builder of a check that calls itself localhost, every 60 s, timeout 5 s, 1 retry after 1 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "smtp";
    }

    /** Collects the settings of an SMTP check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private String heloName = "localhost";

        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets what the check calls itself, for servers that look at it. Default: localhost.
         *
         * @param name a host name
         * @return this
         */
        public Builder heloName(String name) {
            CheckText.checkHostName("heloName", name);
            this.heloName = name;
            return this;
        }

        /** {@return the check} */
        public SmtpCheck build() {
            return new SmtpCheck(heloName, target(), timing());
        }
    }
}
