package io.lvs4j.netlink.socket;

import java.util.Map;

/** The names of Linux's error numbers, as on x86 and ARM ({@code include/uapi/asm-generic/errno.h}). */
public final class Errno {
    /** Operation not permitted. */
    public static final int EPERM = 1;
    /** No such file, scheduler, or destination. */
    public static final int ENOENT = 2;
    /** No such process, or virtual service. */
    public static final int ESRCH = 3;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** No such interface. */
    public static final int ENXIO = 6;
    /** Nothing came in time. */
    public static final int EAGAIN = 11;
    /** Something earlier has not ended yet. */
    public static final int EBUSY = 16;
    /** Is there already. */
    public static final int EEXIST = 17;
    /** No such network device. */
    public static final int ENODEV = 19;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** Out of range. */
    public static final int ERANGE = 34;
    /** Not supported. */
    public static final int EOPNOTSUPP = 95;
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = 97;
    /** There is no such address here. */
    public static final int EADDRNOTAVAIL = 99;
    /** The interface is down. */
    public static final int ENETDOWN = 100;
    /** There is no route. */
    public static final int ENETUNREACH = 101;
    /** Out of buffer space: something that was for this socket has been dropped. */
    public static final int ENOBUFS = 105;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "EPERM"),
            Map.entry(ENOENT, "ENOENT"),
            Map.entry(ESRCH, "ESRCH"),
            Map.entry(EINTR, "EINTR"),
            Map.entry(ENXIO, "ENXIO"),
            Map.entry(EAGAIN, "EAGAIN"),
            Map.entry(12, "ENOMEM"),
            Map.entry(13, "EACCES"),
            Map.entry(EBUSY, "EBUSY"),
            Map.entry(EEXIST, "EEXIST"),
            Map.entry(ENODEV, "ENODEV"),
            Map.entry(EINVAL, "EINVAL"),
            Map.entry(23, "ENFILE"),
            Map.entry(24, "EMFILE"),
            Map.entry(ERANGE, "ERANGE"),
            Map.entry(90, "EMSGSIZE"),
            Map.entry(93, "EPROTONOSUPPORT"),
            Map.entry(EOPNOTSUPP, "EOPNOTSUPP"),
            Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT"),
            Map.entry(98, "EADDRINUSE"),
            Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL"),
            Map.entry(ENETDOWN, "ENETDOWN"),
            Map.entry(ENETUNREACH, "ENETUNREACH"),
            Map.entry(ENOBUFS, "ENOBUFS"),
            Map.entry(111, "ECONNREFUSED"),
            Map.entry(113, "EHOSTUNREACH"));

    private Errno() {}

    /** {@return the name of an error number, such as {@code EPERM}, or {@code errno 71} if it has none here} */
    public static String name(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
