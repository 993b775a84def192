package io.lvs4j.netty;

import io.lvs4j.ProxyRefusal;

/** Bytes that are no good PROXY header. Without a stack trace: they come from the network. */
final class BadProxyHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProxyRefusal reason;

    BadProxyHeaderException(ProxyRefusal reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    ProxyRefusal reason() {
        return reason;
    }
}
