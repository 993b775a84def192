package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connected datagram socket on epoll, edge-triggered: it receives until nothing is left, and hands over together what may be
 * sent together. Confined to its event loop. Its descriptor is closed in a task of its own, for the reason that
 * {@link EpollSocket} gives.
 */
final class EpollDatagramPeer implements DatagramPeer, EpollIoHandle, Runnable {
    private static final int NONE =
            0; // what LinuxSocket.recv says if there is nothing; of an empty datagram it says EMPTY
    private static final int EMPTY = -1;

    // errno.h
    private static final int ENOMEM = 12;
    private static final int EMSGSIZE = 90;
    private static final int ENOBUFS = 105;

    private static final ByteBuffer DISCARDED = ByteBuffer.allocateDirect(1); // nobody reads it

    private final LinuxSocket socket;
    private final EpollSegmentation segmentation;
    private @Nullable Loop loop;
    private @Nullable Owner owner;
    private @Nullable IoRegistration registration;
    private boolean waiting;
    private boolean closed;

    /** Takes a socket that has a local port. */
    EpollDatagramPeer(LinuxSocket socket) {
        this.socket = socket;
        this.segmentation = new EpollSegmentation(socket);
    }

    @Override
    public void connect(Loop loop, InetSocketAddress server, Owner owner) throws IOException {
        this.loop = loop;
        socket.connect(server);
        if (server.equals(socket.localAddress())) {
            throw new IOException("connected to itself: nobody listens there");
        }
        while (socket.recv(DISCARDED, 0, 1) != NONE) {
            // came before the socket was connected, from whomever
        }
        this.owner = owner;
        registration = loop.register(this);
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (!waiting) {
            run();
        }
    }

    /** Receives; also after a turn of the other sockets. */
    @Override
    public void run() {
        waiting = false;
        Owner to = owner;
        Loop on = loop;
        if (to == null || on == null) {
            return;
        }
        DatagramBatch batch = to.batch();
        batch.clear();
        try {
            for (int i = 0; i < DatagramListener.DATAGRAMS_PER_EVENT; i++) {
                if (closed || !receiveOne(to, batch)) {
                    handOver(to, batch);
                    return;
                }
            }
        } catch (IOException e) {
            handOver(to, batch);
            to.failed(e);
            return;
        }
        handOver(to, batch);
        waiting = true;
        on.execute(this);
    }

    private boolean receiveOne(Owner to, DatagramBatch batch) throws IOException {
        int n = receive(batch.room());
        if (n == NONE) {
            return false;
        }
        int length = n == EMPTY ? 0 : n;
        if (batch.takes(length)) {
            batch.add(length);
        } else {
            to.received(batch);
            batch.beginWith(length);
        }
        return true;
    }

    /** By the buffer's address, if it tells: that is one call less out of the virtual machine. */
    private int receive(ByteBuf room) throws IOException {
        if (room.hasMemoryAddress()) {
            return socket.recvAddress(room.memoryAddress(), room.writerIndex(), room.capacity());
        }
        ByteBuffer nio = room.internalNioBuffer(room.writerIndex(), room.writableBytes());
        return socket.recv(nio, nio.position(), nio.limit());
    }

    private static void handOver(Owner to, DatagramBatch batch) {
        if (!batch.isEmpty()) {
            to.received(batch);
        }
    }

    @Override
    public boolean send(ByteBuf datagram) throws IOException {
        segmentation.keepWhole(datagram.readableBytes());
        try {
            return sendAll(datagram);
        } catch (NativeIoException e) {
            if (segmentation.isToBlame(e)) {
                return send(datagram);
            }
            if (isOurs(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean sendTogether(DatagramBatch datagrams) throws IOException {
        if (!segmentation.cutInto(datagrams.each())) {
            return false;
        }
        try {
            return sendAll(datagrams.all());
        } catch (NativeIoException e) {
            if (segmentation.isToBlame(e) || isOurs(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether it was not sent, but not because the server is away. */
    private static boolean isOurs(NativeIoException e) {
        return switch (-e.expectedErr()) {
            case ENOMEM, EMSGSIZE, ENOBUFS -> true;
            default -> false;
        };
    }

    private boolean sendAll(ByteBuf bytes) throws IOException {
        int length = bytes.readableBytes();
        if (bytes.hasMemoryAddress()) {
            return socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()) == length;
        }
        ByteBuffer nio = bytes.internalNioBuffer(bytes.readerIndex(), length);
        return socket.send(nio, nio.position(), nio.limit()) == length;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Loop on = loop;
        if (on == null) {
            closeDescriptor();
        } else {
            on.execute(this::closeDescriptor);
        }
    }

    private void closeDescriptor() {
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
        if (registration != null) {
            registration.cancel(); // after closing: that took it out of epoll already
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }
}
