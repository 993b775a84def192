package io.lvs4j.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Sockets on Linux epoll. */
final class EpollSockets implements Sockets {

    @Override
    public StreamSocket newSocket(InetSocketAddress peer) throws IOException {
        return new EpollSocket(open(peer));
    }

    @Override
    public Pipe newPipe() throws IOException {
        return new EpollPipe();
    }

    @Override
    public boolean shareAddresses() {
        return true;
    }

    @Override
    public void requireFree(InetSocketAddress address) throws IOException {
        LinuxSocket socket = open(address);
        try {
            socket.setReuseAddress(true);
            socket.bind(address);
        } finally {
            socket.close();
        }
    }

    @Override
    public TcpListener listen(Loop loop, InetSocketAddress address, boolean shared, TcpListener.Acceptor acceptor)
            throws IOException {
        LinuxSocket socket = open(address);
        boolean success = false;
        try {
            socket.setReuseAddress(true);
            socket.setReusePort(shared);
            socket.setTcpNoDelay(true); // accepted sockets inherit it
            socket.bind(address);
            socket.listen(TcpListener.BACKLOG);
            EpollListener listener = new EpollListener(loop, socket, address, acceptor);
            success = true;
            return listener;
        } finally {
            if (!success) {
                socket.close();
            }
        }
    }

    private static LinuxSocket open(InetSocketAddress address) throws IOException {
        try {
            return LinuxSocket.newSocketStream(address.getAddress() instanceof Inet6Address);
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
