package io.lvs4j;

/**
 * Why a connection to a service that {@linkplain ProxyProtocol.Fronts accepts the PROXY protocol} was reset before it had a
 * server.
 */
public enum ProxyRefusal {
    /** It came from an address that is no trusted front's. */
    UNTRUSTED,
    /** Its first bytes are no PROXY header. */
    NO_HEADER,
    /** It begins like a PROXY header, but breaks the rules. */
    MALFORMED,
    /** Its header is longer than 107 bytes (version 1) or 16 + 4096 (version 2). */
    TOO_LONG,
    /** Its header is not what its checksum was made of. */
    CHECKSUM,
    /** It ended, or was reset, before its header was complete. */
    INCOMPLETE,
    /** Its header was not complete in time. */
    LATE
}
