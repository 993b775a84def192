package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY header with which a front begins a connection. Keeps no more than an unfinished header, at most some 4 KiB,
 * and nothing while nothing has come. Confined to one event loop.
 */
final class HeaderReader implements SocketEvents {
    /** The most that is kept: a header of version 2 but for its last byte. */
    private static final int MAX_KEPT_BYTES = ProxyHeader.V2_FIXED_BYTES + ProxyHeader.MAX_V2_REST_BYTES;

    /** Hears how it ends, once. */
    interface Owner {
        /**
         * The header is here.
         *
         * @param early what came after it already, the owner's from now on; null if nothing
         */
        void headerRead(ProxyHeader header, @Nullable ByteBuf early);

        /** There will be no good header. */
        void headerRefused(Refusal reason);

        /** The connection broke after the header had come. */
        void brokenMeanwhile();
    }

    private final Loop loop;
    private final StreamSocket socket;
    private final Owner owner;
    private @Nullable ByteBuf kept;
    private boolean over;

    HeaderReader(Loop loop, StreamSocket socket, Owner owner) {
        this.loop = loop;
        this.socket = socket;
        this.owner = owner;
    }

    /** Begins to read. */
    void start() {
        socket.want(true, false);
    }

    /** Gives everything back. Idempotent. */
    void release() {
        over = true;
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    @Override
    public void readable() {
        if (over) {
            return;
        }
        ByteBuf scratch = loop.scratch();
        ByteBuf unfinished = kept;
        if (unfinished != null) {
            scratch.writeBytes(unfinished, unfinished.readerIndex(), unfinished.readableBytes());
        }
        int before = scratch.readableBytes();
        int n;
        try {
            n = socket.read(scratch);
        } catch (IOException e) {
            n = -1;
        }
        if (n < 0) {
            refuse(Refusal.PROXY_INCOMPLETE);
            return;
        }
        if (n == 0) {
            return;
        }
        ProxyHeader header;
        try {
            header = ProxyHeaderDecoder.decode(scratch);
        } catch (BadProxyHeaderException e) {
            refuse(e.reason());
            return;
        }
        if (header == null) {
            keep(scratch, before);
            start();
        } else {
            socket.want(false, false);
            ByteBuf early = copy(scratch);
            release();
            owner.headerRead(header, early);
        }
    }

    private void keep(ByteBuf scratch, int from) {
        ByteBuf unfinished = kept;
        if (unfinished == null) {
            unfinished = ByteBufAllocator.DEFAULT.directBuffer(scratch.readableBytes(), MAX_KEPT_BYTES);
            kept = unfinished;
        }
        unfinished.writeBytes(scratch, from, scratch.readableBytes() - from);
    }

    private static @Nullable ByteBuf copy(ByteBuf rest) {
        int length = rest.readableBytes();
        return length == 0
                ? null
                : ByteBufAllocator.DEFAULT.directBuffer(length, length).writeBytes(rest);
    }

    private void refuse(Refusal reason) {
        release();
        owner.headerRefused(reason);
    }

    @Override
    public void broken() {
        if (over) {
            owner.brokenMeanwhile(); // the event that brought the end of the header brought this, too
        } else {
            refuse(Refusal.PROXY_INCOMPLETE);
        }
    }

    @Override
    public void connected() {
        throw new IllegalStateException("connected before");
    }

    @Override
    public void connectFailed(IOException cause) {
        throw new IllegalStateException("connected before", cause);
    }

    @Override
    public void writable() {
        throw new IllegalStateException("not wanted");
    }
}
