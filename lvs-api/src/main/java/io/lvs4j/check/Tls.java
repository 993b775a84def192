package io.lvs4j.check;

/** Whether and how a check speaks TLS. */
public enum Tls {
    /** Not at all. */
    NONE,
    /** The certificate must be trusted by the JVM and bear the name that the check calls the server by, or its address. */
    VERIFIED,
    /** With any certificate, as keepalived does. It proves that the server answers, not who it is. */
    INSECURE;

    Tls insecure() {
        if (this == NONE) {
            throw new IllegalStateException("insecure: true (expected: only with TLS, this check speaks none)");
        }
        return INSECURE;
    }
}
