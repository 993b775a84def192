package io.lvs4j.vrrp;

/** What a virtual router is on this host. RFC 9568 section 6.3, and keepalived's fault. */
public enum RouterState {
    /** It has not begun, or has ended. */
    INITIALIZE,
    /** It listens to a master and waits for him to be gone. */
    BACKUP,
    /** It has the addresses, and says so. */
    MASTER,
    /** Something that it tracks has failed: it neither listens nor speaks. */
    FAULT
}
