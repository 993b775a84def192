package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Begins a connection with the PROXY header that says that it is this host's own: {@code LOCAL} in version 2, and in version 1,
 * where not every server knows the like of it, the addresses of the connection itself. Stands before whoever writes.
 */
final class ProxyGreeting extends ChannelInboundHandlerAdapter {
    private static final byte[] LOCAL = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x20, 0, 0, 0
    };

    private final ProxyProtocol.Version version;

    ProxyGreeting(ProxyProtocol.Version version) {
        this.version = version;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        if (ctx.channel().localAddress() instanceof InetSocketAddress local
                && ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
            ctx.writeAndFlush(header(local, remote));
        }
        super.channelActive(ctx);
    }

    private ByteBuf header(InetSocketAddress local, InetSocketAddress remote) {
        if (version == ProxyProtocol.Version.V2) {
            return Unpooled.wrappedBuffer(LOCAL);
        }
        String line = "PROXY " + (local.getAddress() instanceof Inet4Address ? "TCP4 " : "TCP6 ")
                + NetUtil.toAddressString(local.getAddress()) + " " + NetUtil.toAddressString(remote.getAddress()) + " "
                + local.getPort() + " " + remote.getPort() + "\r\n";
        return Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII);
    }
}
