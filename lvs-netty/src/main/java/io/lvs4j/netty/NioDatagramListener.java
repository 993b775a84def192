package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening datagram socket of the JDK. Confined to its event loop. */
final class NioDatagramListener extends NioListening<DatagramChannel> implements DatagramListener {
    private static final Logger log = LoggerFactory.getLogger(NioDatagramListener.class);

    private final Receiver receiver;

    NioDatagramListener(Loop loop, DatagramChannel channel, InetSocketAddress address, Receiver receiver)
            throws IOException {
        super(loop, channel, address, log, NioIoOps.READ, DATAGRAMS_PER_EVENT, PAUSE_MILLIS);
        this.receiver = receiver;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    boolean takeOne() throws IOException {
        DatagramBatch batch = receiver.batch();
        batch.clear();
        ByteBuf room = batch.room();
        var nio = room.internalNioBuffer(room.writerIndex(), room.writableBytes());
        int before = nio.position();
        InetSocketAddress from = (InetSocketAddress) channel.receive(nio);
        if (from == null) {
            return false;
        }
        batch.add(nio.position() - before);
        receiver.received(this, from, batch);
        return true;
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        try {
            channel.send(datagram.internalNioBuffer(datagram.readerIndex(), datagram.readableBytes()), to);
        } catch (IOException e) {
            // it is dropped, as any router might have done
        }
    }
}
