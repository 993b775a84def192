package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.BackendException;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/** The kernel's IPVS refused something, or cannot be reached. */
public final class IpvsException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    IpvsException(String operation, String subject, int errno, String reason, @Nullable Throwable cause) {
        super(operation, subject, reason, cause);
        this.errno = errno;
    }

    /** Makes an exception of what the kernel said to a change. */
    static IpvsException refused(IpvsChange change, Outcome outcome) {
        String text = change.toString();
        int space = text.indexOf(' ', text.indexOf(' ') + 1);
        return refused(text.substring(0, space), text.substring(space + 1), outcome, meaning(change, outcome.errno()));
    }

    /** Makes an exception of what the kernel said to a question. */
    static IpvsException refused(String operation, String subject, Outcome outcome) {
        return refused(operation, subject, outcome, general(outcome.errno()));
    }

    private static IpvsException refused(String operation, String subject, Outcome outcome, String meaning) {
        String reason = "the kernel says " + Errno.name(outcome.errno())
                + (outcome.detail().isEmpty() ? "" : " (" + outcome.detail() + ")")
                + (meaning.isEmpty() ? "" : ": " + meaning);
        return new IpvsException(operation, subject, outcome.errno(), reason, null);
    }

    private static String meaning(IpvsChange change, int errno) {
        if (change instanceof IpvsChange.AddService add) {
            return switch (errno) {
                case Errno.EEXIST -> "there is such a service already; edit it, or remove it first";
                case Errno.ENOENT -> noScheduler(add.settings());
                default -> general(errno);
            };
        }
        if (change instanceof IpvsChange.EditService edit && errno == Errno.ENOENT) {
            return noScheduler(edit.settings());
        }
        if (change instanceof IpvsChange.AddDestination && errno == Errno.EEXIST) {
            return "the service has this destination already; edit it, or remove it first";
        }
        if (errno == Errno.ENOENT) {
            return "the service has no such destination";
        }
        if (errno == Errno.EINVAL && mixed(change)) {
            return "a destination of the other address family wants a tunnel, and that no sync daemon runs";
        }
        return general(errno);
    }

    private static boolean mixed(IpvsChange change) {
        IpvsDestination settings = change instanceof IpvsChange.AddDestination add
                ? add.settings()
                : change instanceof IpvsChange.EditDestination edit ? edit.settings() : null;
        return settings != null
                && AddressFamily.of(settings.address()) != change.service().family();
    }

    private static String noScheduler(IpvsService service) {
        return "no scheduler " + service.scheduler() + " in this kernel; load it: modprobe ip_vs_" + service.scheduler()
                + (service.persistenceEngine().isEmpty()
                        ? ""
                        : ", and modprobe ip_vs_pe_" + service.persistenceEngine());
    }

    /** What an error number means whatever was tried. */
    static String general(int errno) {
        return switch (errno) {
            case Errno.EPERM ->
                "this wants CAP_NET_ADMIN in the host's user namespace: run as root, or"
                        + " setcap cap_net_admin+ep on the java that runs this";
            case Errno.ESRCH -> "there is no such service";
            case Errno.EEXIST -> "it is there already";
            case Errno.ERANGE -> "a weight below 0, or a lower threshold above the upper one";
            case Errno.EAFNOSUPPORT -> "the kernel's IPVS has no support for this address family; modprobe ipv6";
            case Errno.ENODEV -> "there is no such network interface";
            case Errno.EOPNOTSUPP -> "this kernel's IPVS cannot do that";
            default -> "";
        };
    }

    /** Whether the kernel may have carried out what was asked: its answer did not come, was lost, or is garbled. */
    boolean unanswered() {
        return getCause() instanceof MalformedMessageException
                || (getCause() instanceof SocketException && (errno == Errno.EAGAIN || errno == Errno.ENOBUFS));
    }

    /** {@return the error number, such as 1 for EPERM; 0 if the kernel was not reached} */
    public int errno() {
        return errno;
    }
}
