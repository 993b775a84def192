package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.ServerCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The live entry of a real server in one service: its weight in force, its connection counts and its overload flag, as the
 * kernel's {@code ip_vs_dest}.
 *
 * <p>Concurrency: weight, thresholds and serving are written by the engine, one change at a time, and read by every picker.
 * Counts and flags are one {@link Counts word} in an array that the destinations of a service share; the threads that carry
 * the connections change it atomically, so that a connection that changes from active to inactive is never missing from the
 * sum, and the overload flag agrees with the counts that it was set or lifted for.
 */
public final class Destination {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final ServerKey key;
    private final InetSocketAddress address; // made once, not for every connection
    private final int number;
    private final long[] cells;
    private final int cell;
    private final AtomicInteger templates = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder resets = new LongAdder();
    private final LongAdder packetsIn = new LongAdder();
    private final LongAdder packetsOut = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private volatile @Nullable CountWatch watch;
    private volatile boolean available; // what the flags say: a look at a field is quicker than one at the word
    private volatile int weight;
    private volatile boolean serving;
    private volatile boolean retired;
    private volatile int upperThreshold;
    private volatile int lowerThreshold;

    Destination(ServerKey key, int number, long[] cells, int cell) {
        this.key = key;
        this.address = key.socketAddress();
        this.number = number;
        this.cells = cells;
        this.cell = cell;
    }

    /**
     * {@return a destination outside of any service, with no connections, to try out a scheduler on}
     *
     * @param server its weight and thresholds
     */
    public static Destination of(RealServer server) {
        return of(List.of(server)).get(0);
    }

    /**
     * {@return destinations outside of any service, in the order of the list, with no connections, to try out a scheduler on}
     *
     * @param servers their weights and thresholds
     */
    public static List<Destination> of(List<RealServer> servers) {
        Roster roster = new Roster();
        Destination[] destinations = new Destination[servers.size()];
        for (int i = destinations.length - 1; i >= 0; i--) { // the last of a list was there first
            RealServer server = servers.get(i);
            destinations[i] = roster.create(server.key());
            destinations[i].configure(server, server.weight(), true);
        }
        return List.of(destinations);
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
        return Counts.active(counts());
    }

    /** {@return connections that are being opened or closed} */
    public int inactive() {
        return Counts.inactive(counts());
    }

    /** Returns where to connect to. */
    InetSocketAddress address() {
        return address;
    }

    /** {@return IPVS's measure of load: an active connection counts as much as 256 inactive ones} */
    public long overhead() {
        return Counts.overhead(counts());
    }

    /** {@return whether it had its upper threshold of connections and has not come down to the lower one since} */
    public boolean overloaded() {
        return (counts() & Counts.OVERLOADED) != 0;
    }

    /** {@return whether a new connection may be given to it: it serves, its weight is not 0 and it is not overloaded} */
    public boolean available() {
        return available;
    }

    /** Returns counts and flags, see {@link Counts}. */
    long counts() {
        return (long) CELLS.getVolatile(cells, cell);
    }

    /** Returns its number within the service. */
    int number() {
        return number;
    }

    /** Returns the array in which its counts are, at index {@link #cell()}; for reading. */
    long[] cells() {
        return cells;
    }

    int cell() {
        return cell;
    }

    /** Returns who hears of changes of the counts. */
    @Nullable
    CountWatch watch() {
        return watch;
    }

    /** Sets who hears of changes of the counts, in place of whoever did; changes before the call may go unheard. */
    void watch(@Nullable CountWatch newWatch) {
        watch = newWatch;
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
            markIfFull();
            unmarkIfFreed();
        }
        boolean usable = newWeight > 0 && nowServing;
        if (!usable) {
            allow(false); // first, so that nobody chooses it who will find that it may not be used
        }
        weight = newWeight;
        serving = nowServing;
        if (usable) {
            allow(true); // last, for the same reason
        }
        return edited;
    }

    /** Takes it out of use; it may come back. */
    void stopServing() {
        allow(false);
        serving = false;
        watch = null;
    }

    /** Takes it out of use for good, unless it is described again. */
    void retire() {
        stopServing();
        weight = 0;
        upperThreshold = 0;
        lowerThreshold = 0;
        unmarkIfFreed(); // it may come back without thresholds while it has connections
        retired = true;
    }

    boolean retired() {
        return retired;
    }

    private void allow(boolean usable) {
        if (usable) {
            long before = (long) CELLS.getAndBitwiseAnd(cells, cell, ~Counts.UNUSABLE);
            flagged(before, before & ~Counts.UNUSABLE);
        } else {
            long before = (long) CELLS.getAndBitwiseOr(cells, cell, Counts.UNUSABLE);
            flagged(before, before | Counts.UNUSABLE);
        }
    }

    private void flagged(long before, long after) {
        boolean now;
        do {
            now = Counts.available(counts());
            available = now;
        } while (now != Counts.available(counts())); // of two threads the last one leaves what is true
        tell(before, after);
    }

    private void tell(long before, long after) {
        CountWatch current = watch;
        if (current != null) {
            current.changed(before, after);
        }
    }

    // ---------------------------------------------------------------- changed by connections

    /** Counts a new connection, inactive until it is established, and marks the destination if that fills it. */
    void bind() {
        add(Counts.INACTIVE);
        if (upperThreshold != 0) {
            markIfFull();
        }
    }

    void establish() {
        add(Counts.ACTIVE - Counts.INACTIVE);
        countConnection();
    }

    void countConnection() {
        connections.increment();
    }

    /** Counts an established connection as inactive from now on: one side has ended its stream. */
    void beginClose() {
        add(Counts.INACTIVE - Counts.ACTIVE);
    }

    void unbindActive() {
        unbound(add(-Counts.ACTIVE));
    }

    void unbindInactive() {
        unbound(add(-Counts.INACTIVE));
    }

    /** Changes the counts, see {@link Counts}; returns what they became. */
    long add(long change) {
        long before = (long) CELLS.getAndAdd(cells, cell, change);
        tell(before, before + change);
        return before + change;
    }

    private void unbound(long counts) {
        if ((counts & Counts.OVERLOADED) != 0) {
            unmarkIfFreed();
        }
    }

    /**
     * Marks it if it has its upper threshold of connections. New thresholds mark and unmark at once, as in Linux 6.12. (6.1
     * lifts the mark when the upper threshold is raised or lifted, and never sets it then.)
     */
    private void markIfFull() {
        int upper = upperThreshold;
        long counts = counts();
        while (upper != 0 && Counts.total(counts) >= upper && (counts & Counts.OVERLOADED) == 0) {
            if (replace(counts, counts | Counts.OVERLOADED)) {
                unmarkIfFreed(); // thresholds may have changed meanwhile, and whoever did that has not seen the mark
                return;
            }
            counts = counts();
        }
    }

    private void unmarkIfFreed() {
        long counts = counts();
        while ((counts & Counts.OVERLOADED) != 0 && below(Counts.total(counts))) {
            if (replace(counts, counts & ~Counts.OVERLOADED)) {
                markIfFull(); // for the same reason
                return;
            }
            counts = counts();
        }
    }

    private boolean replace(long before, long after) {
        boolean replaced = CELLS.compareAndSet(cells, cell, before, after);
        if (replaced) {
            flagged(before, after);
        }
        return replaced;
    }

    /** Whether this many connections are few enough for a destination that was overloaded. */
    private boolean below(long total) {
        int upper = upperThreshold;
        int lower = lowerThreshold;
        return upper == 0 || (lower != 0 ? total < lower : total * 4 < upper * 3L);
    }

    void connectFailed() {
        connectFailures.increment();
    }

    void countReset() {
        resets.increment();
    }

    void addPacketsIn(int packets, long bytes) {
        packetsIn.add(packets);
        bytesIn.add(bytes);
    }

    void addPacketsOut(int packets, long bytes) {
        packetsOut.add(packets);
        bytesOut.add(bytes);
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
        return Counts.overhead(counts()) == 0;
    }

    ServerCounters counters() {
        long counts = counts();
        return new ServerCounters(
                Counts.active(counts),
                Counts.inactive(counts),
                templates.get(),
                connections.sum(),
                connectFailures.sum(),
                resets.sum(),
                packetsIn.sum(),
                packetsOut.sum(),
                bytesIn.sum(),
                bytesOut.sum());
    }

    @Override
    public String toString() {
        return key + " weight " + weight + " active " + active() + " inactive " + inactive();
    }
}
