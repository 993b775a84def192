package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** A connected datagram socket of the JDK on a selector. Confined to its event loop. */
final class NioDatagramPeer extends NioSelectableChannelIoHandle<DatagramChannel> implements DatagramPeer {
    private final DatagramChannel channel;
    private @Nullable Owner owner;
    private @Nullable IoRegistration registration;
    private boolean closed;

    /** Takes a channel that has a local port and does not block. */
    NioDatagramPeer(DatagramChannel channel) {
        super(channel);
        this.channel = channel;
    }

    @Override
    public void connect(Loop loop, InetSocketAddress server, Owner owner) throws IOException {
        channel.connect(server); // drops what came before
        if (server.equals(channel.getLocalAddress())) {
            throw new IOException("connected to itself: nobody listens there");
        }
        this.owner = owner;
        registration = loop.register(this);
        registration.submit(NioIoOps.READ);
    }

    @Override
    protected void handle(DatagramChannel channel, SelectionKey key) {
        Owner to = owner;
        if (to == null) {
            return;
        }
        try {
            for (int i = 0; i < DatagramListener.DATAGRAMS_PER_EVENT; i++) {
                if (closed || !receiveOne(to)) {
                    return;
                }
            }
        } catch (IOException e) {
            to.failed(e);
        }
    }

    private boolean receiveOne(Owner to) throws IOException {
        DatagramBatch batch = to.batch();
        batch.clear();
        ByteBuf room = batch.room();
        var nio = room.internalNioBuffer(room.writerIndex(), room.writableBytes());
        int before = nio.position();
        if (channel.receive(nio) == null) {
            return false;
        }
        batch.add(nio.position() - before);
        to.received(batch);
        return true;
    }

    @Override
    public boolean send(ByteBuf datagram) throws IOException {
        int length = datagram.readableBytes();
        if (length == 0) {
            return false; // the JDK takes it, but sends nothing
        }
        try {
            return channel.write(datagram.internalNioBuffer(datagram.readerIndex(), length)) == length;
        } catch (SocketException e) {
            throw e; // port unreachable, no route
        } catch (IOException e) {
            return false; // too long, or no memory
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (registration != null) {
            registration.cancel();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }
}
