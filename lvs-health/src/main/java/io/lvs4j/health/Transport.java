package io.lvs4j.health;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Optional;

/** The interface to the operating system that event loops use. Epoll can do more, the JDK's selectors are everywhere. */
interface Transport {

    /** Returns what makes event loops of this kind. */
    IoHandlerFactory handlers();

    Class<? extends SocketChannel> socketType();

    DatagramChannel newDatagramChannel(SocketProtocolFamily family);

    /** Returns the option that marks packets (SO_MARK). */
    Optional<ChannelOption<Integer>> mark();

    /** Returns whether {@link #wrap} works. */
    boolean takesDescriptors();

    /** Returns a channel that takes a datagram socket over and closes it with itself. */
    DatagramChannel wrap(int descriptor);

    /** Returns epoll where Netty's native library is there, else the JDK's selectors. */
    static Transport best() {
        return epollIsThere() ? new EpollTransport() : new Nio();
    }

    /** Returns the transport of somebody else's event loops. */
    static Transport of(EventLoopGroup group) {
        boolean epoll = group instanceof IoEventLoopGroup loops && epollIsThere() && EpollTransport.runsOn(loops);
        return epoll ? new EpollTransport() : new Nio();
    }

    private static boolean epollIsThere() {
        try {
            return EpollTransport.available();
        } catch (LinkageError e) {
            return false; // not even the classes are there
        }
    }

    /** The JDK's selectors. */
    final class Nio implements Transport {
        @Override
        public IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public Class<? extends SocketChannel> socketType() {
            return NioSocketChannel.class;
        }

        @Override
        public DatagramChannel newDatagramChannel(SocketProtocolFamily family) {
            return new NioDatagramChannel(family);
        }

        @Override
        public Optional<ChannelOption<Integer>> mark() {
            return Optional.empty();
        }

        @Override
        public boolean takesDescriptors() {
            return false;
        }

        @Override
        public DatagramChannel wrap(int descriptor) {
            throw new UnsupportedOperationException("descriptor: " + descriptor + " (expected: none, on NIO)");
        }
    }
}
