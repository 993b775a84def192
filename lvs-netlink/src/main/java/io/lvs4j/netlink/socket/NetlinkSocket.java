package io.lvs4j.netlink.socket;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A netlink socket, see netlink(7). It hears the kernel only: it is connected to it, so that what other processes send is
 * refused. Not thread-safe.
 */
public final class NetlinkSocket implements NetlinkChannel, Pollable {
    /** More than the kernel puts into one datagram, which is 32 KiB. */
    private static final int RECEIVE_BYTES = 1 << 16;

    private static final int SEND_BUFFER_BYTES = 1 << 20;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_GENERIC = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int MSG_TRUNC = 0x20;

    private final int fd;
    private final Memory in = new Memory(RECEIVE_BYTES);
    private final ByteBuffer received = in.getByteBuffer(0, RECEIVE_BYTES).order(ByteOrder.nativeOrder());
    private Memory out = new Memory(1 << 12);
    private boolean closed;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket to generic netlink in the network namespace of the calling thread.
     *
     * @param patience how long to wait for an answer at most, 1 ms or more
     * @return the socket
     * @throws SocketException if there is no netlink here, or the C library cannot be called; the message says what to do
     */
    public static NetlinkSocket open(Duration patience) {
        return open(NETLINK_GENERIC, 0, socket -> socket.patience(patience));
    }

    /**
     * Opens a socket to rtnetlink(7) in the network namespace of the calling thread.
     *
     * @param patience how long to wait for an answer at most, 1 ms or more
     * @return the socket
     * @throws SocketException if there is no netlink here, or the C library cannot be called; the message says what to do
     */
    public static NetlinkSocket openRoute(Duration patience) {
        return open(NETLINK_ROUTE, 0, socket -> socket.patience(patience));
    }

    /**
     * Opens a socket that hears what rtnetlink(7) tells some groups, in the network namespace of the calling thread. It does not
     * wait: {@link #receive} throws {@link Errno#EAGAIN} while there is nothing.
     *
     * @param receiveBufferBytes how much the kernel keeps for it, the more the rarer it is overrun; without CAP_NET_ADMIN less
     * @param groups the groups' numbers, {@code RTNLGRP_*}
     * @return the socket
     * @throws SocketException if there is no netlink here, or the C library cannot be called; the message says what to do
     */
    public static NetlinkSocket openRouteMonitor(int receiveBufferBytes, int... groups) {
        return open(NETLINK_ROUTE, SOCK_NONBLOCK, socket -> {
            socket.set(SOL_SOCKET, SO_RCVBUFFORCE, receiveBufferBytes);
            for (int group : groups) {
                require(
                        "setsockopt(NETLINK_ADD_MEMBERSHIP " + group + ")",
                        socket.set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group));
            }
        });
    }

    private static NetlinkSocket open(int protocol, int type, Consumer<NetlinkSocket> preparation) {
        int fd;
        try {
            fd = LibC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | type, protocol);
        } catch (LinkageError e) {
            throw new SocketException(NativeAccess.remedy(e), e);
        }
        if (fd < 0) {
            throw new SocketException("socket(AF_NETLINK)", LibC.errno(), "netlink is Linux only");
        }
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.prepare();
            preparation.accept(socket);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepare() {
        // Not vital: old kernels lack the former two, and the latter two want a capability that what is asked for wants
        // anyway.
        set(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        set(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        set(SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
        set(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        ByteBuffer kernel = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        kernel.putShort((short) AF_NETLINK);
        require("connect(AF_NETLINK)", LibC.connect(fd, kernel.array(), kernel.capacity()));
    }

    private void patience(Duration patience) {
        ByteBuffer time = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        time.putLong(patience.toSeconds()).putLong(patience.toNanosPart() / 1000);
        require("setsockopt(SO_RCVTIMEO)", LibC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time.array(), 16));
    }

    private int set(int level, int option, int value) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        return LibC.setsockopt(fd, level, option, bytes, bytes.length);
    }

    private static void require(String call, int result) {
        if (result < 0) {
            throw new SocketException(call, LibC.errno(), "");
        }
    }

    @Override
    public void send(ByteBuffer datagram) {
        requireOpen();
        int length = datagram.remaining();
        if (out.size() < length) {
            out = new Memory(Math.max(2 * out.size(), length));
        }
        out.getByteBuffer(0, length).put(datagram.duplicate());
        long sent;
        do {
            sent = LibC.send(fd, out, new NativeLong(length), 0).longValue();
        } while (sent < 0 && LibC.errno() == Errno.EINTR);
        if (sent != length) {
            throw new SocketException("send of " + length + " bytes to netlink", sent < 0 ? LibC.errno() : 0, "");
        }
    }

    @Override
    public ByteBuffer receive() {
        requireOpen();
        long length;
        do {
            length = LibC.recv(fd, in, new NativeLong(RECEIVE_BYTES), MSG_TRUNC).longValue();
        } while (length < 0 && LibC.errno() == Errno.EINTR);
        if (length < 0) {
            throw new SocketException("recv from netlink", LibC.errno(), "");
        }
        if (length > RECEIVE_BYTES) {
            throw new SocketException(
                    "recv from netlink: a datagram of " + length + " bytes (expected: at most " + RECEIVE_BYTES + ")",
                    0,
                    "");
        }
        return received.clear().limit((int) length);
    }

    @Override
    public int fd() {
        return fd;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the netlink socket is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int unused = LibC.close(fd);
            in.close();
            out.close();
        }
    }
}
