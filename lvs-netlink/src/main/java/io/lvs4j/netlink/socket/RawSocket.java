package io.lvs4j.netlink.socket;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.lvs4j.AddressFamily;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one IP protocol that is neither TCP nor UDP, as of VRRP (112), on one interface: see raw(7), ip(7), ipv6(7). What is
 * sent leaves with a hop limit of 255 and the precedence of network control, and is not heard on this host. The checksum of the
 * payload is its sender's and receiver's matter, over IPv6, too.
 *
 * <p>It hears what is sent to addresses of this host and to the groups that it has joined. It is tied to the interface that had
 * the name when it was opened: if that is removed, the socket is silent for ever, and is to be closed.
 *
 * <p>Nothing waits: see {@link Poller}. Not thread-safe.
 */
public final class RawSocket implements Pollable, AutoCloseable {
    /** As many packets that are none, or for others, are passed over by one call. */
    private static final int MAX_PASSED_OVER = 64;

    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_TTL = 2;
    private static final int IP_PKTINFO = 8;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_MULTICAST_ALL = 49;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_ADD_MEMBERSHIP = 20;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int IPV6_TCLASS = 67;
    private static final int IPV6_FREEBIND = 78;

    private static final int NETWORK_CONTROL = 0xc0;
    private static final int MOST_HOPS = 255;
    private static final int LONGEST_NAME = 15;

    // struct msghdr, struct iovec, an address, control messages, what was received, what is sent: one after the other,
    // on 64 bits.
    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 56;
    private static final int NAME = 72;
    private static final int CONTROL = 104;
    private static final int CONTROL_BYTES = 256;
    private static final int DATA = CONTROL + CONTROL_BYTES;
    private static final int DATA_BYTES = 1 << 16; // no IP packet is longer
    private static final int OUT = DATA + DATA_BYTES; // apart, so that an answer does not overwrite what it answers
    private static final int CONTROL_HEADER_BYTES = 16; // struct cmsghdr

    private final boolean ipv6;
    private final int fd;
    private final String device;
    private final Set<InetAddress> groups = new HashSet<>();
    private int index;
    private final Memory memory = new Memory(OUT + DATA_BYTES);
    private final ByteBuffer bytes = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
    private long odd;
    private boolean closed;

    private RawSocket(boolean ipv6, int fd, String device) {
        this.ipv6 = ipv6;
        this.fd = fd;
        this.device = device;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @param family of which packets
     * @param protocol the number of the IP protocol, 1..255
     * @param device the name of the interface, or of a VRF device
     * @return the socket
     * @throws SocketException if there is no such interface or it must not be opened; the message says what to do
     */
    public static RawSocket open(AddressFamily family, int protocol, String device) {
        if (protocol < 1 || protocol > 255) {
            throw new IllegalArgumentException("protocol: " + protocol + " (expected: 1..255)");
        }
        boolean ipv6 = family == AddressFamily.INET6;
        String what = "socket of IP" + (ipv6 ? "v6" : "v4") + " protocol " + protocol + " on " + device;
        int fd;
        try {
            fd = LibC.socket(
                    ipv6 ? RawAddress.AF_INET6 : RawAddress.AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        } catch (LinkageError e) {
            throw new SocketException(NativeAccess.remedy(e), e);
        }
        if (fd < 0) {
            int errno = LibC.errno();
            throw new SocketException(
                    what,
                    errno,
                    errno == Errno.EPERM ? "grant CAP_NET_RAW" : errno == Errno.EAFNOSUPPORT ? "enable IPv6" : "");
        }
        RawSocket socket = new RawSocket(ipv6, fd, device);
        try {
            socket.prepare(what);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepare(String what) {
        index = device.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME ? 0 : LibC.if_nametoindex(device);
        if (index == 0) {
            throw new SocketException(what, Errno.ENODEV, "there is no such interface; ip link lists those there are");
        }
        byte[] name = (device + "\0").getBytes(StandardCharsets.UTF_8);
        require("bind to " + device, LibC.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length));
        int unused = set(SOL_SOCKET, SO_TIMESTAMPNS, 1); // not vital
        if (ipv6) {
            require("IPV6_RECVHOPLIMIT", set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1));
            require("IPV6_RECVPKTINFO", set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
            require("IPV6_MULTICAST_IF", set(IPPROTO_IPV6, IPV6_MULTICAST_IF, index));
            require("IPV6_MULTICAST_LOOP", set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0));
            unused = set(IPPROTO_IPV6, IPV6_TCLASS, NETWORK_CONTROL);
        } else {
            byte[] request = multicastRequest(new byte[4]);
            require("IP_MULTICAST_IF", LibC.setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, request, request.length));
            require("IP_MULTICAST_LOOP", set(IPPROTO_IP, IP_MULTICAST_LOOP, 0));
            require("IP_MULTICAST_ALL", set(IPPROTO_IP, IP_MULTICAST_ALL, 0));
            unused = set(IPPROTO_IP, IP_MTU_DISCOVER, 0); // without "don't fragment"
            unused = set(IPPROTO_IP, IP_TOS, NETWORK_CONTROL);
        }
        hopLimit(MOST_HOPS);
    }

    /** {@return the number that its interface had when it was opened} */
    public int interfaceIndex() {
        return index;
    }

    /**
     * Sets the hop limit of what is sent from now on.
     *
     * @param hops 1..255
     */
    public void hopLimit(int hops) {
        if (hops < 1 || hops > MOST_HOPS) {
            throw new IllegalArgumentException("hop limit: " + hops + " (expected: 1..255)");
        }
        if (ipv6) {
            require("IPV6_UNICAST_HOPS", set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops));
            require("IPV6_MULTICAST_HOPS", set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hops));
        } else {
            require("IP_TTL", set(IPPROTO_IP, IP_TTL, hops));
            require("IP_MULTICAST_TTL", set(IPPROTO_IP, IP_MULTICAST_TTL, hops));
        }
    }

    /**
     * Lets packets have a source that is not its interface's from now on. Over IPv4 they may anyway, if it is one of this host.
     *
     * @throws SocketException if the kernel is older than 4.15
     */
    public void anySource() {
        if (ipv6) {
            require("IPV6_FREEBIND", set(IPPROTO_IPV6, IPV6_FREEBIND, 1));
        }
    }

    /**
     * Sets how much the kernel keeps until it is received.
     *
     * @param size bytes, 1 or more; the kernel may know better
     */
    public void receiveBuffer(int size) {
        require("SO_RCVBUF", set(SOL_SOCKET, SO_RCVBUF, size));
    }

    /**
     * Hears what is sent to a group, too.
     *
     * @param group a multicast address
     * @throws SocketException if it cannot be joined, as because this socket has joined it already
     */
    public void join(InetAddress group) {
        requireFamily("group", group);
        byte[] request = multicastRequest(group.getAddress());
        require(
                "join " + group.getHostAddress(),
                ipv6
                        ? LibC.setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, request, request.length)
                        : LibC.setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, request, request.length));
        groups.add(RawAddress.decode(group.getAddress()));
    }

    /** Returns struct ip_mreqn (group, own address, interface) or struct ipv6_mreq (group, interface). */
    private byte[] multicastRequest(byte[] group) {
        return ByteBuffer.allocate(ipv6 ? 20 : 12)
                .order(ByteOrder.nativeOrder())
                .put(group)
                .putInt(ipv6 ? 16 : 8, index)
                .array();
    }

    // ---------------------------------------------------------------- sending

    /**
     * Sends one packet.
     *
     * @param payload what follows the IP header, from its position to its limit; not consumed
     * @param destination an address or a group
     * @param source the address that it comes from, one of this host; empty = the kernel chooses
     * @throws SocketException if the kernel does not take it: there is no room ({@link Errno#EAGAIN}, {@link Errno#ENOBUFS}), no
     *     way, the interface is down, or the source is not of this host
     */
    public void send(ByteBuffer payload, InetAddress destination, Optional<InetAddress> source) {
        requireOpen();
        requireFamily("destination", destination);
        source.ifPresent(address -> requireFamily("source", address));
        int length = payload.remaining();
        if (length > DATA_BYTES) {
            throw new IllegalArgumentException("payload: " + length + " bytes (expected: at most " + DATA_BYTES + ")");
        }
        byte[] name = RawAddress.encode(destination, index);
        bytes.put(NAME, name).put(OUT, payload, payload.position(), length);
        header(name.length, source.map(this::writeSource).orElse(0), OUT, length);
        long sent;
        do {
            sent = LibC.sendmsg(fd, memory, 0).longValue();
        } while (sent < 0 && LibC.errno() == Errno.EINTR);
        if (sent < 0) {
            int errno = LibC.errno();
            String from =
                    source.map(address -> " from " + address.getHostAddress()).orElse("");
            boolean refused = errno == Errno.EINVAL || errno == Errno.EADDRNOTAVAIL || errno == Errno.ENETUNREACH;
            throw new SocketException(
                    "send to " + destination.getHostAddress() + from + " on " + device,
                    errno,
                    source.isPresent() && refused
                            ? "the source must be an address of this host, with a way to the destination"
                            : "");
        }
    }

    /** Writes the control message that names the source. Returns its length. */
    private int writeSource(InetAddress source) {
        byte[] address = source.getAddress();
        int data = ipv6 ? 20 : 12; // struct in6_pktinfo, struct in_pktinfo
        int length = CONTROL_HEADER_BYTES + data;
        bytes.putLong(CONTROL, length)
                .putInt(CONTROL + 8, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP)
                .putInt(CONTROL + 12, ipv6 ? IPV6_PKTINFO : IP_PKTINFO);
        int at = CONTROL + CONTROL_HEADER_BYTES;
        if (ipv6) {
            bytes.put(at, address).putInt(at + 16, index);
        } else {
            bytes.putInt(at, index).put(at + 4, address).putInt(at + 8, 0);
        }
        return (length + 7) & ~7;
    }

    private void header(int nameLength, int controlLength, int data, int dataLength) {
        long base = Pointer.nativeValue(memory);
        bytes.putLong(0, base + NAME)
                .putLong(NAME_LENGTH, nameLength)
                .putLong(16, base + VECTOR)
                .putLong(24, 1)
                .putLong(32, controlLength == 0 ? 0 : base + CONTROL)
                .putLong(40, controlLength)
                .putLong(48, 0);
        bytes.putLong(VECTOR, base + data).putLong(VECTOR + 8, dataLength);
    }

    // ---------------------------------------------------------------- receiving

    /**
     * Receives one packet, if there is one.
     *
     * @return the packet; null if none waits
     * @throws SocketException if the socket fails
     */
    public @Nullable Datagram receive() {
        requireOpen();
        for (int i = 0; i < MAX_PASSED_OVER; i++) {
            header(RawAddress.BYTES_V6, CONTROL_BYTES, DATA, DATA_BYTES);
            long length = LibC.recvmsg(fd, memory, 0).longValue();
            if (length < 0) {
                int errno = LibC.errno();
                if (errno == Errno.EAGAIN) {
                    return null;
                }
                if (errno != Errno.EINTR) {
                    throw new SocketException("receive on " + device, errno, "");
                }
            } else {
                Datagram datagram = datagram((int) Math.min(length, DATA_BYTES));
                if (datagram == null) {
                    odd++;
                } else if (isWanted(datagram.destination())) {
                    return datagram;
                }
            }
        }
        return null; // whoever polls will look again
    }

    /** Whatever the kernel is told, it gives packets of IPv6 groups that somebody else on this host has joined. */
    private boolean isWanted(InetAddress destination) {
        return !destination.isMulticastAddress() || groups.contains(destination);
    }

    /** {@return how many packets were passed over because their headers could not be read; none, as far as the kernel checks them} */
    public long odd() {
        return odd;
    }

    private @Nullable Datagram datagram(int length) {
        int controlLength = (int) Math.min(Math.max(bytes.getLong(40), 0), CONTROL_BYTES);
        ControlMessages control =
                ControlMessages.parse(bytes.slice(CONTROL, controlLength).order(ByteOrder.nativeOrder()));
        ByteBuffer data = bytes.slice(DATA, length);
        Duration age = control.time(SOL_SOCKET, SO_TIMESTAMPNS)
                .map(time -> Duration.between(time, Instant.now()))
                .filter(time -> !time.isNegative())
                .orElse(Duration.ZERO);
        if (!ipv6) {
            return Ipv4Packet.parse(data, age);
        }
        byte[] source = new byte[16];
        bytes.get(NAME + RawAddress.ADDRESS_V6, source);
        byte @Nullable [] destination = control.bytes(IPPROTO_IPV6, IPV6_PKTINFO, source.length);
        byte @Nullable [] hops = control.bytes(IPPROTO_IPV6, IPV6_HOPLIMIT, Integer.BYTES);
        if (destination == null || hops == null) {
            return null;
        }
        int hopLimit = ByteBuffer.wrap(hops).order(ByteOrder.nativeOrder()).getInt();
        return new Datagram(data, RawAddress.decode(source), RawAddress.decode(destination), hopLimit & MOST_HOPS, age);
    }

    // ---------------------------------------------------------------- the socket

    private int set(int level, int option, int value) {
        byte[] number = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        return LibC.setsockopt(fd, level, option, number, number.length);
    }

    private void require(String call, int result) {
        if (result < 0) {
            int errno = LibC.errno();
            throw new SocketException(call + " on " + device, errno, errno == Errno.EPERM ? "grant CAP_NET_RAW" : "");
        }
    }

    private void requireFamily(String what, InetAddress address) {
        if ((AddressFamily.of(address) == AddressFamily.INET6) != ipv6) {
            throw new IllegalArgumentException(
                    what + ": " + address.getHostAddress() + " (expected: an IPv" + (ipv6 ? 6 : 4) + " address)");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the raw socket on " + device + " is closed");
        }
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int unused = LibC.close(fd);
            memory.close();
        }
    }
}
