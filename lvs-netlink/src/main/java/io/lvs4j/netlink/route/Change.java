package io.lvs4j.netlink.route;

/** Something that an {@link InterfaceMonitor} has noticed. */
public sealed interface Change {
    /**
     * An interface is new, or something of it has changed.
     *
     * @param link how it is now
     */
    record LinkSet(Link link) implements Change {}

    /**
     * An interface has gone.
     *
     * @param link how it was
     */
    record LinkGone(Link link) implements Change {}

    /**
     * An address is new, or something of it but its lifetimes has changed.
     *
     * @param address how it is now; without lifetimes
     */
    record AddressSet(InterfaceAddress address) implements Change {}

    /**
     * An address has gone: somebody has removed it, or its lifetime is over.
     *
     * @param address how it was; without lifetimes
     */
    record AddressGone(InterfaceAddress address) implements Change {}
}
