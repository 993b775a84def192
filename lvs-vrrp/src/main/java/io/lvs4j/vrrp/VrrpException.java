package io.lvs4j.vrrp;

import io.lvs4j.LvsException;
import org.jspecify.annotations.Nullable;

/** A virtual router cannot be run on this host; the message says why and what to do. */
public final class VrrpException extends LvsException {
    private static final long serialVersionUID = 1L;

    VrrpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
