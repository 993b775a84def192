package io.lvs4j.netlink.route;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.SocketException;
import java.io.Serial;

/** The kernel did not list or change interfaces, addresses, routes or rules. */
public final class RouteException extends LvsException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int errno;

    private RouteException(String message, int errno, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    private RouteException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    static RouteException refused(String what, Outcome outcome) {
        String reason = Errno.name(outcome.errno())
                + (outcome.errno() == Errno.EPERM
                        ? " (grant CAP_NET_ADMIN)"
                        : outcome.detail().isEmpty() ? "" : " (" + outcome.detail() + ")");
        return new RouteException(what + ": " + reason, outcome.errno());
    }

    static RouteException failed(String what, LvsException cause) {
        int errno = 0;
        if (cause instanceof SocketException e) {
            errno = e.errno();
        } else if (cause instanceof RequestException e) {
            return refused(what, e.outcome());
        }
        return new RouteException(what + ": " + cause.getMessage(), errno, cause);
    }

    /** {@return the error number, see {@link Errno}; 0 if the kernel gave none} */
    public int errno() {
        return errno;
    }
}
