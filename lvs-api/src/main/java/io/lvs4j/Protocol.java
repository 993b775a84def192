package io.lvs4j;

import java.util.Locale;

/** The transport protocol of a virtual service. Which of them a backend carries is in its capabilities. */
public enum Protocol {
    /** Transmission Control Protocol. */
    TCP,
    /** User Datagram Protocol. */
    UDP,
    /** Stream Control Transmission Protocol, on the kernel backend only. */
    SCTP;

    /** Returns the lower-case name that {@code ipvsadm} and logs use, such as {@code tcp}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
