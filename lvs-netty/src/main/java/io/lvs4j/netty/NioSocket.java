package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket of the JDK on a selector. Confined to its event loop. */
final class NioSocket extends NioSelectableChannelIoHandle<SocketChannel> implements StreamSocket {
    private final SocketChannel channel;
    private @Nullable SocketEvents owner;
    private @Nullable IoRegistration registration;
    private NioIoOps ops = NioIoOps.NONE;
    private boolean draining;
    private boolean drained;
    private boolean closed;

    NioSocket(SocketChannel channel) {
        super(channel);
        this.channel = channel;
    }

    @Override
    public void open(Loop loop, SocketEvents owner) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.owner = owner;
        registration = loop.register(this);
    }

    @Override
    public void bind(InetSocketAddress local, boolean transparent) throws IOException {
        if (transparent) {
            throw new IllegalStateException("the JDK cannot do that");
        }
        channel.bind(local);
    }

    @Override
    public void connect(Loop loop, InetSocketAddress address, SocketEvents owner) throws IOException {
        open(loop, owner);
        if (channel.connect(address)) {
            loop.execute(() -> {
                if (!closed) {
                    owner.connected();
                }
            });
        } else {
            submit(NioIoOps.CONNECT);
        }
    }

    @Override
    public void handOver(SocketEvents next) {
        owner = next;
    }

    @Override
    protected void handle(SocketChannel channel, SelectionKey key) {
        SocketEvents to = owner;
        if (closed || to == null) {
            return;
        }
        int ready = key.readyOps();
        if (draining) {
            drained = true;
            submit(NioIoOps.NONE);
            return;
        }
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            finishConnect(to);
            return;
        }
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            to.writable();
        }
        if (!closed && (ready & SelectionKey.OP_READ) != 0 && ops.contains(NioIoOps.READ)) {
            to.readable();
        }
    }

    private void finishConnect(SocketEvents to) {
        try {
            if (!channel.finishConnect()) {
                return;
            }
        } catch (IOException e) {
            to.connectFailed(e);
            return;
        }
        submit(NioIoOps.NONE);
        to.connected();
    }

    @Override
    public int read(ByteBuf into) throws IOException {
        int n = channel.read(into.internalNioBuffer(into.writerIndex(), into.writableBytes()));
        if (n > 0) {
            into.writerIndex(into.writerIndex() + n);
        }
        return n;
    }

    @Override
    public int write(ByteBuf from) throws IOException {
        return channel.write(from.internalNioBuffer(from.readerIndex(), from.readableBytes()));
    }

    @Override
    public void want(boolean read, boolean write) {
        NioIoOps wanted;
        if (read) {
            wanted = write ? NioIoOps.READ_AND_WRITE : NioIoOps.READ;
        } else {
            wanted = write ? NioIoOps.WRITE : NioIoOps.NONE;
        }
        if (!closed && !draining && !wanted.equals(ops)) {
            submit(wanted);
        }
    }

    private void submit(NioIoOps wanted) {
        ops = wanted;
        IoRegistration with = registration;
        if (with != null) {
            with.submit(wanted);
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /**
     * A selector does not tell what the peer has acknowledged. But a socket is writable only while much of its send buffer is
     * free: with the smallest buffer there is, that is when all but the last few kilobytes have been acknowledged.
     */
    @Override
    public long unacknowledged() {
        if (!draining) {
            draining = true;
            try {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, 1);
                submit(NioIoOps.WRITE);
            } catch (IOException e) {
                drained = true; // the connection is gone already
            }
        }
        return drained ? UNKNOWN : 1;
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void reset() {
        if (!closed) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
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
