package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening datagram socket on epoll, edge-triggered: it receives until nothing is left. Confined to its event loop. */
final class EpollDatagramListener implements DatagramListener, EpollIoHandle, Runnable {
    private static final Logger log = LoggerFactory.getLogger(EpollDatagramListener.class);

    private final Loop loop;
    private final LinuxSocket socket;
    private final InetSocketAddress address;
    private final Receiver receiver;
    private final IoRegistration registration;
    private boolean waiting;
    private boolean closed;

    EpollDatagramListener(Loop loop, LinuxSocket socket, InetSocketAddress address, Receiver receiver)
            throws IOException {
        this.loop = loop;
        this.socket = socket;
        this.address = address;
        this.receiver = receiver;
        registration = loop.register(this);
        registration.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (!waiting) {
            receive();
        }
    }

    /** Goes on after a pause, or after a turn of the other sockets. */
    @Override
    public void run() {
        waiting = false;
        receive();
    }

    private void receive() {
        try {
            for (int i = 0; i < DATAGRAMS_PER_EVENT; i++) {
                if (closed || !receiveOne()) {
                    return;
                }
            }
            waiting = true;
            loop.execute(this);
        } catch (IOException e) {
            log.warn("receiving on {} failed, trying again in {} ms: {}", address, PAUSE_MILLIS, e.toString());
            waiting = true;
            loop.schedule(this, PAUSE_MILLIS);
        }
    }

    private boolean receiveOne() throws IOException {
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

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
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
