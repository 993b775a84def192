package io.lvs4j.netty;

import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a connection must begin with, and no further than the event loop's buffer reaches. Keeps an unfinished beginning, at
 * most {@link OpeningFormat#maxBytes}, and nothing while nothing has come. Confined to one event loop.
 *
 * @param <T> what is learnt from it
 */
final class OpeningReader<T> implements SocketEvents {

    /** Hears of the end, once, unless the beginning was good: then {@link Next} does. */
    interface Owner {
        /** There will be no good beginning. */
        void openingRefused(Refusal reason);

        /** The connection broke after the beginning had come. */
        void brokenMeanwhile();
    }

    /** Goes on when the beginning is here. */
    interface Next<T> {
        /**
         * It is.
         *
         * @param value what it says
         * @param early the bytes to go on with that have come already, the owner's from now on; null if there are none
         */
        void opened(T value, @Nullable ByteBuf early);
    }

    private final Loop loop;
    private final StreamSocket socket;
    private final OpeningFormat<T> format;
    private final Owner owner;
    private final Next<T> next;
    private @Nullable ByteBuf kept;
    private boolean over;

    OpeningReader(Loop loop, StreamSocket socket, OpeningFormat<T> format, Owner owner, Next<T> next) {
        this.loop = loop;
        this.socket = socket;
        this.format = format;
        this.owner = owner;
        this.next = next;
    }

    OpeningFormat<T> format() {
        return format;
    }

    /**
     * Begins, perhaps with bytes that have come already and are the reader's from now on. The socket's events are the reader's
     * already.
     */
    void start(@Nullable ByteBuf early) {
        if (early == null) {
            socket.want(true, false);
            return;
        }
        ByteBuf scratch = loop.scratch().writeBytes(early);
        early.release();
        decode(scratch, 0);
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
            refuse(format.incomplete());
            return;
        }
        if (n > 0) {
            decode(scratch, before);
        }
    }

    private void decode(ByteBuf received, int from) {
        T value;
        try {
            value = format.decode(received);
        } catch (BadOpeningException e) {
            refuse(e.reason());
            return;
        }
        if (value == null) {
            keep(received, from);
            socket.want(true, false);
        } else {
            socket.want(false, false);
            ByteBuf early = copy(received);
            release();
            next.opened(value, early);
        }
    }

    private void keep(ByteBuf scratch, int from) {
        ByteBuf unfinished = kept;
        if (unfinished == null) {
            unfinished = ByteBufAllocator.DEFAULT.directBuffer(scratch.readableBytes(), format.maxBytes());
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
        owner.openingRefused(reason);
    }

    @Override
    public void broken() {
        if (over) {
            owner.brokenMeanwhile(); // the event that brought the end of the beginning brought this, too
        } else {
            refuse(format.incomplete());
        }
    }
}
