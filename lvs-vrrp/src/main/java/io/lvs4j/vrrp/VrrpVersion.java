package io.lvs4j.vrrp;

/** A version of the protocol. */
public enum VrrpVersion {
    /** RFC 3768: IPv4, whole seconds, passwords. */
    V2(2),
    /** RFC 9568: IPv4 and IPv6, hundredths of a second. */
    V3(3);

    private final int number;

    VrrpVersion(int number) {
        this.number = number;
    }

    /** {@return 2 or 3} */
    public int number() {
        return number;
    }
}
