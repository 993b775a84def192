package io.lvs4j.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Sockets of the JDK. */
final class NioSockets implements Sockets {

    @Override
    public StreamSocket newSocket(InetSocketAddress peer) throws IOException {
        return new NioSocket(SocketChannel.open());
    }

    @Override
    public @Nullable Pipe newPipe() {
        return null;
    }

    @Override
    public boolean shareAddresses() {
        return false; // not on every operating system
    }

    @Override
    public void requireFree(InetSocketAddress address) {
        throw new IllegalStateException("addresses are not shared here");
    }

    @Override
    public TcpListener listen(Loop loop, InetSocketAddress address, boolean shared, TcpListener.Acceptor acceptor)
            throws IOException {
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
