package io.lvs4j.netty;

import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket of TCP of the JDK. Confined to its event loop. */
final class NioListener extends NioListening<ServerSocketChannel> implements TcpListener {
    private static final Logger log = LoggerFactory.getLogger(NioListener.class);

    private final Acceptor acceptor;

    NioListener(Loop loop, ServerSocketChannel channel, InetSocketAddress address, Acceptor acceptor)
            throws IOException {
        super(loop, channel, address, log, NioIoOps.ACCEPT, ACCEPTS_PER_EVENT, PAUSE_MILLIS);
        this.acceptor = acceptor;
    }

    @Override
    boolean takeOne() throws IOException {
        return acceptOneIfThereIsRoom();
    }

    @Override
    public boolean acceptOne() throws IOException {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
            return false;
        }
        accepted(accepted);
        return true;
    }

    private void accepted(SocketChannel accepted) throws IOException {
        int sendBuffer = loop.sockets().profile().socketBuffer();
        if (sendBuffer > 0) {
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer); // the JDK lets no listener hand that down
        }
        NioSocket connection = new NioSocket(accepted);
        InetSocketAddress client = (InetSocketAddress) accepted.socket().getRemoteSocketAddress();
        InetSocketAddress destination = address.getAddress().isAnyLocalAddress() ? connection.localAddress() : address;
        if (client == null || destination == null) {
            connection.close();
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
        throw new UnsupportedOperationException("descriptor");
    }

    @Override
    void closing() {
        acceptTheRest(address, log);
    }
}
