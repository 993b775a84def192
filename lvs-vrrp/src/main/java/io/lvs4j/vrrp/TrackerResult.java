package io.lvs4j.vrrp;

/**
 * What is known of something tracked.
 *
 * @param known whether it has been looked at: a router is in fault, without saying so, until what has weight 0 has been
 * @param number what a file says; of everything else, 0 = it does not fail
 */
record TrackerResult(boolean known, long number) {
    /** A script that has not been run. */
    static final TrackerResult UNKNOWN = new TrackerResult(false, 0);

    /** An interface is up, a script has succeeded, enough processes run, a service has its quorum. */
    static final TrackerResult UP = new TrackerResult(true, 0);

    /** None of these. */
    static final TrackerResult DOWN = new TrackerResult(true, 1);

    /**
     * {@return what a file says}
     *
     * @param number any; keepalived takes 0 of a file that is not there or has no number
     */
    static TrackerResult ofFile(long number) {
        return new TrackerResult(true, number);
    }

    boolean fails() {
        return number != 0;
    }
}
