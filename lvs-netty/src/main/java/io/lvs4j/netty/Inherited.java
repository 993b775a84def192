package io.lvs4j.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Listening sockets that the process before has handed over and no service has claimed yet, by address. The kernel goes on to deal
 * connections to all sockets of an address, so a service gets all of them. Thread-safe.
 */
final class Inherited {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_PROTOCOL = 38;
    private static final int IPPROTO_TCP = 6;

    private final Map<InetSocketAddress, List<Integer>> sockets = new HashMap<>();

    /** Receives what the other side says and sends; all of it, or nothing. */
    static Inherited receive(UnixStream from) throws IOException {
        int count = ListenerList.count(from.receive(ListenerList.HEADER, PATIENCE));
        ListenerList list = ListenerList.decode(from.receive(ListenerList.bodyLength(count), PATIENCE));
        Inherited inherited = new Inherited();
        boolean success = false;
        try {
            for (InetSocketAddress address : list.addresses()) {
                int descriptor = from.receiveDescriptor(PATIENCE);
                inherited.giveBack(
                        address, List.of(descriptor)); // before it is looked at, so that it is closed if it is wrong
                check(descriptor, address);
            }
            success = true;
            return inherited;
        } finally {
            if (!success) {
                inherited.close();
            }
        }
    }

    /** Refuses what does not listen over TCP where it is said to. */
    private static void check(int descriptor, InetSocketAddress said) throws IOException {
        Socket socket;
        try {
            socket = new Socket(descriptor);
        } catch (ChannelException e) {
            throw new IOException("descriptor for " + said + ": no socket", e);
        }
        if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 1
                || socket.getIntOpt(SOL_SOCKET, SO_PROTOCOL) != IPPROTO_TCP
                || !said.equals(socket.localAddress())) {
            throw new IOException(
                    "descriptor: " + socket.localAddress() + " (expected: a TCP socket that listens on " + said + ")");
        }
    }

    /** Returns all sockets of an address, and forgets them; empty if there are none. */
    synchronized List<Integer> claim(InetSocketAddress address) {
        List<Integer> claimed = sockets.remove(address);
        return claimed == null ? List.of() : claimed;
    }

    /** Takes back what was claimed and not used. */
    synchronized void giveBack(InetSocketAddress address, List<Integer> descriptors) {
        sockets.computeIfAbsent(address, a -> new ArrayList<>()).addAll(descriptors);
    }

    /** Closes what nobody has claimed, and returns where it listened. */
    synchronized Set<InetSocketAddress> close() {
        Set<InetSocketAddress> addresses = Set.copyOf(sockets.keySet());
        for (List<Integer> descriptors : sockets.values()) {
            descriptors.forEach(Inherited::close);
        }
        sockets.clear();
        return addresses;
    }

    private static void close(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            // it is gone in any case
        }
    }
}
