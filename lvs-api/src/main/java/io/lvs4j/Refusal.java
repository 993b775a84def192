package io.lvs4j;

/**
 * Why a client was turned away: its TCP connection was reset, or its UDP datagram dropped. Those whose names begin with {@code
 * PROXY} are of services that {@linkplain ProxyProtocol.Fronts accept the PROXY protocol}.
 */
public enum Refusal {
    /** There was no server that could be used: none, or all are down, quiesced, full or tried in vain. */
    NO_SERVER,
    /** The {@link AccessList} does not permit its address. */
    ACCESS_DENIED,
    /** The service has as many connections as it may have, see {@link ConnectionLimits#perService}. */
    SERVICE_FULL,
    /** Its source has as many connections as it may have, see {@link ConnectionLimits#perSource}. */
    SOURCE_FULL,
    /** Its source opens connections faster than it may, see {@link ConnectionLimits#newPerSource}. */
    SOURCE_RATE,
    /** There is no room for another UDP flow, and none that could give way. */
    NO_ROOM,
    /** The process may not have another socket, or the host has no port left. */
    NO_DESCRIPTOR,
    /** It came from an address that is no trusted front's. */
    PROXY_UNTRUSTED,
    /** Its first bytes are no PROXY header. */
    PROXY_NO_HEADER,
    /** It begins like a PROXY header, but breaks the rules. */
    PROXY_MALFORMED,
    /** Its header is longer than 107 bytes (version 1) or 16 + 4096 (version 2). */
    PROXY_TOO_LONG,
    /** Its header is not what its checksum was made of. */
    PROXY_CHECKSUM,
    /** It ended, or was reset, before its header was complete. */
    PROXY_INCOMPLETE,
    /** Its header was not complete in time. */
    PROXY_LATE,
    /** Its first bytes are no TLS, where {@linkplain ServerNames server names} are looked at. */
    NOT_TLS,
    /** It begins like TLS, but with no valid ClientHello. */
    HELLO_MALFORMED,
    /** Its ClientHello is longer than 16 KiB, or cut into too many records. */
    HELLO_TOO_LONG,
    /** It ended, or was reset, before its ClientHello was complete. */
    HELLO_INCOMPLETE,
    /** Its ClientHello was not complete in time. */
    HELLO_LATE,
    /** Its ClientHello asks for a server name that is no DNS name, such as an IP address. */
    BAD_SERVER_NAME,
    /** It asks for a server name that is not listed, or for none, where {@linkplain ServerNames#othersRefused others are refused}. */
    UNKNOWN_SERVER_NAME,
    /** The service to which its server name leads does not exist. */
    NO_SUCH_SERVICE,
    /** No source address has a port left to its server, or the client's own address cannot be one. The server is not to blame. */
    NO_SOURCE
}
