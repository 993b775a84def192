package io.lvs4j.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket of the JDK on a selector. Confined to its event loop. */
final class NioListener extends NioSelectableChannelIoHandle<ServerSocketChannel> implements TcpListener, Runnable {
    private static final Logger log = LoggerFactory.getLogger(NioListener.class);

    private final Loop loop;
    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final Acceptor acceptor;
    private final IoRegistration registration;
    private boolean closed;

    NioListener(Loop loop, ServerSocketChannel channel, InetSocketAddress address, Acceptor acceptor)
            throws IOException {
        super(channel);
        this.loop = loop;
        this.channel = channel;
        this.address = address;
        this.acceptor = acceptor;
        registration = loop.register(this);
        registration.submit(NioIoOps.ACCEPT);
    }

    @Override
    protected void handle(ServerSocketChannel channel, SelectionKey key) {
        try {
            for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
                if (closed || !acceptOne()) {
                    return;
                }
            }
        } catch (IOException e) {
            log.warn("accept on {} failed, trying again in {} ms: {}", address, PAUSE_MILLIS, e.toString());
            registration.submit(NioIoOps.NONE);
            loop.schedule(this, PAUSE_MILLIS);
        }
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

    private void accepted(SocketChannel accepted) {
        NioSocket connection = new NioSocket(accepted);
        InetSocketAddress client = (InetSocketAddress) accepted.socket().getRemoteSocketAddress();
        InetSocketAddress destination = address.getAddress().isAnyLocalAddress() ? connection.localAddress() : address;
        if (client == null || destination == null) {
            connection.close();
        } else {
            acceptor.accepted(loop, connection, client, destination);
        }
    }

    /** Goes on after a pause. */
    @Override
    public void run() {
        if (!closed) {
            registration.submit(NioIoOps.ACCEPT);
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
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }
}
