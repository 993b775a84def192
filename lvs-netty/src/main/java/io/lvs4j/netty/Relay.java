package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes between a client and its server, each way on its own, and the way in which each stream ends.
 *
 * <p>Bytes go from the event loop's buffer straight to the other socket. What that does not take is kept, and nothing more is
 * read until it is gone: at most one buffer per direction, nothing while the connection is idle. Where the loop has no
 * {@linkplain PendingBytes memory} left to keep it, both sides are reset. A stream that fills the buffer
 * is bulk: from then on its bytes stay in the kernel and go through a {@link Pipe}, if there is one to be had, which is cheaper
 * for many bytes and dearer for few. When few come several times in a row it is not bulk any more.
 *
 * <p>How streams end:
 * <ul>
 *   <li>An end of stream is passed on after everything read before it has been written. The other direction goes on. When both
 *       have ended, both sockets are closed.
 *   <li>A reset stays a reset. A side is broken once reading or writing failed. What it sent before is still read (a write
 *       error can come before it) and delivered; then the other side is reset. Even an end of stream counts as a reset
 *       if the side was found broken before, because the first error that the kernel reports hides the next one.
 *   <li>A reset discards what the kernel has not delivered. So before we send one, we wait until the peer has acknowledged
 *       everything: as long as that makes progress, and {@link #STALLED_MILLIS} longer. Where the transport cannot tell, or not
 *       any more, we wait {@link #GRACE_MILLIS}.
 * </ul>
 *
 * <p>Confined to one event loop.
 */
final class Relay {
    static final long STALLED_MILLIS = 10_000;
    static final long GRACE_MILLIS = 300;

    private static final long FIRST_POLL_MILLIS = 5;
    private static final long LAST_POLL_MILLIS = 40;

    /** How many buffers one stream may carry before the other sockets have their turn. The end is passed on in any case. */
    private static final int ROUNDS = 8;

    /** Moving less than this is dearer than copying it, and so many times in a row mean that a stream is not bulk any more. */
    private static final int SMALL_MOVE = 1024;

    private static final int SMALL_MOVES = 4;

    private enum State {
        RUNNING,
        RESETTING,
        OVER
    }

    /** Hears what happens. */
    interface Owner {
        /** Bytes were read from the client ({@code fromClient}) or from the server. */
        void transferred(boolean fromClient, int bytes);

        /** Bytes that had to wait were written. */
        void progressed();

        /** The server has reset the connection while the client had neither ended nor reset its stream. Comes once, if at all. */
        void serverReset();

        /** One side has ended its stream or broken off. May come more than once. */
        void halfClosed();

        /** The relay is over and both sockets are closed. Comes once. */
        void ended();
    }

    /** One of the two sockets, and the stream of what it sends: where the code says stream, it means that. */
    private final class Side implements SocketEvents {
        final StreamSocket socket;
        boolean broken; // reading or writing failed
        boolean gone; // the transport says that it is broken, but there may be more to read

        @Nullable
        ByteBuf pending; // read, but not taken by the receiver yet

        @Nullable
        Pipe pipe; // what is in it waits, too

        boolean bulk;
        int smallMoves;
        boolean ended; // nothing more will be read
        boolean cut; // it ended by a reset
        boolean dead; // the receiver takes nothing any more
        boolean finished; // the end was passed on

        Side(StreamSocket socket) {
            this.socket = socket;
        }

        /** Who receives the stream, and whose own is what is sent to this side. */
        Side other() {
            return this == client ? server : client;
        }

        @Override
        public void readable() {
            pump(this);
        }

        @Override
        public void writable() {
            pump(other());
        }

        @Override
        public void broken() {
            sideBroken(this);
        }

        void die() {
            dead = true;
            release();
        }

        /** Whether something was read that the receiver has not taken yet. */
        boolean waits() {
            return pending != null || (pipe != null && pipe.filled() > 0);
        }

        void release() {
            if (pending != null) {
                loop.pending().release(pending);
                pending = null;
            }
            releasePipe();
        }

        void releasePipe() {
            if (pipe != null) {
                loop.pipes().giveBack(pipe);
                pipe = null;
            }
        }
    }

    private final Loop loop;
    private final Owner owner;
    private final Side client;
    private final Side server;
    private State state = State.RUNNING;

    Relay(Loop loop, StreamSocket client, StreamSocket server, Owner owner) {
        this.loop = loop;
        this.owner = owner;
        this.client = new Side(client);
        this.server = new Side(server);
    }

    /**
     * Begins to carry.
     *
     * @param first what the server gets before anything that is read, ours from now on; null if nothing
     */
    void start(@Nullable ByteBuf first) {
        client.socket.handOver(client);
        server.socket.handOver(server);
        if (first != null) {
            client.pending = loop.pending().keep(first);
        }
        if (first != null || client.socket.hasInput()) {
            pump(client);
        } else {
            rearm();
        }
    }

    /** Resets both sides at once. */
    void abort() {
        if (state != State.OVER) {
            client.socket.reset();
            server.socket.reset();
            over();
        }
    }

    /** How far both streams have come, in the words of IPVS. */
    String stage() {
        if (state != State.RUNNING || client.cut || server.cut) {
            return "CLOSE";
        }
        if (client.ended) {
            return server.ended ? "TIME_WAIT" : "CLOSE_WAIT";
        }
        return server.ended ? "FIN_WAIT" : "ESTABLISHED";
    }

    // ---------------------------------------------------------------- carrying

    private void pump(Side stream) {
        for (int round = 0; (round < ROUNDS || stream.ended) && state == State.RUNNING && !stream.dead; round++) {
            if (stream.waits() && !flush(stream)) {
                break;
            }
            if (stream.ended) {
                finish(stream);
                break;
            }
            if (!(stream.bulk ? move(stream) : read(stream))) {
                break;
            }
        }
        if (!stream.waits()) {
            stream.releasePipe();
        }
        rearm();
    }

    /** Returns whether there may be more to do. */
    private boolean read(Side stream) {
        ByteBuf scratch = loop.readBuffer();
        int n;
        try {
            n = stream.socket.read(scratch);
        } catch (IOException e) {
            stream.broken = true;
            n = -1;
        }
        if (n == 0) {
            return false;
        }
        if (n < 0) {
            ended(stream);
            return true;
        }
        owner.transferred(stream == client, n);
        stream.bulk = !scratch.isWritable();
        return write(stream, scratch) && stream.bulk;
    }

    /** Moves bytes through a pipe. Returns whether there may be more to do. */
    private boolean move(Side stream) {
        Pipe pipe = stream.pipe == null ? loop.pipes().take() : stream.pipe;
        stream.pipe = pipe;
        if (pipe == null) {
            return read(stream);
        }
        int n;
        try {
            n = stream.socket.moveTo(pipe);
        } catch (IOException e) {
            stream.broken = true;
            ended(stream);
            return true;
        }
        if (n < 0) {
            return read(stream);
        }
        if (n == 0) {
            return false;
        }
        owner.transferred(stream == client, n);
        stream.smallMoves = n < SMALL_MOVE ? stream.smallMoves + 1 : 0;
        if (stream.smallMoves == SMALL_MOVES) {
            stream.smallMoves = 0;
            stream.bulk = false;
        }
        return drain(stream, pipe);
    }

    private boolean drain(Side stream, Pipe pipe) {
        try {
            stream.other().socket.moveFrom(pipe);
        } catch (IOException e) {
            becameBroken(stream.other());
            return false;
        }
        return pipe.filled() == 0;
    }

    /** Writes what was just read, and keeps what is not taken. */
    private boolean write(Side stream, ByteBuf bytes) {
        int n;
        try {
            n = stream.other().socket.write(bytes);
        } catch (IOException e) {
            becameBroken(stream.other());
            return false;
        }
        int left = bytes.readableBytes() - n;
        if (left == 0) {
            return true;
        }
        stream.pending = loop.pending().keep(bytes, bytes.readerIndex() + n, left);
        if (stream.pending == null) {
            abort(); // bytes would be missing
        }
        return false;
    }

    /** Writes what waits. Returns whether nothing is left. */
    private boolean flush(Side stream) {
        Pipe pipe = stream.pipe;
        if (pipe != null && pipe.filled() > 0) {
            int before = pipe.filled();
            boolean drained = drain(stream, pipe);
            if (pipe.filled() < before) {
                owner.progressed();
            }
            return drained;
        }
        ByteBuf pending = stream.pending;
        return pending == null || flush(stream, pending);
    }

    private boolean flush(Side stream, ByteBuf pending) {
        int n;
        try {
            n = stream.other().socket.write(pending);
        } catch (IOException e) {
            becameBroken(stream.other());
            return false;
        }
        if (n > 0) {
            owner.progressed();
        }
        if (pending.skipBytes(n).isReadable()) {
            return false;
        }
        stream.release();
        return true;
    }

    private void rearm() {
        if (state == State.RUNNING) {
            rearm(client);
            rearm(server);
        }
    }

    private static void rearm(Side side) {
        boolean read = !side.ended && !side.dead && !side.waits();
        side.socket.want(read, side.other().waits());
    }

    // ---------------------------------------------------------------- ending

    private void ended(Side stream) {
        stream.ended = true;
        if (stream.broken || (stream.gone && !stream.other().finished)) {
            stream.broken = true;
            stream.cut = true;
            stream.other().die();
            if (stream == server && !client.ended && !client.broken && !client.gone) {
                owner.serverReset();
            }
        }
        owner.halfClosed();
    }

    /** Passes the end on, once everything before it is written. */
    private void finish(Side stream) {
        if (stream.cut) {
            beginReset(stream.other());
        } else if (!stream.finished) {
            stream.finished = true;
            if (client.finished && server.finished) {
                client.socket.close();
                server.socket.close();
                over();
                return;
            }
            try {
                stream.other().socket.shutdownOutput();
            } catch (IOException e) {
                becameBroken(stream.other());
            }
        }
    }

    private void sideBroken(Side side) {
        if (state == State.RESETTING) {
            abort();
        } else if (state == State.RUNNING) {
            side.gone = true; // and while we still read from it, reading finds out, in its place in the stream
            if (side.ended ? !side.other().finished : side.dead) {
                becameBroken(side);
                rearm();
            }
        }
    }

    private void becameBroken(Side side) {
        side.broken = true;
        side.other().die();
        if (side.other().broken) {
            abort();
        } else if (side.ended) {
            side.cut = true;
            owner.halfClosed();
            if (!side.waits()) {
                beginReset(side.other());
            }
        }
    }

    // ---------------------------------------------------------------- resetting

    private void beginReset(Side target) {
        if (target.gone) {
            abort(); // nobody is left to deliver anything to
            return;
        }
        state = State.RESETTING;
        target.other().socket.reset();
        target.socket.want(false, false);
        client.release();
        server.release();
        new LastBytes(target).run();
    }

    /** Resets a side when it has acknowledged what was sent to it, or does not go on doing so. */
    private final class LastBytes implements Runnable {
        private final Side target;
        private long unacknowledged = Long.MAX_VALUE;
        private long waitedMillis;
        private long delayMillis = FIRST_POLL_MILLIS;

        LastBytes(Side target) {
            this.target = target;
        }

        @Override
        public void run() {
            if (state != State.RESETTING) {
                return;
            }
            long left = target.socket.unacknowledged();
            if (left != unacknowledged) {
                unacknowledged = left;
                waitedMillis = 0;
            }
            long limit = left == StreamSocket.UNKNOWN ? GRACE_MILLIS : STALLED_MILLIS;
            if (left == 0 || waitedMillis >= limit) {
                abort();
                return;
            }
            waitedMillis += delayMillis;
            loop.schedule(this, delayMillis);
            delayMillis = Math.min(2 * delayMillis, LAST_POLL_MILLIS);
        }
    }

    private void over() {
        state = State.OVER;
        client.release();
        server.release();
        owner.ended();
    }
}
