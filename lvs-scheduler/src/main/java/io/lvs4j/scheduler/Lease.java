package io.lvs4j.scheduler;

import io.lvs4j.ServerKey;
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
    private final PersistenceTable.@Nullable Template template;
    private Phase phase = Phase.OPENING;

    Lease(Destination destination, PersistenceTable.@Nullable Template template) {
        this.destination = destination;
        this.template = template;
    }

    /** {@return the real server to connect to} */
    public ServerKey server() {
        return destination.key();
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

    PersistenceTable.@Nullable Template template() {
        return template;
    }

    /** Ends a lease that was not given out, and lets the client be scheduled anew. */
    void revoke() {
        close();
        if (template != null) {
            template.discard();
        }
    }

    /** Says that the connection to the server is established. Does nothing the second time. */
    public void established() {
        if (phase == Phase.OPENING) {
            phase = Phase.ESTABLISHED;
            destination.establish();
        }
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

    /** Says that the connection is over. Idempotent. */
    @Override
    public void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (template != null) {
            template.release(); // first, so that whoever sees the count fall knows that the timeout has begun
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
