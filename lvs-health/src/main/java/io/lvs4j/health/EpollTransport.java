package io.lvs4j.health;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.Optional;

/** Linux's epoll. The one class that touches Netty's epoll classes, so that the others can be loaded without them. */
final class EpollTransport implements Transport {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final ChannelOption<Integer> MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);

    static boolean available() {
        return Epoll.isAvailable();
    }

    static boolean runsOn(IoEventLoopGroup loops) {
        return loops.isCompatible(EpollIoHandle.class);
    }

    @Override
    public IoHandlerFactory handlers() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public Class<? extends SocketChannel> socketType() {
        return EpollSocketChannel.class;
    }

    @Override
    public DatagramChannel newDatagramChannel(SocketProtocolFamily family) {
        return new EpollDatagramChannel(family);
    }

    @Override
    public Optional<ChannelOption<Integer>> mark() {
        return Optional.of(MARK);
    }

    @Override
    public boolean takesDescriptors() {
        return true;
    }

    @Override
    public DatagramChannel wrap(int descriptor) {
        return new EpollDatagramChannel(descriptor);
    }
}
