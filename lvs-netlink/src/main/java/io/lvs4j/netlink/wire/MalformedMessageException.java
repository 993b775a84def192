package io.lvs4j.netlink.wire;

import io.lvs4j.LvsException;

/** Bytes that are no netlink message, or not the one that was expected. */
public final class MalformedMessageException extends LvsException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was read and what was expected
     */
    public MalformedMessageException(String message) {
        super(message);
    }
}
