package io.lvs4j.check;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks an agent on the server's host, which knows how the server is doing, and reads one line of HAProxy's words, at most 1 KiB,
 * separated by spaces, tabs or commas, in any case:
 *
 * <pre>
 *   up, ready                         passes
 *   down, fail, stopped               fails
 *   50%                               passes, with half of the described weight ({@link Advice.Percent})
 *   weight:20, weight:50%             passes, with that weight ({@link Advice.Weight}, {@link Advice.Percent})
 *   drain, maint                      passes, and takes no new connection ({@link Advice.Admin})
 *   maxconn:30                        known, and not carried out
 *   #text                             up to the end of the line: words for the operator
 * </pre>
 *
 * The words are of four kinds: health ({@code up} and {@code down} with its like), administration ({@code ready}, {@code drain},
 * {@code maint}), weight and {@code maxconn}; of several words of a kind the last counts. {@code down} and its like are stronger than the other kinds, and
 * {@code drain} and {@code maint} than a weight, which says nothing about a server that takes no connections. Every answer stands
 * for itself: what it does not say is not in force any more, other than in HAProxy, where an agent takes back word by word.
 *
 * <p>As in HAProxy, an agent that cannot be asked, does not answer or is not understood is no failure of its server: such an
 * attempt is inconclusive, and what the agent said last stays in force. So only the agent takes back its own {@code down}.
 *
 * @param send what to say to the agent first; empty = nothing
 * @param target whom to ask, and from where; agents listen on a port of their own
 * @param timing when to ask
 */
public record AgentCheck(Optional<String> send, CheckTarget target, CheckTiming timing) implements HealthCheck {
    private static final int MAX_SEND = 1024;

    /** Checks what to send. */
    public AgentCheck {
        send.ifPresent(AgentCheck::checkSend);
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static void checkSend(String text) {
        if (text.isEmpty() || text.length() > MAX_SEND || !text.chars().allMatch(AgentCheck::maySend)) {
            throw new IllegalArgumentException("send: " + text.length() + " characters (expected: 1.." + MAX_SEND
                    + ", ASCII without control characters but tabs and line ends)");
        }
    }

    private static boolean maySend(int c) {
        return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
    }

    /** {@return a builder of a check that sends nothing, every 60 s, timeout 5 s} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "agent";
    }

    /** Collects the settings of an agent check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private @Nullable String send;

        private Builder() {
            super(Duration.ofSeconds(1));
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets what to say to the agent first (HAProxy's {@code agent-send}); the line end, if it wants one, is part of it.
         * Default: nothing.
         *
         * @param text 1..1024 ASCII characters, of control characters only tabs and line ends
         * @return this
         */
        public Builder send(String text) {
            checkSend(text);
            this.send = text;
            return this;
        }

        /** {@return the check} */
        public AgentCheck build() {
            return new AgentCheck(Optional.ofNullable(send), target(), timing());
        }
    }
}
