package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener.Cause;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.spi.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The templates of clients known by address or network: the rule of {@link PersistenceTable}, with room for a fixed number of
 * clients. A connection of a client that is known allocates nothing but its lease and takes no lock.
 *
 * <p>Layout: segments, chosen by the upper bits of a client's hash, each with one array of {@link Slots}, which says how a
 * client is found in it. A client stays in its slot until the segment grows. Segments start empty and double; in the end there
 * are 15 slots for every 8 clients, 60 bytes a client. The hash is keyed at random, so that a client who can choose addresses
 * cannot aim at a slot.
 *
 * <p>When there is no room, the least useful template in reach gives way, see {@link Usefulness}. Where nobody does, the new
 * client is scheduled without a template. So is a client of a destination whose number exceeds 65534, and connections of a
 * client beyond some four million follow its template uncounted.
 *
 * <p>Concurrency: here is what is done without a lock: finding a template, counting a connection and its end. Everything else is
 * done by {@link ClientSegment} under its lock. Who finds nothing asks again under the lock, for the segment may be growing. A
 * lease remembers address and stamp, not the slot. No template names a destination whose number has been given out again: under
 * the lock retired destinations are refused, and the engine has the templates of retired ones forgotten before it gives out
 * their numbers. Listeners are called under the segment's lock, so for one client they hear things in the order in which they
 * happened.
 */
final class ClientTable implements PersistenceTable {
    private final Ticker ticker;
    private final ClientHash hashing;
    private final ClientRoom room;
    private final ClientSegment[] segments;
    private final int segmentShift;
    private final LongAdder hits = new LongAdder(); // once in 32 of a template
    private volatile Persistence settings;

    /**
     * Creates an empty table.
     *
     * @param servers knows the destinations by number
     * @param ticker the clock that the flows' times are of
     */
    ClientTable(Persistence settings, Roster servers, Ticker ticker, TemplateListeners listeners) {
        this.ticker = ticker;
        this.settings = settings;
        this.hashing = new ClientHash(settings);
        this.room = new ClientRoom(settings, servers, listeners);
        this.segments = new ClientSegment[room.segments()];
        this.segmentShift = 63 - Integer.numberOfTrailingZeros(segments.length);
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new ClientSegment(this, room, hashing, i, ticker.nanos());
        }
    }

    // ---------------------------------------------------------------- connections

    @Override
    public @Nullable Lease assign(Flow flow, Chooser chooser) {
        long high = hashing.high(flow.clientHigh(), flow.clientLow());
        long low = hashing.low(flow.clientHigh(), flow.clientLow());
        long hash = hashing.hash(high, low);
        long[] words = words(hash);
        int at = Slots.find(words, hash, high, low);
        while (at >= 0) {
            long template = Slots.template(words, at, high, low);
            Destination destination = room.find(template);
            if (destination == null || !followed(words, at, template, destination, flow, chooser)) {
                break;
            }
            Lease lease = hit(words, at, template, destination, high, low);
            if (lease != null) {
                return lease;
            }
        }
        ClientSegment segment = segmentOf(hash);
        synchronized (segment) {
            return segment.assign(hash, high, low, flow, chooser);
        }
    }

    /** Whether a template is followed: it has not expired, and its destination may be used. */
    static boolean followed(long[] words, int at, long template, Destination destination, Flow flow, Chooser chooser) {
        return (TemplateWord.live(template) > 0 || Slots.deadline(words, at) - flow.time() > 0)
                && chooser.allowsTemplate(destination)
                && !flow.hasTried(destination);
    }

    /** Counts a connection on a template, or returns null if the template is not as it was seen. */
    @Nullable
    Lease hit(long[] words, int at, long template, Destination destination, long high, long low) {
        if (TemplateWord.live(template) == TemplateWord.MAX_LIVE) {
            return new Lease(destination);
        }
        if (!Slots.change(words, at, template, TemplateWord.hit(template))) {
            return null;
        }
        if (TemplateWord.hits(template) == TemplateWord.MAX_HITS) {
            hits.add(TemplateWord.MAX_HITS + 1);
        }
        int stamp = TemplateWord.stamp(template);
        return new Lease(destination, this, high, low, TemplateWord.assured(template) ? ~stamp : stamp);
    }

    /** Returns the stamp of a lease's template. A lease that need not say that it has been established has its complement. */
    private static int stamp(Lease lease) {
        return lease.stamp() < 0 ? ~lease.stamp() : lease.stamp();
    }

    @Override
    public @Nullable Destination peek(Flow flow) {
        return find(
                hashing.high(flow.clientHigh(), flow.clientLow()),
                hashing.low(flow.clientHigh(), flow.clientLow()),
                flow.time());
    }

    /** Returns the destination of a template that has not expired; the address is masked already. */
    @Nullable
    Destination find(long high, long low, long now) {
        long hash = hashing.hash(high, low);
        long[] words = words(hash);
        int at = Slots.find(words, hash, high, low);
        if (at >= 0) {
            long template = Slots.template(words, at, high, low);
            if (template != TemplateWord.FREE) {
                long deadline = Slots.deadline(words, at);
                Destination destination = room.find(template);
                if (destination != null && Slots.unchanged(words, at, template)) {
                    return TemplateWord.live(template) > 0 || deadline - now > 0 ? destination : null;
                }
            }
        }
        ClientSegment segment = segmentOf(hash);
        synchronized (segment) {
            return segment.find(hash, high, low, now);
        }
    }

    @Override
    public void established(Lease lease) {
        if (lease.stamp() < 0) {
            return;
        }
        long hash = hashing.hash(lease.high(), lease.low());
        if (!assure(words(hash), hash, lease)) {
            synchronized (segmentOf(hash)) {
                assure(words(hash), hash, lease);
            }
        }
    }

    /** Returns false if there is no such template, which is certain under the lock only. */
    private static boolean assure(long[] words, long hash, Lease lease) {
        int at = Slots.find(words, hash, lease.high(), lease.low());
        while (at >= 0) {
            long template = Slots.template(words, at, lease.high(), lease.low());
            if (template == TemplateWord.FREE || TemplateWord.stamp(template) != lease.stamp()) {
                return false;
            }
            if (TemplateWord.assured(template) || Slots.change(words, at, template, template | TemplateWord.ASSURED)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void release(Lease lease) {
        long hash = hashing.hash(lease.high(), lease.low());
        if (!release(words(hash), hash, lease)) {
            synchronized (segmentOf(hash)) {
                release(words(hash), hash, lease);
            }
        }
    }

    /**
     * Returns false if there is no such template, which is certain under the lock only. The deadline is set before the last
     * connection ends. If the template is forgotten in between, it is that of another one, whose timeout then counts from now.
     */
    private boolean release(long[] words, long hash, Lease lease) {
        int at = Slots.find(words, hash, lease.high(), lease.low());
        while (at >= 0) {
            long template = Slots.template(words, at, lease.high(), lease.low());
            if (template == TemplateWord.FREE || TemplateWord.stamp(template) != stamp(lease)) {
                return false;
            }
            if (TemplateWord.live(template) == 1) {
                Slots.setDeadline(words, at, ticker.nanos() + room.timeoutNanos());
            }
            if (Slots.change(words, at, template, TemplateWord.ended(template))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void discard(Lease lease) {
        long hash = hashing.hash(lease.high(), lease.low());
        ClientSegment segment = segmentOf(hash);
        synchronized (segment) {
            segment.discard(hash, lease.high(), lease.low(), stamp(lease));
        }
    }

    // ---------------------------------------------------------------- settings and servers

    @Override
    public boolean adopt(Persistence next) {
        Persistence current = settings;
        if (next.by() != Persistence.By.CLIENT_ADDRESS
                || next.ipv4PrefixLength() != current.ipv4PrefixLength()
                || next.ipv6PrefixLength() != current.ipv6PrefixLength()) {
            return false;
        }
        settings = next;
        room.configure(next);
        long now = ticker.nanos();
        if (!next.timeout().equals(current.timeout())) {
            for (ClientSegment segment : segments) {
                synchronized (segment) {
                    segment.timeoutChanged(now);
                }
            }
        }
        if (next.maxEntries() < current.maxEntries()) {
            shrink(now);
        }
        return true;
    }

    /** Makes templates give way until there are no more than allowed, or none that can. */
    private void shrink(long now) {
        for (int usefulness = Usefulness.EXPIRED; usefulness < Usefulness.CONNECTED; usefulness++) {
            for (ClientSegment segment : segments) {
                synchronized (segment) {
                    segment.sweep(now);
                    segment.shrink(usefulness, now);
                }
            }
        }
    }

    @Override
    public void forget(Predicate<Destination> unwanted) {
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                segment.remove(unwanted, Cause.SERVER_GONE);
            }
        }
    }

    @Override
    public int evict(Predicate<Destination> unwanted) {
        long now = ticker.nanos();
        int evicted = 0;
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                segment.sweep(now);
                evicted += segment.remove(unwanted, Cause.FORGOTTEN);
            }
        }
        return evicted;
    }

    @Override
    public void close() {
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                segment.close();
            }
        }
    }

    /** {@inheritDoc} In a large table they may be a second behind. */
    @Override
    public void expire() {
        long now = ticker.nanos();
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                segment.sweep(now, room.pause());
            }
        }
    }

    // ---------------------------------------------------------------- looking at it

    @Override
    public List<PersistenceTemplate> list() {
        List<PersistenceTemplate> templates = new ArrayList<>();
        long now = ticker.nanos();
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                segment.list(templates, now);
            }
        }
        return templates;
    }

    @Override
    public boolean evict(Object key) {
        if (!(key instanceof InetAddress address)) {
            return false;
        }
        long high = hashing.high(Flow.high(address), Flow.low(address));
        long low = hashing.low(Flow.high(address), Flow.low(address));
        long hash = hashing.hash(high, low);
        ClientSegment segment = segmentOf(hash);
        synchronized (segment) {
            return segment.evict(hash, high, low, ticker.nanos());
        }
    }

    @Override
    public void requireKey(Object key) {
        if (!(key instanceof InetAddress)) {
            throw new IllegalArgumentException("key: " + key + " of " + key.getClass()
                    + " (expected: an InetAddress, as the service persists by client address)");
        }
    }

    /** {@inheritDoc} It counts as one that had an established connection: most of those that were worth keeping had. */
    @Override
    public boolean restore(PersistenceTemplate template, Destination destination) {
        InetAddress address = (InetAddress) template.key();
        long high = hashing.high(Flow.high(address), Flow.low(address));
        long low = hashing.low(Flow.high(address), Flow.low(address));
        long hash = hashing.hash(high, low);
        long left = nanos(template.expiresIn(), room.timeoutNanos());
        ClientSegment segment = segmentOf(hash);
        synchronized (segment) {
            return segment.restore(hash, high, low, destination, ticker.nanos(), left);
        }
    }

    /** Returns a time in nanoseconds, at most a limit. */
    static long nanos(Duration time, long limit) {
        return time.compareTo(Duration.ofNanos(limit)) >= 0 ? limit : time.toNanos();
    }

    /** {@inheritDoc} In a large table they may be a second behind. */
    @Override
    public PersistenceCounters counters() {
        long now = ticker.nanos();
        PersistenceCounters sum = new PersistenceCounters(0, 0, 0, 0, 0, 0);
        for (ClientSegment segment : segments) {
            synchronized (segment) {
                sum = segment.addTo(sum, now, room.pause());
            }
        }
        return new PersistenceCounters(
                sum.templates(),
                sum.hits() + hits.sum(),
                sum.misses(),
                sum.expired(),
                sum.evicted(),
                sum.unremembered());
    }

    /** Returns how much memory the slots take. */
    long bytes() {
        return room.bytes();
    }

    // ---------------------------------------------------------------- where

    /** Returns a client's hash: its upper bits choose the segment, its lower 32 bits the window. */
    long hash(long high, long low) {
        return hashing.hash(high, low);
    }

    private int index(long hash) {
        return (int) (hash >>> 1 >>> segmentShift);
    }

    private ClientSegment segmentOf(long hash) {
        return segments[index(hash)];
    }

    private long[] words(long hash) {
        return room.words(index(hash));
    }
}
