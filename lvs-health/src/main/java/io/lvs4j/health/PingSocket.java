package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Echo requests and replies of all pings of one family (RFC 792, RFC 4443 section 4). A reply belongs to a request if it bears its
 * token, which cannot be guessed, and its sequence number, and comes from whom was asked. On a raw socket it must bear our
 * identifier, too; on others the kernel has compared that. Confined to one event loop.
 *
 * <pre>
 *   0      1      2          4            6          8       16
 *   | type | code | checksum | identifier | sequence | token |
 * </pre>
 */
final class PingSocket extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final int BYTES = 16;
    private static final int IPV4_HEADER_BYTES = 20;

    private final boolean ipv6;
    private final boolean raw;
    private final short identifier;
    private final Map<Long, Waiting> pending = new HashMap<>();

    private record Waiting(InetAddress address, PingAttempt attempt) {}

    PingSocket(boolean ipv6, boolean raw, short identifier) {
        this.ipv6 = ipv6;
        this.raw = raw;
        this.identifier = identifier;
    }

    void ask(Channel channel, InetAddress address, PingAttempt attempt) {
        pending.put(attempt.token(), new Waiting(address, attempt));
        channel.writeAndFlush(new DatagramPacket(request(attempt.token()), new InetSocketAddress(address, 0)))
                .addListener(written -> {
                    Throwable cause = written.cause();
                    if (cause != null) {
                        forget(attempt);
                        attempt.end(
                                OwnFault.is(cause)
                                        ? CheckResult.inconclusive("ping: " + Wording.of(cause))
                                        : Phase.PING.failed(Wording.of(cause)));
                    }
                });
    }

    void forget(PingAttempt attempt) {
        pending.remove(attempt.token());
    }

    private ByteBuf request(long token) {
        ByteBuf request = Unpooled.buffer(BYTES, BYTES);
        request.writeByte(ipv6 ? 128 : 8).writeByte(0).writeShort(0);
        request.writeShort(identifier).writeShort((short) token).writeLong(token);
        if (!ipv6) {
            request.setShort(2, checksum(request)); // ICMPv6's covers addresses, so the kernel computes it
        }
        return request;
    }

    /** Returns the Internet checksum (RFC 1071) of an even number of bytes. */
    static int checksum(ByteBuf bytes) {
        int sum = 0;
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i += 2) {
            sum += bytes.getUnsignedShort(i);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
        ByteBuf reply = packet.content();
        if (raw && !ipv6 && !skipIpHeader(reply)) {
            return;
        }
        if (reply.readableBytes() < BYTES) {
            return;
        }
        int start = reply.readerIndex();
        long token = reply.getLong(start + 8);
        Waiting waiting = pending.get(token);
        boolean ours = reply.getUnsignedByte(start) == (ipv6 ? 129 : 0)
                && reply.getByte(start + 1) == 0
                && (!raw || reply.getShort(start + 4) == identifier)
                && reply.getShort(start + 6) == (short) token;
        if (ours && waiting != null && waiting.address.equals(packet.sender().getAddress())) {
            pending.remove(token);
            waiting.attempt.end(CheckResult.passed("echo reply"));
        }
    }

    private static boolean skipIpHeader(ByteBuf packet) {
        if (packet.readableBytes() < IPV4_HEADER_BYTES) {
            return false;
        }
        int length = (packet.getByte(packet.readerIndex()) & 0x0f) * 4;
        if (length < IPV4_HEADER_BYTES || length > packet.readableBytes()) {
            return false;
        }
        packet.skipBytes(length);
        return true;
    }

    /** An error of the socket, such as an ICMP error that the kernel passes on, is nobody's in particular. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
}
