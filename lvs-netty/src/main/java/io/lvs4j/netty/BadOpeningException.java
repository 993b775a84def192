package io.lvs4j.netty;

import io.lvs4j.Refusal;

/** Bytes with which no connection may begin: no good PROXY header, or no good ClientHello. Without a stack trace: they come from the network. */
final class BadOpeningException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;

    BadOpeningException(Refusal reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Refusal reason() {
        return reason;
    }
}
