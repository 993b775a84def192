package io.lvs4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sockets of the JDK. */
final class NioSockets implements Sockets {

    @Override
    public StreamSocket newSocket(InetSocketAddress peer) throws IOException {
        return new NioSocket(SocketChannel.open());
    }

    @Override
    public TcpListener listen(Loop loop, InetSocketAddress address, TcpListener.Acceptor acceptor) throws IOException {
        ServerSocketChannel channel = address.getAddress() instanceof java.net.Inet4Address
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
        boolean success = false;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, TcpListener.BACKLOG);
            NioListener listener = new NioListener(loop, channel, address, acceptor);
            success = true;
            return listener;
        } finally {
            if (!success) {
                channel.close();
            }
        }
    }
}
