package io.lvs4j.vrrp;

/** Whoever follows what virtual routers do on this host. */
interface Following {
    /**
     * Called for each event. Does not wait.
     *
     * @param event what has happened
     */
    void happened(VrrpEvent event);

    /**
     * Called when a master has got its addresses and before it tells the network: clients that come then find a service. Waits for that, no
     * longer than half an interval.
     *
     * @param router the router
     */
    void addressesAdded(VirtualRouter router);
}
