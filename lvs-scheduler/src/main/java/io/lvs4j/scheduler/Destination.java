package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.ServerCounters;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The live entry of a real server in one service: its weight in force, its connection counts and its overload flag, as the
 * kernel's {@code ip_vs_dest}.
 *
 * <p>Concurrency: weight, thresholds and serving are written by the engine, one change at a time, and read by every picker.
 * Counts are changed by the threads that carry the connections; active and inactive share one atomic word, so that a
 * connection that changes from one to the other is never missing from their sum.
 */
public final class Destination {
    private static final long ONE_ACTIVE = 1L << 32;
    private static final long ONE_INACTIVE = 1L;

    private final ServerKey key;
    private final AtomicLong counts = new AtomicLong(); // active in the upper half, inactive in the lower
    private final AtomicInteger templates = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private volatile int weight;
    private volatile boolean serving;
    private volatile boolean retired;
    private volatile boolean overloaded;
    private volatile int upperThreshold;
    private volatile int lowerThreshold;

    Destination(ServerKey key) {
        this.key = key;
    }

    /**
     * {@return a destination outside of any service, with no connections, to try out a scheduler on}
     *
     * @param server its weight and thresholds
     */
    public static Destination of(RealServer server) {
        Destination destination = new Destination(server.key());
        destination.configure(server, server.weight(), true);
        return destination;
    }

    /** {@return address and port} */
    public ServerKey key() {
        return key;
    }

    /** {@return the weight in force, 0..65535; 0 = quiesced} */
    public int weight() {
        return weight;
    }

    /** {@return connections that are established in both directions} */
    public int active() {
        return (int) (counts.get() >>> 32);
    }

    /** {@return connections that are being opened or closed} */
    public int inactive() {
        return (int) counts.get();
    }

    /** {@return IPVS's measure of load: an active connection counts as much as 256 inactive ones} */
    public long overhead() {
        long both = counts.get();
        return ((both >>> 32) << 8) + (both & 0xffffffffL);
    }

    /** {@return whether it had its upper threshold of connections and has not come down to the lower one since} */
    public boolean overloaded() {
        return overloaded;
    }

    /** {@return whether a new connection may be given to it: it serves, its weight is not 0 and it is not overloaded} */
    public boolean available() {
        return weight > 0 && serving && !overloaded;
    }

    /** {@return whether health and operators allow it to be used} */
    boolean serving() {
        return serving;
    }

    // ---------------------------------------------------------------- changed by the engine

    /** Takes over settings. Returns whether weight or thresholds differ from those before: to a scheduler, an edit. */
    boolean configure(RealServer server, int newWeight, boolean nowServing) {
        boolean limited = upperThreshold != server.upperThreshold() || lowerThreshold != server.lowerThreshold();
        boolean edited = limited || weight != newWeight;
        retired = false;
        upperThreshold = server.upperThreshold();
        lowerThreshold = server.lowerThreshold();
        if (limited) {
            limit();
        }
        weight = newWeight;
        serving = nowServing;
        return edited;
    }

    /**
     * Marks or unmarks it under new thresholds, as Linux 6.12 does. (6.1 lifts the mark when the upper threshold is raised or
     * lifted, and never sets it here.)
     */
    private void limit() {
        long both = counts.get();
        if (upperThreshold != 0 && total(both) >= upperThreshold) {
            overloaded = true;
        } else if (upperThreshold == 0 || below(total(both))) {
            overloaded = false;
        }
    }

    /** Takes it out of use; it may come back. */
    void stopServing() {
        serving = false;
    }

    /** Takes it out of use for good, unless it is described again. */
    void retire() {
        weight = 0;
        serving = false;
        retired = true;
    }

    boolean retired() {
        return retired;
    }

    // ---------------------------------------------------------------- changed by connections

    /** Counts a new connection, inactive until it is established, and marks the destination if that fills it. */
    void bind() {
        long both = counts.addAndGet(ONE_INACTIVE);
        int upper = upperThreshold;
        if (upper != 0 && total(both) >= upper) {
            overloaded = true;
        }
    }

    void establish() {
        counts.addAndGet(ONE_ACTIVE - ONE_INACTIVE);
        connections.increment();
    }

    /** Counts an established connection as inactive from now on: one side has ended its stream. */
    void beginClose() {
        counts.addAndGet(ONE_INACTIVE - ONE_ACTIVE);
    }

    void unbindActive() {
        unbound(counts.addAndGet(-ONE_ACTIVE));
    }

    void unbindInactive() {
        unbound(counts.addAndGet(-ONE_INACTIVE));
    }

    private void unbound(long both) {
        if (!overloaded) {
            return;
        }
        if (below(total(both))) {
            overloaded = false;
        }
    }

    /** Whether this many connections are few enough for a destination that was overloaded. */
    private boolean below(long total) {
        int lower = lowerThreshold;
        return lower != 0 ? total < lower : total * 4 < upperThreshold * 3L;
    }

    private static long total(long both) {
        return (both >>> 32) + (both & 0xffffffffL);
    }

    void connectFailed() {
        connectFailures.increment();
    }

    void addBytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    void addBytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    void templateAdded() {
        templates.incrementAndGet();
    }

    void templateRemoved() {
        templates.decrementAndGet();
    }

    boolean idle() {
        return counts.get() == 0;
    }

    ServerCounters counters() {
        long both = counts.get();
        return new ServerCounters(
                (int) (both >>> 32),
                (int) both,
                templates.get(),
                connections.sum(),
                connectFailures.sum(),
                bytesIn.sum(),
                bytesOut.sum());
    }

    @Override
    public String toString() {
        return key + " weight " + weight + " active " + active() + " inactive " + inactive();
    }
}
