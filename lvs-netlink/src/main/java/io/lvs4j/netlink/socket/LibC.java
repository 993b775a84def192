package io.lvs4j.netlink.socket;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** The C library's functions that are used, by their own names; after a result below 0, {@link #errno()} says why. */
final class LibC {
    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    static int errno() {
        return Native.getLastError();
    }

    static native int socket(int domain, int type, int protocol);

    static native int connect(int fd, byte[] address, int length);

    static native int setsockopt(int fd, int level, int option, byte[] value, int length);

    static native NativeLong send(int fd, Pointer data, NativeLong length, int flags);

    static native NativeLong recv(int fd, Pointer data, NativeLong length, int flags);

    static native int open(String path, int flags);

    static native int close(int fd);

    static native int setns(int fd, int kind);
}
