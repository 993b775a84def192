package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DatagramSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening datagram socket on epoll. What comes from one sender in a row is handed over together, at the latest when the turn
 * ends. Confined to its event loop.
 */
final class EpollDatagramListener extends EpollListening implements DatagramListener {
    private static final Logger log = LoggerFactory.getLogger(EpollDatagramListener.class);

    private final Receiver receiver;
    private final EpollSegmentation segmentation;
    private @Nullable InetSocketAddress sender; // of what is in the batch; null between turns

    EpollDatagramListener(Loop loop, LinuxSocket socket, InetSocketAddress address, Receiver receiver)
            throws IOException {
        super(loop, socket, address, log, DATAGRAMS_PER_EVENT, PAUSE_MILLIS);
        this.receiver = receiver;
        this.segmentation = new EpollSegmentation(socket);
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    boolean takeOne() throws IOException {
        DatagramBatch batch = receiver.batch();
        if (sender == null) {
            batch.clear();
        }
        DatagramSocketAddress from = receive(socket, batch.room());
        if (from == null) {
            return false;
        }
        int length = from.receivedAmount();
        if (sender == null) {
            batch.add(length);
        } else if (from.equals(sender) && batch.takes(length)) {
            batch.add(length);
            return true; // and the sender stays the same object
        } else {
            receiver.received(this, sender, batch);
            batch.beginWith(length);
        }
        sender = from;
        return true;
    }

    /** By the buffer's address, if it tells: that is one call less out of the virtual machine. */
    static @Nullable DatagramSocketAddress receive(LinuxSocket socket, ByteBuf room) throws IOException {
        if (room.hasMemoryAddress()) {
            return socket.recvFromAddress(room.memoryAddress(), room.writerIndex(), room.capacity());
        }
        ByteBuffer nio = room.internalNioBuffer(room.writerIndex(), room.writableBytes());
        return socket.recvFrom(nio, nio.position(), nio.limit());
    }

    @Override
    void turnEnds() {
        if (sender != null) {
            InetSocketAddress from = sender;
            sender = null;
            receiver.received(this, from, receiver.batch());
        }
    }

    @Override
    public void send(ByteBuf datagram, InetSocketAddress to) {
        segmentation.keepWhole(datagram.readableBytes());
        try {
            send(socket, datagram, to);
        } catch (IOException e) {
            if (segmentation.isToBlame(e)) {
                send(datagram, to);
            }
            // else it is dropped, as any router might have done
        }
    }

    @Override
    public boolean sendTogether(DatagramBatch datagrams, InetSocketAddress to) {
        if (!segmentation.cutInto(datagrams.each())) {
            return false;
        }
        ByteBuf all = datagrams.all();
        try {
            return send(socket, all, to) == all.readableBytes();
        } catch (IOException e) {
            segmentation.isToBlame(e);
            return false;
        }
    }

    static int send(LinuxSocket socket, ByteBuf bytes, InetSocketAddress to) throws IOException {
        if (bytes.hasMemoryAddress()) {
            return socket.sendToAddress(
                    bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex(), to.getAddress(), to.getPort());
        }
        ByteBuffer nio = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        return socket.sendTo(nio, nio.position(), nio.limit(), to.getAddress(), to.getPort());
    }
}
