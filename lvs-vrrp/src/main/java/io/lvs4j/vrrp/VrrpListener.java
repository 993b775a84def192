package io.lvs4j.vrrp;

/** Hears what happens to virtual routers, in order, on one thread, which is not the one that speaks VRRP: it may wait. */
@FunctionalInterface
public interface VrrpListener {
    /**
     * Called for each event. What it throws is logged.
     *
     * @param event what has happened
     */
    void onEvent(VrrpEvent event);
}
