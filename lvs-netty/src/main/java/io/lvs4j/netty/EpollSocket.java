package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A socket registered with epoll once, edge-triggered for everything, and never re-armed: what is ready is remembered here
 * until a call finds that it is used up. Confined to its event loop.
 *
 * <p>Why not a Netty channel: once a peer has ended or reset its stream, Netty's epoll channel (4.2.18) reads all that is left
 * whether or not anybody asked for it, so a slow reader would cost up to a whole socket buffer of memory; and it cannot say
 * that a peer reset the connection after ending its stream.
 *
 * <p>The descriptor is closed in a task of its own, after the events that epoll has returned are worked off: otherwise a new
 * socket could get the same number and with it an event of the old one.
 */
final class EpollSocket implements StreamSocket, EpollIoHandle, Runnable {
    private static final EpollIoOps OPS = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);
    private static final int IN = EpollIoOps.EPOLLIN.value();
    private static final int OUT = EpollIoOps.EPOLLOUT.value();
    private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();
    private static final int ERR = EpollIoOps.EPOLLERR.value();
    private static final int HUP = 0x10; // EPOLLHUP, which EpollIoOps does not name

    // linux/tcp.h: struct tcp_info
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_INFO = 11;
    private static final int TCP_QUICKACK = 12;
    private static final int TCPI_STATE = 0;
    private static final int TCPI_UNACKED = 24;
    private static final int TCPI_NOTSENT_BYTES = 144;
    private static final int TCP_INFO_SIZE = 148;
    private static final int TCP_CLOSE = 7;

    private final LinuxSocket socket;
    private @Nullable Loop loop;
    private @Nullable SocketEvents owner;
    private @Nullable IoRegistration registration;
    private boolean connecting;
    private boolean written;
    private boolean readReady;
    private boolean writeReady;
    private boolean endSeen; // RDHUP, HUP or ERR: a short read does not mean that there is nothing more
    private boolean brokenReported;
    private boolean outputShutdown;
    private boolean wantRead;
    private boolean wantWrite;
    private boolean queued;
    private boolean closed;

    EpollSocket(LinuxSocket socket) {
        this.socket = socket;
    }

    @Override
    public void open(Loop loop, SocketEvents owner) throws IOException {
        writeReady = true;
        register(loop, owner);
    }

    @Override
    public void bind(InetSocketAddress local, boolean transparent) throws IOException {
        EpollSockets.bind(socket, local, transparent);
    }

    @Override
    public void connect(Loop loop, InetSocketAddress address, SocketEvents owner) throws IOException {
        connecting = true;
        socket.setTcpNoDelay(true);
        socket.setIntOpt(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1); // see finishConnect
        try {
            socket.connect(address); // if it is established at once, the first event says so, too
        } catch (ConnectException e) {
            throw EpollSockets.noPortLeft(e) ? (BindException) new BindException(e.getMessage()).initCause(e) : e;
        }
        register(loop, owner);
    }

    private void register(Loop loop, SocketEvents owner) throws IOException {
        this.loop = loop;
        this.owner = owner;
        registration = loop.register(this);
        registration.submit(OPS);
    }

    @Override
    public void handOver(SocketEvents next) {
        owner = next;
    }

    // ---------------------------------------------------------------- events

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        SocketEvents to = owner;
        if (closed || to == null) {
            return;
        }
        int ops = ((EpollIoEvent) event).ops().value();
        if (connecting) {
            finishConnect(ops, to);
            return;
        }
        if ((ops & (RDHUP | ERR | HUP)) != 0) {
            endSeen = true;
        }
        if ((ops & (IN | RDHUP | ERR | HUP)) != 0) {
            readReady = true;
        }
        if ((ops & (OUT | ERR | HUP)) != 0) {
            writeReady = true;
        }
        dispatch(to);
        // Both directions ended in order also raise HUP; before our own end it means that the connection is gone.
        boolean gone = (ops & ERR) != 0 || ((ops & HUP) != 0 && !outputShutdown);
        if (gone && !closed && !brokenReported) {
            brokenReported = true;
            to.broken();
        }
    }

    /**
     * The kernel keeps back the last packet of the handshake, because the option for deferred accepting is set: most often the
     * client has sent something by now, and it goes with that. If not, it goes at once, so that a server that speaks first does.
     */
    private void finishConnect(int ops, SocketEvents to) {
        if ((ops & (OUT | ERR | HUP)) == 0) {
            return;
        }
        try {
            if ((ops & (ERR | HUP)) != 0 && !socket.finishConnect()) { // otherwise there is no error to ask for
                return;
            }
        } catch (IOException e) {
            to.connectFailed(e);
            return;
        }
        connecting = false;
        writeReady = true;
        readReady = (ops & (IN | RDHUP | HUP)) != 0;
        endSeen = (ops & (RDHUP | HUP)) != 0;
        to.connected();
        if (!written && !closed) {
            acknowledge();
        }
    }

    private void acknowledge() {
        try {
            socket.setIntOpt(IPPROTO_TCP, TCP_QUICKACK, 1);
        } catch (IOException e) {
            // the connection is gone, and its end is read
        }
    }

    private void dispatch(SocketEvents to) {
        if (wantWrite && writeReady) {
            to.writable();
        }
        if (!closed && wantRead && readReady) {
            to.readable();
        }
    }

    @Override
    public void want(boolean read, boolean write) {
        wantRead = read;
        wantWrite = write;
        Loop on = loop;
        if (((read && readReady) || (write && writeReady)) && !queued && !closed && on != null) {
            queued = true;
            on.execute(this);
        }
    }

    /** Reports left-over readiness again. */
    @Override
    public void run() {
        queued = false;
        SocketEvents to = owner;
        if (!closed && to != null) {
            dispatch(to);
        }
    }

    // ---------------------------------------------------------------- input and output

    @Override
    public int read(ByteBuf into) throws IOException {
        int room = into.writableBytes();
        int n;
        try {
            n = receive(into, into.writerIndex(), room);
        } catch (NotYetConnectedException e) {
            throw new IOException(e);
        }
        if (n > 0) {
            into.writerIndex(into.writerIndex() + n);
        }
        if (n <= 0 || (n < room && !endSeen)) {
            readReady = false;
        }
        return n;
    }

    /** By the buffer's address, if it tells: that is one call less out of the virtual machine. */
    private int receive(ByteBuf into, int at, int room) throws IOException {
        if (into.hasMemoryAddress()) {
            return socket.recvAddress(into.memoryAddress(), at, at + room);
        }
        ByteBuffer nio = into.internalNioBuffer(at, room);
        return socket.recv(nio, nio.position(), nio.limit());
    }

    private int send(ByteBuf from, int at, int length) throws IOException {
        if (from.hasMemoryAddress()) {
            return socket.sendAddress(from.memoryAddress(), at, at + length);
        }
        ByteBuffer nio = from.internalNioBuffer(at, length);
        return socket.send(nio, nio.position(), nio.limit());
    }

    @Override
    public boolean hasInput() {
        return readReady;
    }

    @Override
    public int write(ByteBuf from) throws IOException {
        int length = from.readableBytes();
        int n;
        try {
            n = send(from, from.readerIndex(), length);
        } catch (NotYetConnectedException e) {
            throw new IOException(e);
        }
        written = true;
        if (n < length) {
            writeReady = false;
        }
        return n;
    }

    @Override
    public int moveTo(Pipe pipe) throws IOException {
        int n;
        try {
            n = ((EpollPipe) pipe).fill(socket);
        } catch (NotYetConnectedException e) {
            throw new IOException(e);
        }
        if (n > 0) {
            return n; // even a small part may not be all: the kernel moves pages
        }
        if (endSeen) {
            return -1;
        }
        readReady = false;
        return 0;
    }

    @Override
    public int moveFrom(Pipe pipe) throws IOException {
        int n;
        try {
            n = ((EpollPipe) pipe).drain(socket);
        } catch (NotYetConnectedException e) {
            throw new IOException(e);
        }
        if (pipe.filled() > 0) {
            writeReady = false;
        }
        return n;
    }

    @Override
    public void shutdownOutput() throws IOException {
        outputShutdown = true;
        try {
            socket.shutdown(false, true);
        } catch (NotYetConnectedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public long unacknowledged() {
        ByteBuffer info = ByteBuffer.allocate(TCP_INFO_SIZE).order(ByteOrder.nativeOrder());
        try {
            socket.getRawOpt(IPPROTO_TCP, TCP_INFO, info);
        } catch (IOException e) {
            return 0; // nothing can be waited for any more
        }
        if (info.get(TCPI_STATE) == TCP_CLOSE) {
            return 0; // the peer has reset the connection; the counters stay as they were
        }
        return Integer.toUnsignedLong(info.getInt(TCPI_UNACKED))
                + Integer.toUnsignedLong(info.getInt(TCPI_NOTSENT_BYTES));
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return socket.localAddress();
    }

    // ---------------------------------------------------------------- closing

    @Override
    public void reset() {
        if (!closed) {
            try {
                socket.setSoLinger(0);
            } catch (IOException e) {
                // the connection is gone already
            }
            close();
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
