package io.lvs4j.netty;

import io.lvs4j.Refusal;

/** Bytes that are no good PROXY header. Without a stack trace: they come from the network. */
final class BadProxyHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;

    BadProxyHeaderException(Refusal reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Refusal reason() {
        return reason;
    }
}
