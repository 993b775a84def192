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
 * A connected datagram socket on epoll, edge-triggered: it receives until nothing is left. Confined to its event loop. Its
 * descriptor is closed in a task of its own, for the reason that {@link EpollSocket} gives.
 */
final class EpollDatagramPeer implements DatagramPeer, EpollIoHandle, Runnable {
    private static final int NONE =
            0; // what LinuxSocket.recv says if there is nothing; of an empty datagram it says EMPTY
    private static final int EMPTY = -1;

    // errno.h: it was not sent, but not because the server is away
    private static final int ENOMEM = 12;
    private static final int EMSGSIZE = 90;
    private static final int ENOBUFS = 105;

    private static final ByteBuffer DISCARDED = ByteBuffer.allocateDirect(1); // nobody reads it

    private final LinuxSocket socket;
    private @Nullable Loop loop;
    private @Nullable Owner owner;
    private @Nullable IoRegistration registration;
    private boolean waiting;
    private boolean closed;

    /** Takes a socket that has a local port. */
    EpollDatagramPeer(LinuxSocket socket) {
        this.socket = socket;
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
        try {
            for (int i = 0; i < DatagramListener.DATAGRAMS_PER_EVENT; i++) {
                if (closed || !receiveOne(to)) {
                    return;
                }
            }
        } catch (IOException e) {
            to.failed(e);
            return;
        }
        waiting = true;
        on.execute(this);
    }

    private boolean receiveOne(Owner to) throws IOException {
        ByteBuf buffer = to.buffer();
        ByteBuffer nio = buffer.internalNioBuffer(0, buffer.capacity());
        int n = socket.recv(nio, nio.position(), nio.limit());
        if (n == NONE) {
            return false;
        }
        to.received(buffer.writerIndex(n == EMPTY ? 0 : n));
        return true;
    }

    @Override
    public boolean send(ByteBuf datagram) throws IOException {
        int length = datagram.readableBytes();
        ByteBuffer nio = datagram.internalNioBuffer(datagram.readerIndex(), length);
        try {
            return socket.send(nio, nio.position(), nio.limit()) == length;
        } catch (NativeIoException e) {
            switch (-e.expectedErr()) {
                case ENOMEM, EMSGSIZE, ENOBUFS -> {
                    return false;
                }
                default -> throw e;
            }
        }
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
