package io.lvs4j;

import io.lvs4j.spi.ServerCounters;

/**
 * What became of the connections to a server within an interval of {@link OutlierDetection}.
 *
 * @param attempts how many there were
 * @param connectFailures how many of them were not established
 * @param resets how many of those established the server reset in place of an answer
 */
record ConnectionOutcomes(long attempts, long connectFailures, long resets) {

    /**
     * Of two looks at the counters. Those that have begun anew, as when a service has been away, have counted what they show.
     *
     * @param flows if they are of UDP, where a flow is given to a server before it can fail
     */
    static ConnectionOutcomes between(ServerCounters before, ServerCounters now, boolean flows) {
        boolean anew = now.connections() < before.connections()
                || now.connectFailures() < before.connectFailures()
                || now.resets() < before.resets();
        ServerCounters then = anew ? ServerCounters.ZERO : before;
        long vain = now.connectFailures() - then.connectFailures();
        long resets = now.resets() - then.resets();
        long given = now.connections() - then.connections();
        long attempts = flows ? given : given + vain;
        return new ConnectionOutcomes(Math.max(attempts, vain + resets), vain, resets);
    }

    long failures() {
        return connectFailures + resets;
    }

    /** Whether this makes an outlier. */
    boolean exceed(OutlierDetection detection) {
        return failures() >= detection.failures() && failures() * 100 >= detection.percent() * attempts;
    }

    @Override
    public String toString() {
        return failures() + " of " + attempts + " connections failed"
                + (resets == 0 ? "" : ", " + resets + " of them by a reset,");
    }
}
