package io.lvs4j.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;

/**
 * The kernel's segmentation of UDP, on one socket: what is sent in one call goes out as datagrams of a length that the socket
 * remembers. Linux has it since 4.18. What it does not take has to be sent one by one: it may be too long for the path to this
 * receiver. Where the network device cannot do it, nothing is tried again through this socket.
 */
final class EpollSegmentation {
    // linux/udp.h
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;

    // errno.h
    private static final int EIO = 5;
    private static final int EINVAL = 22;
    private static final int EMSGSIZE = 90;

    private final LinuxSocket socket;
    private int length; // 0 = nothing is cut
    private boolean unavailable;

    EpollSegmentation(LinuxSocket socket) {
        this.socket = socket;
    }

    /** Has what is sent next cut into datagrams of a length; returns false if that cannot be done. */
    boolean cutInto(int bytes) {
        if (!unavailable && bytes != length) {
            unavailable = !set(bytes);
        }
        return !unavailable;
    }

    /** Has a datagram of a length stay as it is. */
    void keepWhole(int bytes) {
        if (length != 0 && bytes > length) {
            set(0);
        }
    }

    /**
     * Whether segmentation may be the reason why sending failed. Then it is off until {@link #cutInto}, and the same may be sent
     * again, datagram by datagram.
     */
    boolean isToBlame(IOException failure) {
        if (length == 0 || !(failure instanceof NativeIoException e)) {
            return false;
        }
        int errno = -e.expectedErr();
        if (errno != EIO && errno != EINVAL && errno != EMSGSIZE) {
            return false;
        }
        unavailable |= errno == EIO;
        return set(0);
    }

    private boolean set(int bytes) {
        try {
            socket.setIntOpt(SOL_UDP, UDP_SEGMENT, bytes);
            length = bytes;
            return true;
        } catch (IOException | ChannelException e) {
            return false;
        }
    }
}
