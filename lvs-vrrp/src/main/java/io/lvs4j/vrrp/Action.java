package io.lvs4j.vrrp;

import java.net.InetAddress;

/**
 * What an {@link Election} wants done. Actions are values, and done in the order in which they are given: an advert goes out before addresses are
 * added, so that the old master gives them up before the network is told who has them.
 */
sealed interface Action {
    /**
     * Sends one advert, to the group or to each peer. That it cannot be sent is no error of the election.
     *
     * @param priority 0..255
     */
    record Send(int priority) implements Action {}

    /**
     * Reads what has arrived, without waiting, and gives it to the election; then {@link Election#timer} is called again. It is the last of the
     * actions that are given together.
     */
    record Look() implements Action {}

    /** Adds addresses, routes and rules: those that are not there, and those that were to end with this process. */
    record AddAddresses() implements Action {}

    /** Removes rules, routes and addresses, also those that an earlier process has left. */
    record RemoveAddresses() implements Action {}

    /**
     * Tells the network where the addresses are: each of them, so many times.
     *
     * @param repeat 1..4294967295
     */
    record Announce(long repeat) implements Action {}

    /** Announces, once, one address on each other interface that has some. */
    record AnnounceElsewhere() implements Action {}

    /** Announces the source of adverts, so that unicast peers need not ask for it before they send. */
    record AnnounceSource() implements Action {}

    /**
     * Tells listeners, scripts and the IPVS sync daemon.
     *
     * @param state what the router is from now on
     */
    record Enter(RouterState state) implements Action {}

    /**
     * Tells listeners.
     *
     * @param priority what it is from now on, 1..255
     */
    record PriorityChanged(int priority) implements Action {}

    /**
     * Tells listeners that there has been another master.
     *
     * @param source his address
     * @param priority his, lower than ours, or the same with a lower address
     */
    record HeardLower(InetAddress source, int priority) implements Action {}

    /**
     * Tells listeners that two hosts are configured to own the addresses. This one goes on with priority 254.
     *
     * @param source the other
     */
    record OwnerConflict(InetAddress source) implements Action {}
}
