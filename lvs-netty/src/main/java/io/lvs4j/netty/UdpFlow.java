package io.lvs4j.netty;

import io.lvs4j.ConnectionEntry;
import io.lvs4j.Protocol;
import io.lvs4j.ServerKey;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Lease;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends from one port to one address of a service, and the answers: a lease on a server and a socket connected to
 * it. When the server cannot be reached the flow gives both up and remembers whom it tried; its next datagram, or the one at
 * hand, goes to another server. Confined to its event loop.
 */
final class UdpFlow implements DatagramPeer.Owner {

    /** How far the exchange has come, which says who goes first when the table is full. */
    enum Standing {
        /** The client has sent; nobody has answered. */
        ONE_WAY,
        /** The server has answered. That does not show that the client exists: servers answer spoofed sources, too. */
        ANSWERED,
        /** The client has sent again after an answer. */
        TWO_WAY
    }

    private final UdpFlows flows;
    private final DatagramListener listener;
    private final InetSocketAddress client;
    private @Nullable List<Lease> tried;
    private @Nullable Lease lease;
    private @Nullable DatagramPeer peer;

    // the table's
    final long high;
    final long low;

    /** The one server that it is for, where datagrams are scheduled one by one; else null. */
    final @Nullable ServerKey only;

    /** What {@link Admission} gave it. */
    int ticket = Admission.NOT_COUNTED;

    Standing standing = Standing.ONE_WAY;
    long activeNanos;
    long listedNanos;

    @Nullable
    UdpFlow nextInBucket;

    @Nullable
    UdpFlow older;

    @Nullable
    UdpFlow newer;

    UdpFlow(
            UdpFlows flows,
            DatagramListener listener,
            InetSocketAddress client,
            long high,
            long low,
            @Nullable ServerKey only) {
        this.flows = flows;
        this.listener = listener;
        this.client = client;
        this.high = high;
        this.low = low;
        this.only = only;
    }

    InetSocketAddress client() {
        return client;
    }

    int port() {
        return client.getPort();
    }

    /** Whether it is this client's, at this address, to this server. */
    boolean is(DatagramListener at, long high, long low, int port, @Nullable ServerKey only) {
        return this.low == low
                && client.getPort() == port
                && this.high == high
                && listener == at
                && (only == null ? this.only == null : only.equals(this.only));
    }

    // ---------------------------------------------------------------- from the client

    /** Sends a datagram to the server of this flow, and to another if that one cannot be reached. */
    void forward(ByteBuf datagram) {
        while (true) {
            DatagramPeer to = peer;
            Lease of = lease;
            if (to == null || of == null) {
                if (!findServer()) {
                    flows.end(this);
                    return;
                }
                continue;
            }
            try {
                if (to.send(datagram)) {
                    of.countPacketsIn(1, datagram.readableBytes());
                }
                return;
            } catch (IOException e) {
                giveUpServer();
            }
        }
    }

    /** Sends datagrams to the server of this flow in one call; returns false if they have to be sent one by one. */
    boolean forwardTogether(DatagramBatch datagrams) {
        DatagramPeer to = peer;
        Lease of = lease;
        if (to == null || of == null) {
            return false;
        }
        try {
            if (!to.sendTogether(datagrams)) {
                return false;
            }
            of.countPacketsIn(datagrams.count(), datagrams.all().readableBytes());
            return true;
        } catch (IOException e) {
            giveUpServer();
            return false;
        }
    }

    private boolean findServer() {
        Flow decision = flows.decision(listener, this);
        if (tried != null) {
            tried.forEach(decision::exclude);
        }
        Lease found = flows.engine().acquire(decision);
        while (found != null) {
            try {
                if (connect(found)) {
                    return true;
                }
                found.close();
                return false;
            } catch (IOException e) {
                lease = found;
                giveUpServer();
                decision.exclude(found);
                found = flows.engine().acquire(decision);
            }
        }
        return false;
    }

    /**
     * Sends one datagram to the server of a lease, which the caller closes.
     *
     * @throws IOException if the server cannot be reached
     */
    void forward(ByteBuf datagram, Lease to) throws IOException {
        if (peer == null && !connect(to)) {
            flows.end(this);
            return;
        }
        DatagramPeer through = peer;
        if (through != null && through.send(datagram)) {
            to.given();
            to.countPacketsIn(1, datagram.readableBytes());
        }
    }

    /**
     * Connects to the server of a lease; returns false if this host has no socket or port left.
     *
     * @throws IOException if the server cannot be reached
     */
    private boolean connect(Lease to) throws IOException {
        InetSocketAddress server = to.address();
        DatagramPeer socket = flows.newPeer(to.server(), this);
        if (socket == null) {
            return false;
        }
        boolean success = false;
        try {
            socket.connect(flows.loop(), server, this);
            success = true;
        } finally {
            if (!success) {
                socket.close();
                flows.closedPeer();
            }
        }
        peer = socket;
        lease = to;
        if (only == null) {
            to.given();
        }
        return true;
    }

    private void giveUpServer() {
        closePeer();
        Lease vain = lease;
        if (vain != null) {
            vain.connectFailed();
            if (tried == null) {
                tried = new ArrayList<>(2);
            }
            tried.add(vain);
            lease = null;
        }
    }

    private void closePeer() {
        if (peer != null) {
            peer.close();
            peer = null;
            flows.closedPeer();
        }
    }

    // ---------------------------------------------------------------- from the server

    @Override
    public DatagramBatch batch() {
        return flows.batch();
    }

    @Override
    public void received(DatagramBatch datagrams) {
        tried = null;
        int count = datagrams.count();
        if (lease != null) {
            lease.countPacketsOut(count, datagrams.all().readableBytes());
        }
        flows.answered(this);
        if (count > 1 && listener.sendTogether(datagrams, client)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            listener.send(datagrams.get(i), client);
        }
    }

    @Override
    public void failed(IOException cause) {
        giveUpServer();
        if (only != null) {
            flows.end(this);
        }
    }

    // ---------------------------------------------------------------- looking at it

    /** Whether it is with a server; what single datagrams share never is. */
    boolean hasServer() {
        return lease != null && only == null;
    }

    /** What is listed of it; null if it has no server. */
    @Nullable
    ConnectionEntry entry(long nowNanos, long timeoutNanos) {
        Lease of = lease;
        return of == null
                ? null
                : new ConnectionEntry(
                        Protocol.UDP.name(),
                        client,
                        listener.address(),
                        of.address(),
                        "UDP",
                        Duration.ofNanos(Math.max(0, timeoutNanos - (nowNanos - activeNanos))));
    }

    // ---------------------------------------------------------------- ending

    /** Whether it has a server that is none of these. */
    boolean isOutside(Set<ServerKey> servers) {
        return lease != null && !servers.contains(lease.server());
    }

    /** Gives socket and lease back. */
    void close() {
        closePeer();
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }
}
