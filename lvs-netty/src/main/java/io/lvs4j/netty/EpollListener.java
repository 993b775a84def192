package io.lvs4j.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket on epoll, edge-triggered: it accepts until there is nobody left. Confined to its event loop. */
final class EpollListener implements TcpListener, EpollIoHandle, Runnable {
    private static final Logger log = LoggerFactory.getLogger(EpollListener.class);
    private static final int MAX_ADDRESS = 26; // length byte, 16 bytes of address, 4 of scope, 4 of port, and a spare

    private final Loop loop;
    private final LinuxSocket socket;
    private final InetSocketAddress address;
    private final Acceptor acceptor;
    private final IoRegistration registration;
    private final byte[] peer = new byte[MAX_ADDRESS];
    private boolean waiting;
    private boolean closed;

    EpollListener(Loop loop, LinuxSocket socket, InetSocketAddress address, Acceptor acceptor) throws IOException {
        this.loop = loop;
        this.socket = socket;
        this.address = address;
        this.acceptor = acceptor;
        registration = loop.register(this);
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (!waiting) {
            accept();
        }
    }

    /** Goes on after a pause, or after a turn of the other sockets. */
    @Override
    public void run() {
        waiting = false;
        accept();
    }

    private void accept() {
        try {
            for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
                if (closed || !acceptOne()) {
                    return;
                }
            }
            waiting = true;
            loop.execute(this);
        } catch (IOException e) {
            log.warn("accept on {} failed, trying again in {} ms: {}", address, PAUSE_MILLIS, e.toString());
            waiting = true;
            loop.schedule(this, PAUSE_MILLIS);
        }
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
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        acceptTheRest(address, log);
        registration.cancel();
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }
}
