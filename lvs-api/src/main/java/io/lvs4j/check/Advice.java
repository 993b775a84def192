package io.lvs4j.check;

/**
 * What a check that passed says about how much its server can carry. It never helps a server that another check holds to be
 * down. Without advice from any check, the described weight is in force.
 */
public sealed interface Advice {

    /**
     * A weight of its own: keepalived's {@code misc_dynamic}. Of several checks, the differences to the described weight are
     * added up.
     *
     * @param value 0..65535
     */
    record Weight(int value) implements Advice {
        /** Checks the range. */
        public Weight {
            if (value < 0 || value > 65535) {
                throw new IllegalArgumentException("weight: " + value + " (expected: 0..65535)");
            }
        }

        @Override
        public String toString() {
            return "weight " + value;
        }
    }

    /**
     * A part of the described weight: an HAProxy agent's {@code 75%}. Rounded up, so that only 0 % is nothing.
     *
     * @param value 0..25600, as HAProxy; the weight in force is never more than 65535
     */
    record Percent(int value) implements Advice {
        /** Checks the range. */
        public Percent {
            if (value < 0 || value > 25600) {
                throw new IllegalArgumentException("percent: " + value + " (expected: 0..25600)");
            }
        }

        @Override
        public String toString() {
            return value + "%";
        }
    }

    /** What an administrator told the server's agent about taking new connections. */
    enum Admin implements Advice {
        /** No new connection: an agent's {@code drain}. */
        DRAIN,
        /** Out of service: an agent's {@code maint}. */
        MAINTENANCE
    }
}
