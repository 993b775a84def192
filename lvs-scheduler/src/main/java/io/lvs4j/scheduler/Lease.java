package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection's claim on a real server, from the decision until the connection is over. It counts as inactive while the
 * connection is opened, as active while both directions are open, and as inactive again once one side has ended its stream.
 * A flow without an end, such as UDP, is never established and always counts as inactive, as in IPVS.
 *
 * <p>Not thread-safe, but for {@link #serverRemoved()}: confined to whoever carries the connection.
 */
public final class Lease implements AutoCloseable {
    private enum Phase {
        OPENING,
        ESTABLISHED,
        CLOSING,
        CLOSED
    }

    private final Destination destination;
    private final @Nullable PersistenceTable table;
    private final @Nullable Object entry; // of the template in the table; the longs for a table that keeps no objects
    private final long high;
    private final long low;
    private final int stamp;
    private Phase phase = Phase.OPENING;

    /** A lease that no template stands behind. */
    Lease(Destination destination) {
        this(destination, null, null, 0, 0, 0);
    }

    /** A lease that is counted on a template, which is an object. */
    Lease(Destination destination, PersistenceTable table, Object entry) {
        this(destination, table, entry, 0, 0, 0);
    }

    /** A lease that is counted on a template, which the address and the stamp identify. */
    Lease(Destination destination, PersistenceTable table, long high, long low, int stamp) {
        this(destination, table, null, high, low, stamp);
    }

    private Lease(
            Destination destination,
            @Nullable PersistenceTable table,
            @Nullable Object entry,
            long high,
            long low,
            int stamp) {
        this.destination = destination;
        this.table = table;
        this.entry = entry;
        this.high = high;
        this.low = low;
        this.stamp = stamp;
    }

    /** {@return the real server to connect to} */
    public ServerKey server() {
        return destination.key();
    }

    /** {@return where to connect to: the real server's address, the same object for all of its leases} */
    public InetSocketAddress address() {
        return destination.address();
    }

    /**
     * {@return whether the server, or its service, has been removed since: the connection is no longer wanted and should be
     * ended} Any thread may ask.
     */
    public boolean serverRemoved() {
        return destination.retired();
    }

    Destination destination() {
        return destination;
    }

    /** Returns the table whose template it is counted on; null if none. */
    @Nullable
    PersistenceTable table() {
        return table;
    }

    @Nullable
    Object entry() {
        return entry;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    int stamp() {
        return stamp;
    }

    /** Ends a lease that was not given out, and lets the client be scheduled anew. */
    void revoke() {
        close();
        if (table != null) {
            table.discard(this);
        }
    }

    /** Says that the connection to the server is established. Does nothing the second time. */
    public void established() {
        if (phase == Phase.OPENING) {
            phase = Phase.ESTABLISHED;
            destination.establish();
            if (table != null) {
                table.established(this);
            }
        }
    }

    /** Says that a flow without an end, such as UDP, goes to the server now. Counts it as given to the server; call it once. */
    public void given() {
        destination.countConnection();
    }

    /** Says that one side has ended its stream. Does nothing unless the connection is established. */
    public void closing() {
        if (phase == Phase.ESTABLISHED) {
            phase = Phase.CLOSING;
            destination.beginClose();
        }
    }

    /** Says that the server could not be reached, and ends the lease. */
    public void connectFailed() {
        if (phase == Phase.OPENING) {
            destination.connectFailed();
        }
        close();
    }

    /**
     * Says that the server has reset the connection before it had sent anything, while the client had neither ended nor reset its
     * stream. Does nothing unless both directions were open; the connection counts as closing from now on.
     */
    public void serverReset() {
        if (phase == Phase.ESTABLISHED) {
            destination.countReset();
            closing();
        }
    }

    /**
     * Counts bytes from the client.
     *
     * @param bytes 0 or more
     */
    public void countIn(long bytes) {
        destination.addBytesIn(bytes);
    }

    /**
     * Counts bytes from the server.
     *
     * @param bytes 0 or more
     */
    public void countOut(long bytes) {
        destination.addBytesOut(bytes);
    }

    /**
     * Counts datagrams from the client.
     *
     * @param packets how many, 0 or more
     * @param bytes of all of them, 0 or more
     */
    public void countPacketsIn(int packets, long bytes) {
        destination.addPacketsIn(packets, bytes);
    }

    /**
     * Counts datagrams from the server.
     *
     * @param packets how many, 0 or more
     * @param bytes of all of them, 0 or more
     */
    public void countPacketsOut(int packets, long bytes) {
        destination.addPacketsOut(packets, bytes);
    }

    /** Says that the connection is over. Idempotent. */
    @Override
    public void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (table != null) {
            table.release(this); // first, so that whoever sees the count fall knows that the timeout has begun
        }
        if (phase == Phase.ESTABLISHED) {
            destination.unbindActive();
        } else {
            destination.unbindInactive();
        }
        phase = Phase.CLOSED;
    }

    @Override
    public String toString() {
        return destination.key() + " " + phase;
    }
}
