package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.util.function.Consumer;

/** Carries out the attempts of one check. Stateless between attempts; when to ask is not its business. */
@FunctionalInterface
interface Probe {

    /**
     * Begins one attempt; does not block and does not throw.
     *
     * @param outcome takes what was found, at most once, on any thread, perhaps before this method returns; not called at
     *     all if the server never answers, because the deadline is not the probe's business either
     */
    Attempt begin(ServerKey server, Consumer<CheckResult> outcome);

    /** What an attempt is waiting for. */
    @FunctionalInterface
    interface Waiting {
        /**
         * Returns the result of an attempt that still waits for it at its deadline.
         *
         * @param timeout how long the attempt was given
         */
        CheckResult overdue(Duration timeout);
    }

    /** One attempt. Thread-safe. */
    interface Attempt {
        /** Returns how far the attempt has come. */
        Waiting phase();

        /** Ends the attempt at once and frees what it holds. Its outcome may still be called. Idempotent. */
        void abort();
    }
}
