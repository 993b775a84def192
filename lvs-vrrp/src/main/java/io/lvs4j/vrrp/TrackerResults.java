package io.lvs4j.vrrp;

/** Is told what is found out about what routers track. Thread-safe; does not wait. */
@FunctionalInterface
interface TrackerResults {
    /**
     * Called for what is found first, and whenever that changes.
     *
     * @param kind what kind of thing
     * @param name its name
     * @param result what is known of it
     */
    void result(TrackerKind kind, String name, TrackerResult result);
}
