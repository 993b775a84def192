package io.lvs4j.netty;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** {@code splice(2)} through a pipe of Linux. */
final class EpollPipe implements Pipe {
    /** What Linux gives every pipe, 16 pages. */
    private static final int CAPACITY = 64 * 1024;

    private static final long NO_OFFSET = -1;

    private final FileDescriptor readEnd;
    private final FileDescriptor writeEnd;
    private int filled;

    EpollPipe() throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        readEnd = ends[0];
        writeEnd = ends[1];
    }

    @Override
    public int filled() {
        return filled;
    }

    /** Moves bytes from a socket into the empty pipe. Returns how many; 0 may be the end of the stream, too. */
    int fill(FileDescriptor socket) throws IOException {
        filled = Native.splice(socket.intValue(), NO_OFFSET, writeEnd.intValue(), NO_OFFSET, CAPACITY);
        return filled;
    }

    /** Moves what is in the pipe to a socket. Returns how many bytes that took; if some are left, it is full. */
    int drain(FileDescriptor socket) throws IOException {
        int n = Native.splice(readEnd.intValue(), NO_OFFSET, socket.intValue(), NO_OFFSET, filled);
        filled -= n;
        return n;
    }

    @Override
    public void close() {
        close(readEnd);
        close(writeEnd);
    }

    private static void close(FileDescriptor end) {
        try {
            end.close();
        } catch (IOException e) {
            // the descriptor is gone in any case
        }
    }
}
