package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop keeps for receivers that are slower than their senders: bounded in sum, however many there are. From half of the
 * limit on little is read at a time. At the limit nothing more is kept, and the backend accepts no clients until half of it
 * is free again. Confined to its event loop.
 */
final class PendingBytes {
    /** How much is read at a time when memory is short. */
    static final int SMALL_READ = 4 * 1024;

    private final SocketBudget budget;
    private final long limit;
    private long kept;
    private boolean full;

    /**
     * Begins with nothing.
     *
     * @param limit the most that is kept, in bytes
     */
    PendingBytes(SocketBudget budget, long limit) {
        this.budget = budget;
        this.limit = limit;
    }

    /**
     * Returns the limit for each of some loops: together half of the direct memory of this process. Buffers take more than what is
     * in them, and the embedder needs some, too.
     */
    static long limitFor(int loops) {
        long most = PlatformDependent.maxDirectMemory();
        return (most > 0 ? most : PlatformDependent.estimateMaxDirectMemory()) / 2 / loops;
    }

    /** Whether little shall be read at a time. */
    boolean isShort() {
        return kept > limit / 2;
    }

    /** Returns a copy of some bytes, to be {@linkplain #release released} here; null if there is no memory for them. */
    @Nullable
    ByteBuf keep(ByteBuf bytes, int from, int length) {
        if (kept + length <= limit) {
            try {
                ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(length, length);
                copy.writeBytes(bytes, from, length);
                return keep(copy);
            } catch (OutOfMemoryError e) {
                // the embedder has taken what there was: one connection has to go, and the loop goes on
            }
        }
        becomeFull();
        return null;
    }

    /** Counts a buffer that is there, to be released here. */
    ByteBuf keep(ByteBuf buffer) {
        kept += buffer.capacity();
        return buffer;
    }

    void release(ByteBuf buffer) {
        kept -= buffer.capacity();
        buffer.release();
        if (full && kept <= limit / 2) {
            full = false;
            budget.memoryIsBack();
        }
    }

    private void becomeFull() {
        if (!full && kept > limit / 2) { // else nothing that we release would end it
            full = true;
            budget.memoryIsUsedUp();
        }
    }
}
