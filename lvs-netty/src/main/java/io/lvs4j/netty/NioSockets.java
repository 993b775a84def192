package io.lvs4j.netty;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Sockets of the JDK. */
final class NioSockets implements Sockets {

    private final Profile profile;

    NioSockets(Profile profile) {
        this.profile = profile;
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public StreamSocket newSocket(InetSocketAddress peer) throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean success = false;
        try {
            if (profile.socketBuffer() > 0) { // before connecting, because the peer is told then
                channel.setOption(StandardSocketOptions.SO_RCVBUF, profile.socketBuffer());
                channel.setOption(StandardSocketOptions.SO_SNDBUF, profile.socketBuffer());
            }
            success = true;
            return new NioSocket(channel);
        } finally {
            if (!success) {
                channel.close();
            }
        }
    }

    @Override
    public boolean hasPipes() {
        return false;
    }

    @Override
    public Pipe newPipe() {
        throw new IllegalStateException("there are no pipes here");
    }

    @Override
    public boolean canBeTransparent() {
        return false;
    }

    /** The JDK does not say what the system makes of an address that sockets share. */
    @Override
    public boolean sharesAddresses() {
        return false;
    }

    @Override
    public void requireFree(InetSocketAddress address) {
        throw new IllegalStateException("addresses are not shared here");
    }

    @Override
    public TcpListener takeOver(Loop loop, int descriptor, InetSocketAddress address, TcpListener.Acceptor acceptor) {
        throw new IllegalStateException("addresses are not shared here");
    }

    @Override
    public TcpListener listen(Loop loop, InetSocketAddress address, boolean shared, TcpListener.Acceptor acceptor)
            throws IOException {
        ServerSocketChannel channel = address.getAddress() instanceof Inet4Address
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
        boolean success = false;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (profile.socketBuffer() > 0) {
                channel.setOption(
                        StandardSocketOptions.SO_RCVBUF, profile.socketBuffer()); // accepted sockets inherit it
            }
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

    @Override
    public DatagramPeer newDatagramPeer(
            InetSocketAddress server, @Nullable InetSocketAddress local, boolean transparent) throws IOException {
        if (transparent) {
            throw new IllegalStateException("the JDK cannot do that");
        }
        return new NioDatagramPeer(bound(server, local));
    }

    @Override
    public DatagramListener listen(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver)
            throws IOException {
        DatagramChannel channel = bound(address, address);
        boolean success = false;
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, DatagramListener.RECEIVE_BUFFER);
            DatagramListener listener = new NioDatagramListener(loop, channel, address, receiver);
            success = true;
            return listener;
        } finally {
            if (!success) {
                channel.close();
            }
        }
    }

    @Override
    public DatagramListener listenToo(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver) {
        throw new UnsupportedOperationException("listenToo");
    }

    /** Binds to an address, or to any port if it is null. */
    private static DatagramChannel bound(InetSocketAddress family, @Nullable InetSocketAddress address)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                family.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        boolean success = false;
        try {
            channel.configureBlocking(false);
            channel.bind(address);
            success = true;
            return channel;
        } finally {
            if (!success) {
                channel.close();
            }
        }
    }
}
