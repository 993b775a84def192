package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening datagram socket of the JDK on a selector. Confined to its event loop. */
final class NioDatagramListener extends NioSelectableChannelIoHandle<DatagramChannel>
        implements DatagramListener, Runnable {
    private static final Logger log = LoggerFactory.getLogger(NioDatagramListener.class);

    private final Loop loop;
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final Receiver receiver;
    private final IoRegistration registration;
    private boolean closed;

    NioDatagramListener(Loop loop, DatagramChannel channel, InetSocketAddress address, Receiver receiver)
            throws IOException {
        super(channel);
        this.loop = loop;
        this.channel = channel;
        this.address = address;
        this.receiver = receiver;
        registration = loop.register(this);
        registration.submit(NioIoOps.READ);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    protected void handle(DatagramChannel channel, SelectionKey key) {
        try {
            for (int i = 0; i < DATAGRAMS_PER_EVENT; i++) {
                if (closed || !receiveOne()) {
                    return;
                }
            }
        } catch (IOException e) {
            log.warn("receiving on {} failed, trying again in {} ms: {}", address, PAUSE_MILLIS, e.toString());
            registration.submit(NioIoOps.NONE);
            loop.schedule(this, PAUSE_MILLIS);
        }
    }

    private boolean receiveOne() throws IOException {
        ByteBuf buffer = receiver.buffer();
        var nio = buffer.internalNioBuffer(0, buffer.capacity());
        int before = nio.position();
        InetSocketAddress from = (InetSocketAddress) channel.receive(nio);
        if (from == null) {
            return false;
        }
        receiver.received(this, from, buffer.writerIndex(nio.position() - before));
        return true;
    }

    /** Goes on after a pause. */
    @Override
    public void run() {
        if (!closed) {
            registration.submit(NioIoOps.READ);
        }
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        try {
            channel.send(datagram.internalNioBuffer(datagram.readerIndex(), datagram.readableBytes()), to);
        } catch (IOException e) {
            // it is dropped, as any router might have done
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        registration.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }
}
