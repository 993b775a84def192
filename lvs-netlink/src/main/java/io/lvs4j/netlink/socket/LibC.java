package io.lvs4j.netlink.socket;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

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

    static native NativeLong sendto(
            int fd, Pointer data, NativeLong length, int flags, byte[] address, int addressLength);

    static native NativeLong sendmsg(int fd, Pointer message, int flags);

    static native NativeLong recvmsg(int fd, Pointer message, int flags);

    static native NativeLong read(int fd, byte[] data, NativeLong length);

    static native NativeLong write(int fd, byte[] data, NativeLong length);

    static native int ppoll(Pointer descriptors, NativeLong count, Pointer timeout, @Nullable Pointer signals);

    static native int eventfd(int value, int flags);

    static native int if_nametoindex(String name);

    static native int open(String path, int flags);

    static native int close(int fd);

    static native int setns(int fd, int kind);
}
