package io.lvs4j.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Datagrams of one sender that came one after the other, in one buffer: all as long as the first, only the last may be shorter.
 * The kernel can send such ones in one call, which costs it a fraction of what single ones do. Used again and again; confined to
 * its event loop.
 */
final class DatagramBatch {
    private static final int MAX_DATAGRAM = 65_535;
    private static final int MAX_DATAGRAMS = 64; // UDP_MAX_SEGMENTS of linux/udp.h, before 6.9
    private static final int MAX_BYTES = 65_507; // what UDP over IPv4 has room for

    private final ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(2 * MAX_DATAGRAM, 2 * MAX_DATAGRAM);
    private int each;
    private int count;
    private int bytes;

    // ---------------------------------------------------------------- to receive

    /** The buffer, empty and with room for the longest datagram there is, behind those that are in the batch. */
    ByteBuf room() {
        return buffer.setIndex(bytes, bytes);
    }

    /** Whether a datagram of the same sender, of so many bytes, can become the next one. */
    boolean takes(int length) {
        return count == 0 || (length > 0 && length <= each && !isComplete() && bytes + length <= MAX_BYTES);
    }

    /** Adds the datagram that was received into the {@link #room}. */
    void add(int length) {
        if (count == 0) {
            each = length;
        }
        count++;
        bytes += length;
    }

    /** Drops what is in it, and begins with the datagram that was received into the {@link #room}. */
    void beginWith(int length) {
        buffer.setBytes(0, buffer, bytes, length);
        clear();
        add(length);
    }

    /** Whether nothing more can be added. */
    boolean isComplete() {
        return count == MAX_DATAGRAMS || bytes < count * each || (count > 0 && each == 0);
    }

    void clear() {
        count = 0;
        bytes = 0;
    }

    // ---------------------------------------------------------------- to send

    boolean isEmpty() {
        return count == 0;
    }

    /** How many datagrams there are. */
    int count() {
        return count;
    }

    /** The length of all datagrams but the last. */
    int each() {
        return each;
    }

    /** The bytes of all datagrams, one after the other. */
    ByteBuf all() {
        return buffer.setIndex(0, bytes);
    }

    /** The bytes of one datagram, until another is asked for. */
    ByteBuf get(int index) {
        return buffer.setIndex(index * each, Math.min(bytes, (index + 1) * each));
    }

    void release() {
        buffer.release();
    }
}
