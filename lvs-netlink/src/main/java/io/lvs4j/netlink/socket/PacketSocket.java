package io.lvs4j.netlink.socket;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sends whole Ethernet frames, on any interface, and receives none: see packet(7). Nothing waits. Not thread-safe.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MAC_BYTES = 6;
    private static final int TYPE = 12; // where a frame's type is
    private static final int HEADER_BYTES = 14;
    private static final int MOST_BYTES = 1 << 16;

    private final int fd;
    private final Memory out = new Memory(MOST_BYTES);
    private boolean closed;

    private PacketSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @return the socket
     * @throws SocketException if it must not be opened; the message says what to do
     */
    public static PacketSocket open() {
        int fd;
        try {
            fd = LibC.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); // 0: receives nothing
        } catch (LinkageError e) {
            throw new SocketException(NativeAccess.remedy(e), e);
        }
        if (fd < 0) {
            int errno = LibC.errno();
            throw new SocketException("packet socket", errno, errno == Errno.EPERM ? "grant CAP_NET_RAW" : "");
        }
        return new PacketSocket(fd);
    }

    /**
     * Sends one frame.
     *
     * @param frame from the destination's MAC address on
     * @param interfaceIndex the number of the interface
     * @throws SocketException if the kernel does not take it: the interface is down ({@link Errno#ENETDOWN}) or is not there
     *     ({@link Errno#ENXIO}), or there is no room ({@link Errno#EAGAIN}, {@link Errno#ENOBUFS})
     */
    public void send(byte[] frame, int interfaceIndex) {
        if (closed) {
            throw new IllegalStateException("the packet socket is closed");
        }
        if (frame.length < HEADER_BYTES || frame.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "frame: " + frame.length + " bytes (expected: " + HEADER_BYTES + ".." + MOST_BYTES + ")");
        }
        out.write(0, frame, 0, frame.length);
        byte[] address = ByteBuffer.allocate(20) // struct sockaddr_ll
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .put(frame, TYPE, Short.BYTES)
                .putInt(interfaceIndex)
                .put(11, (byte) MAC_BYTES)
                .put(12, frame, 0, MAC_BYTES)
                .array();
        long sent;
        do {
            sent = LibC.sendto(fd, out, new NativeLong(frame.length), 0, address, address.length)
                    .longValue();
        } while (sent < 0 && LibC.errno() == Errno.EINTR);
        if (sent < 0) {
            throw new SocketException(
                    "send of a frame of " + frame.length + " bytes on interface " + interfaceIndex, LibC.errno(), "");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int unused = LibC.close(fd);
            out.close();
        }
    }
}
