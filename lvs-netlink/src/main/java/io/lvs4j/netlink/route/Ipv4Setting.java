package io.lvs4j.netlink.route;

/** Settings of an interface that virtual routers change, as under {@code /proc/sys/net/ipv4/conf}. */
public enum Ipv4Setting {
    /** Whether packets are forwarded, 0 or 1. */
    FORWARDING(1),
    /** Whether packets are dropped whose sender would be answered by another interface, 0..2; the greater of this and {@code all}. */
    RP_FILTER(8),
    /** Whether ARP requests are answered only by the interface that an answer would leave by, 0 or 1. */
    ARP_FILTER(13),
    /** Which ARP requests are not answered, 0..8: 1 = those for addresses of other interfaces. */
    ARP_IGNORE(19),
    /** Whether another address takes over when a network's first one is removed, 0 or 1; otherwise all of them go. */
    PROMOTE_SECONDARIES(20),
    /** Whether packets are taken that come from an address of this host, 0 or 1. */
    ACCEPT_LOCAL(23);

    private final int number;

    Ipv4Setting(int number) {
        this.number = number;
    }

    /** Returns the kernel's {@code IPV4_DEVCONF_*}. */
    int number() {
        return number;
    }
}
