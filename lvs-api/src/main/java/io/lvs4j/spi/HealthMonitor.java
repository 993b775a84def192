package io.lvs4j.spi;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.HealthCheck;
import java.util.Optional;

/**
 * Carries out health checks. Owned by one director, which closes every watch before the monitor. Thread-safe.
 */
public interface HealthMonitor extends AutoCloseable {

    /**
     * Refuses a check that cannot be carried out here, before anything changes; {@link #watch} refuses it as well.
     *
     * @param server whom to ask
     * @param check what to ask and when
     * @throws IllegalArgumentException if it cannot, naming the check's setting, its value and what was expected
     */
    default void require(ServerKey server, HealthCheck check) {}

    /**
     * Begins to check a server, which is taken to be up until the first verdict.
     *
     * @param server whom to ask
     * @param check what to ask and when
     * @param greeting the version of the PROXY header with which the monitor's own checks begin a connection, which says that
     *     it is nobody's but this host's; empty = none. Custom checks know by themselves what to send
     * @param listener hears of verdicts
     * @return ends the checking
     */
    Watch watch(ServerKey server, HealthCheck check, Optional<ProxyProtocol.Version> greeting, Listener listener);

    /**
     * Begins to check a server that expects no PROXY header.
     *
     * @param server whom to ask
     * @param check what to ask and when
     * @param listener hears of verdicts
     * @return ends the checking
     */
    default Watch watch(ServerKey server, HealthCheck check, Listener listener) {
        return watch(server, check, Optional.empty(), listener);
    }

    /** Ends all watches and frees every thread, descriptor and buffer. Idempotent. */
    @Override
    void close();

    /** One server under one check. */
    interface Watch extends AutoCloseable {
        /** {@return what the latest attempt found, or empty before the first} */
        Optional<CheckResult> latest();

        /** Ends the checking; a verdict that is under way may still arrive. Idempotent. */
        @Override
        void close();
    }

    /** Hears of verdicts, on any thread, never two at a time; must not block. */
    @FunctionalInterface
    interface Listener {
        /**
         * Called for the first verdict on a server, then whenever it changes, and whenever the {@linkplain
         * io.lvs4j.check.Advice advice} of a server that is up changes.
         *
         * @param up whether the check holds the server to be up
         * @param cause what the deciding attempt found
         */
        void verdict(boolean up, CheckResult cause);

        /**
         * Called for each attempt, before the verdict that it decides. Does nothing unless overridden; who counts by other rules than
         * {@link io.lvs4j.check.CheckTiming}'s hears here what there is to count.
         *
         * @param result what it found
         */
        default void attempt(CheckResult result) {}
    }
}
