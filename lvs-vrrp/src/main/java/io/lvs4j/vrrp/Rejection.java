package io.lvs4j.vrrp;

/** Why something received is not looked at further. In the order in which it is found out. */
public enum Rejection {
    /** No IPv4 header that fits the bytes, or another protocol's. */
    IP_HEADER,
    /** Addresses of another family than the router's. */
    FAMILY,
    /** Fewer bytes than every advert has, or not as many as its addresses need. */
    LENGTH,
    /** Another virtual router's. Nothing is wrong with it. */
    VIRTUAL_ROUTER_ID,
    /** It comes from the router's own address. */
    OWN_SOURCE,
    /** Sent to a group although the router has peers, or to the router alone although it has none. */
    DESTINATION,
    /** It does not come from a peer, and the router looks at that. */
    NOT_A_PEER,
    /** It has been forwarded: a time to live other than 255, or other than the peer's. */
    TTL,
    /** Another version of the protocol. */
    VERSION,
    /** No advertisement. */
    TYPE,
    /** No way of computing the checksum makes it right. */
    CHECKSUM,
    /** Another kind of authentication than the router's. */
    AUTHENTICATION_TYPE,
    /** Another password. */
    PASSWORD,
    /** Version 2: another interval than the router's; version 3: none. */
    INTERVAL,
    /** Other addresses than the router's. */
    ADDRESSES
}
