package io.lvs4j.check;

import java.util.Objects;
import java.util.Optional;

/** What one attempt of a check found. */
public sealed interface CheckResult {

    /** {@return what was found, in words for an operator} */
    String detail();

    /**
     * {@return a result that counts for the server}
     *
     * @param detail what was found, such as {@code status 200}
     */
    static CheckResult passed(String detail) {
        return new Passed(detail, Optional.empty());
    }

    /**
     * {@return a result that counts for the server, and says how much it can carry}
     *
     * @param detail what was found, such as {@code exit status 52}
     * @param advice how much the server can carry
     */
    static CheckResult passed(String detail, Advice advice) {
        return new Passed(detail, Optional.of(advice));
    }

    /**
     * {@return a result that counts against the server}
     *
     * @param phase where it failed, such as {@code connect}, {@code tls} or {@code status}
     * @param detail what was found, such as {@code connection refused}
     */
    static CheckResult failed(String phase, String detail) {
        return new Failed(phase, detail);
    }

    /**
     * {@return a result that counts neither way, because the director itself could not ask}
     *
     * @param detail what was found, such as {@code too many open files}
     */
    static CheckResult inconclusive(String detail) {
        return new Inconclusive(detail);
    }

    /**
     * The server passed.
     *
     * @param detail what was found
     * @param advice how much it can carry; empty = nothing was said about it
     */
    record Passed(String detail, Optional<Advice> advice) implements CheckResult {
        /** Refuses null. */
        public Passed {
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(advice, "advice");
        }

        @Override
        public String toString() {
            return detail;
        }
    }

    /**
     * The server failed.
     *
     * @param phase where it failed
     * @param detail what was found
     */
    record Failed(String phase, String detail) implements CheckResult {
        /** Refuses null. */
        public Failed {
            Objects.requireNonNull(phase, "phase");
            Objects.requireNonNull(detail, "detail");
        }

        @Override
        public String toString() {
            return phase + ": " + detail;
        }
    }

    /**
     * The director could not ask; nothing is known about the server.
     *
     * @param detail what was found
     */
    record Inconclusive(String detail) implements CheckResult {
        /** Refuses null. */
        public Inconclusive {
            Objects.requireNonNull(detail, "detail");
        }

        @Override
        public String toString() {
            return "inconclusive: " + detail;
        }
    }
}
