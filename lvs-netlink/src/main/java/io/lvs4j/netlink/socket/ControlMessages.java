package io.lvs4j.netlink.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the kernel says of a packet beside its bytes, see cmsg(3); 64 bits. What does not fit is passed over. */
record ControlMessages(ByteBuffer in) {
    private static final int HEADER_BYTES = 16;
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int ALIGNMENT = 8;
    private static final int TIME_BYTES = 16;

    /** Takes the messages from position to limit, in native byte order; not copied. */
    static ControlMessages parse(ByteBuffer control) {
        return new ControlMessages(control.slice().order(ByteOrder.nativeOrder()));
    }

    /** Returns the first bytes of a message's data; null if there is no such message, or it has fewer. */
    byte @Nullable [] bytes(int level, int type, int count) {
        int at = 0;
        while (in.limit() - at >= HEADER_BYTES) {
            long length = in.getLong(at);
            if (length < HEADER_BYTES || length > in.limit() - at) {
                return null;
            }
            if (in.getInt(at + LEVEL) == level && in.getInt(at + TYPE) == type && length - HEADER_BYTES >= count) {
                byte[] bytes = new byte[count];
                in.get(at + HEADER_BYTES, bytes);
                return bytes;
            }
            at += (int) (length + ALIGNMENT - 1) & -ALIGNMENT;
        }
        return null;
    }

    /** Returns the time of a message of two 64 bit numbers: seconds and nanoseconds; empty if there is none or it is no time. */
    Optional<Instant> time(int level, int type) {
        byte @Nullable [] bytes = bytes(level, type, TIME_BYTES);
        if (bytes == null) {
            return Optional.empty();
        }
        ByteBuffer time = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long seconds = time.getLong();
        boolean sane = seconds >= 0 && seconds <= Instant.MAX.getEpochSecond();
        return sane
                ? Optional.of(Instant.ofEpochSecond(seconds, time.getLong() & Integer.MAX_VALUE))
                : Optional.empty();
    }
}
