package io.lvs4j.netlink.conversation;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.socket.Errno;

/** The kernel refused a request. */
public final class RequestException extends LvsException {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    /**
     * Creates an exception.
     *
     * @param what what was asked
     * @param outcome what became of it
     */
    public RequestException(String what, Outcome outcome) {
        super(what + ": " + Errno.name(outcome.errno())
                + (outcome.detail().isEmpty() ? "" : " (" + outcome.detail() + ")"));
        this.outcome = outcome;
    }

    /** {@return what became of it} */
    public Outcome outcome() {
        return outcome;
    }
}
