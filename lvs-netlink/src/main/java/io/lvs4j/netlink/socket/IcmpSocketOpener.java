package io.lvs4j.netlink.socket;

import io.lvs4j.spi.IcmpSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** ICMP sockets, see icmp(7) and raw(7). Thread-safe. */
public final class IcmpSocketOpener implements IcmpSockets {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOL_RAW = 255;
    private static final int FILTER = 1; // ICMP_FILTER and ICMPV6_FILTER
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REPLY_V6 = 129;

    /** For the service loader. */
    public IcmpSocketOpener() {}

    @Override
    public IcmpSocket open(boolean ipv6) throws IOException {
        try {
            int unprivileged = socket(ipv6, SOCK_DGRAM);
            if (unprivileged >= 0) {
                return new IcmpSocket(unprivileged, false);
            }
            int raw = socket(ipv6, SOCK_RAW);
            if (raw < 0) {
                int errno = LibC.errno();
                throw new IOException("socket of ICMP" + (ipv6 ? "v6: " : ": ") + Errno.name(errno)
                        + (errno == Errno.EPERM
                                ? " (set net.ipv4.ping_group_range to hold a group of this process, or grant CAP_NET_RAW)"
                                : ""));
            }
            repliesOnly(raw, ipv6);
            return new IcmpSocket(raw, true);
        } catch (LinkageError e) {
            throw new IOException(NativeAccess.remedy(e), e);
        }
    }

    private static int socket(boolean ipv6, int type) {
        return LibC.socket(
                ipv6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    }

    /** Lets the kernel drop what is no echo reply. Not vital: who reads looks at the type, too. */
    private static void repliesOnly(int fd, boolean ipv6) {
        byte[] blocked = new byte[ipv6 ? 32 : 4];
        Arrays.fill(blocked, (byte) 0xff);
        int type = ipv6 ? ECHO_REPLY_V6 : ECHO_REPLY;
        ByteBuffer words = ByteBuffer.wrap(blocked).order(ByteOrder.nativeOrder());
        int word = (type >> 5) * 4;
        words.putInt(word, words.getInt(word) & ~(1 << (type & 31)));
        int unused = LibC.setsockopt(fd, ipv6 ? IPPROTO_ICMPV6 : SOL_RAW, FILTER, blocked, blocked.length);
    }
}
