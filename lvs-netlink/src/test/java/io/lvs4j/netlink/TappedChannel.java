package io.lvs4j.netlink;

import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.NetlinkSocket;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The way to the real kernel, on which is seen what passes, and where it may end or be spoiled. */
final class TappedChannel implements NetlinkChannel {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Set<Integer> READING = Set.of(
            IpvsCodec.GET_SERVICE, IpvsCodec.GET_DEST, IpvsCodec.GET_DAEMON, IpvsCodec.GET_CONFIG, IpvsCodec.GET_INFO);

    private final NetlinkSocket kernel = NetlinkSocket.open(PATIENCE);
    private final List<String> changes = new ArrayList<>();
    private boolean apart;
    private int sent;
    private int sendsToLive = Integer.MAX_VALUE;
    private Runnable death = () -> {};
    private Consumer<String> listener = change -> {};
    private int received;
    private int faultAt;
    private Fault fault = Fault.LATE;
    private boolean losing;

    /** What can become of an answer. */
    enum Fault {
        /** It is dropped for want of room. */
        DROPPED,
        /** Something else was dropped; it still comes. */
        OVERRUN,
        /** Nobody has waited long enough; it still comes. */
        LATE,
        /** It never comes. */
        MISSING,
        /** The end of the datagram is missing. */
        CUT
    }

    /** Sends every message by itself, so that more can happen between two. */
    TappedChannel messagesApart() {
        apart = true;
        return this;
    }

    /** Has the process killed instead of the send after so many. */
    TappedChannel killedAfter(int sends, Runnable kill) {
        sendsToLive = sends;
        death = kill;
        return this;
    }

    /** Tells of each request that changes something, just before it is sent. */
    TappedChannel telling(Consumer<String> of) {
        listener = of;
        return this;
    }

    /** Loses every request from now on, or none any more. */
    void losesRequests(boolean loses) {
        losing = loses;
    }

    /** Spoils one of the answers to come, counted from 1. */
    void spoil(int answer, Fault how) {
        faultAt = received + answer;
        fault = how;
    }

    int sent() {
        return sent;
    }

    int received() {
        return received;
    }

    /** Returns every request that changes something, as it was written. */
    List<String> changes() {
        return List.copyOf(changes);
    }

    @Override
    public void send(ByteBuffer datagram) {
        if (losing) {
            throw new SocketException("send", Errno.ENOBUFS, "");
        }
        if (!apart) {
            pass(datagram);
            return;
        }
        ByteBuffer in = datagram.duplicate().order(ByteOrder.nativeOrder());
        while (in.hasRemaining()) {
            int length = in.getInt(in.position());
            pass(in.slice(in.position(), length));
            in.position(in.position() + length);
        }
    }

    private void note(NetlinkMessage message) {
        int command = message.payload().get(0);
        if (message.type() > NetlinkMessage.FIRST_FAMILY_TYPE && !READING.contains(command)) {
            byte[] bytes = new byte[message.payload().remaining()];
            message.payload().duplicate().get(bytes);
            String change = HexFormat.of().formatHex(bytes);
            changes.add(change);
            listener.accept(change);
        }
    }

    private void pass(ByteBuffer datagram) {
        if (sent >= sendsToLive) {
            death.run();
        }
        sent++;
        NetlinkMessage.parse(datagram).forEach(this::note);
        kernel.send(datagram);
    }

    @Override
    public ByteBuffer receive() {
        if (++received != faultAt) {
            return kernel.receive();
        }
        return switch (fault) {
            case DROPPED -> {
                ByteBuffer unused = kernel.receive();
                throw new SocketException("recv", Errno.ENOBUFS, "");
            }
            case OVERRUN -> throw new SocketException("recv", Errno.ENOBUFS, "");
            case LATE -> throw new SocketException("recv", Errno.EAGAIN, "");
            case MISSING -> {
                ByteBuffer unused = kernel.receive();
                throw new SocketException("recv", Errno.EAGAIN, "");
            }
            case CUT -> {
                ByteBuffer whole = kernel.receive();
                yield whole.limit(whole.limit() - 8);
            }
        };
    }

    @Override
    public void close() {
        kernel.close();
    }
}
