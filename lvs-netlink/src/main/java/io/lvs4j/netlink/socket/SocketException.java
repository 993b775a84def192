package io.lvs4j.netlink.socket;

import io.lvs4j.LvsException;

/** A call of the C library failed. */
public final class SocketException extends LvsException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * Creates an exception.
     *
     * @param call what was called, on what
     * @param errno the error number; 0 if it did not come to a call
     * @param remedy what to do about it; may be empty
     */
    public SocketException(String call, int errno, String remedy) {
        super(call + (errno == 0 ? "" : ": " + Errno.name(errno)) + (remedy.isEmpty() ? "" : " (" + remedy + ")"));
        this.errno = errno;
    }

    SocketException(String message, Throwable cause) {
        super(message, cause);
        this.errno = 0;
    }

    /** {@return the error number, see {@link Errno}; 0 if it did not come to a call} */
    public int errno() {
        return errno;
    }
}
