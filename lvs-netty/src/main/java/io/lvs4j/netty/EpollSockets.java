package io.lvs4j.netty;

import io.lvs4j.AddressFamily;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Sockets on Linux epoll. */
final class EpollSockets implements Sockets {
    // linux/in.h; sockets of IPv6 have them, too
    private static final int SOL_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;

    // errno.h
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

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
    public boolean canBeTransparent() {
        return true;
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

    /** Binds a socket that shall connect, see {@link StreamSocket#bind}. */
    static void bind(LinuxSocket socket, InetSocketAddress local, boolean transparent) throws IOException {
        if (transparent) {
            switchOn(socket, IP_TRANSPARENT);
        }
        if (local.getPort() == 0) {
            switchOn(socket, IP_BIND_ADDRESS_NO_PORT);
        } else {
            socket.setReuseAddress(true); // the client may have other connections, to other services
        }
        try {
            socket.bind(local);
        } catch (NativeIoException e) {
            throw -e.expectedErr() == EADDRINUSE || -e.expectedErr() == EADDRNOTAVAIL
                    ? (BindException) new BindException(e.getMessage()).initCause(e)
                    : e;
        }
    }

    private static void switchOn(LinuxSocket socket, int option) throws IOException {
        try {
            socket.setIntOpt(SOL_IP, option, 1);
        } catch (ChannelException e) {
            throw new IOException(String.valueOf(e.getMessage()).replaceFirst("^.* failed: ", ""), e);
        }
    }

    /** Netty tells it by the text alone. */
    static boolean noPortLeft(ConnectException e) {
        return String.valueOf(e.getMessage()).contains("error(-" + EADDRNOTAVAIL + ")");
    }

    /** Refuses if this process may not use addresses that the host does not have. */
    static void requireTransparent(AddressFamily family) throws IOException {
        LinuxSocket socket = open(family == AddressFamily.INET6 ? ANY_6 : ANY_4);
        try {
            switchOn(socket, IP_TRANSPARENT);
        } finally {
            socket.close();
        }
    }

    @Override
    public TcpListener takeOver(Loop loop, int descriptor, InetSocketAddress address, TcpListener.Acceptor acceptor)
            throws IOException {
        LinuxSocket socket = LinuxSocket.newSocket(descriptor);
        boolean success = false;
        try {
            socket.setTcpNoDelay(true);
            sizeBuffers(socket);
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
    public DatagramPeer newDatagramPeer(
            InetSocketAddress server, @Nullable InetSocketAddress local, boolean transparent) throws IOException {
        LinuxSocket socket = openDatagram(server);
        boolean success = false;
        try {
            if (transparent) {
                switchOn(socket, IP_TRANSPARENT);
            }
            InetSocketAddress any = server.getAddress() instanceof Inet6Address ? ANY_6 : ANY_4;
            socket.bind(local == null ? any : local);
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
