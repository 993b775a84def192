package io.lvs4j.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Sockets on Linux epoll. */
final class EpollSockets implements Sockets {
    private static final InetSocketAddress ANY_4 = new InetSocketAddress("0.0.0.0", 0);
    private static final InetSocketAddress ANY_6 = new InetSocketAddress("::", 0);

    private final Profile profile;

    EpollSockets(Profile profile) {
        this.profile = profile;
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public StreamSocket newSocket(InetSocketAddress peer) throws IOException {
        LinuxSocket socket = open(peer);
        boolean success = false;
        try {
            sizeBuffers(socket);
            success = true;
            return new EpollSocket(socket);
        } finally {
            if (!success) {
                socket.close();
            }
        }
    }

    /** Comes before connecting or listening, because the peer is told then; accepted sockets inherit it. */
    private void sizeBuffers(LinuxSocket socket) throws IOException {
        if (profile.socketBuffer() > 0) {
            socket.setReceiveBufferSize(profile.socketBuffer());
            socket.setSendBufferSize(profile.socketBuffer());
        }
    }

    @Override
    public boolean hasPipes() {
        return profile.pipes();
    }

    @Override
    public Pipe newPipe() throws IOException {
        return new EpollPipe();
    }

    @Override
    public boolean sharesAddresses() {
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
            sizeBuffers(socket);
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

    @Override
    public DatagramPeer newDatagramPeer(InetSocketAddress server) throws IOException {
        LinuxSocket socket = openDatagram(server);
        boolean success = false;
        try {
            socket.bind(server.getAddress() instanceof Inet6Address ? ANY_6 : ANY_4);
            success = true;
            return new EpollDatagramPeer(socket);
        } finally {
            if (!success) {
                socket.close();
            }
        }
    }

    /** The first socket is bound alone, so that an address in use is found out; then others may share its port. */
    @Override
    public DatagramListener listen(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver)
            throws IOException {
        return listen(loop, address, receiver, false);
    }

    @Override
    public DatagramListener listenToo(Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver)
            throws IOException {
        return listen(loop, address, receiver, true);
    }

    private static DatagramListener listen(
            Loop loop, InetSocketAddress address, DatagramListener.Receiver receiver, boolean shared)
            throws IOException {
        LinuxSocket socket = openDatagram(address);
        boolean success = false;
        try {
            socket.setReusePort(shared);
            socket.setReceiveBufferSize(DatagramListener.RECEIVE_BUFFER);
            socket.bind(address);
            socket.setReusePort(true);
            DatagramListener listener = new EpollDatagramListener(loop, socket, address, receiver);
            success = true;
            return listener;
        } finally {
            if (!success) {
                socket.close();
            }
        }
    }

    private static LinuxSocket openDatagram(InetSocketAddress address) throws IOException {
        try {
            return LinuxSocket.newSocketDgram(address.getAddress() instanceof Inet6Address);
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
