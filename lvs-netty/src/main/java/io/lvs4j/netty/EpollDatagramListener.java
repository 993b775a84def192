package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DatagramSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening datagram socket on epoll. Confined to its event loop. */
final class EpollDatagramListener extends EpollListening implements DatagramListener {
    private static final Logger log = LoggerFactory.getLogger(EpollDatagramListener.class);

    private final Receiver receiver;

    EpollDatagramListener(Loop loop, LinuxSocket socket, InetSocketAddress address, Receiver receiver)
            throws IOException {
        super(loop, socket, address, log, DATAGRAMS_PER_EVENT, PAUSE_MILLIS);
        this.receiver = receiver;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    boolean takeOne() throws IOException {
        ByteBuf buffer = receiver.buffer();
        ByteBuffer nio = buffer.internalNioBuffer(0, buffer.capacity());
        DatagramSocketAddress from = socket.recvFrom(nio, nio.position(), nio.limit());
        if (from == null) {
            return false;
        }
        receiver.received(this, from, buffer.writerIndex(from.receivedAmount()));
        return true;
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        int length = datagram.readableBytes();
        ByteBuffer nio = datagram.internalNioBuffer(datagram.readerIndex(), length);
        try {
            socket.sendTo(nio, nio.position(), nio.limit(), to.getAddress(), to.getPort());
        } catch (IOException e) {
            // it is dropped, as any router might have done
        }
    }
}
