package io.lvs4j.netty;

import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket of TCP on epoll. Confined to its event loop. */
final class EpollListener extends EpollListening implements TcpListener {
    private static final Logger log = LoggerFactory.getLogger(EpollListener.class);
    static final int MAX_ADDRESS = 26; // length byte, 16 bytes of address, 4 of scope, 4 of port, and a spare

    private final Acceptor acceptor;
    private final byte[] peer = new byte[MAX_ADDRESS];

    EpollListener(Loop loop, LinuxSocket socket, InetSocketAddress address, Acceptor acceptor) throws IOException {
        super(loop, socket, address, log, ACCEPTS_PER_EVENT, PAUSE_MILLIS);
        this.acceptor = acceptor;
    }

    @Override
    boolean takeOne() throws IOException {
        return acceptOneIfThereIsRoom();
    }

    @Override
    public boolean acceptOne() throws IOException {
        int fd = socket.accept(peer);
        if (fd < 0) {
            return false;
        }
        accepted(LinuxSocket.newSocket(fd), NativeInetAddress.address(peer, 1, peer[0]));
        return true;
    }

    private void accepted(LinuxSocket accepted, InetSocketAddress client) {
        InetSocketAddress destination = address.getAddress().isAnyLocalAddress() ? accepted.localAddress() : address;
        EpollSocket connection = new EpollSocket(accepted);
        if (destination == null) {
            connection.close(); // reset before we came to it
        } else {
            acceptor.accepted(loop, connection, client, destination);
        }
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int descriptor() {
        return socket.intValue();
    }

    @Override
    void closing() {
        acceptTheRest(address, log);
    }
}
