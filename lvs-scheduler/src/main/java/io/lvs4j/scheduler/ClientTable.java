package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener.Cause;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.spi.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The templates of clients known by address or network: the rule of {@link PersistenceTable}, with room for a fixed number of
 * clients. A connection of a client that is known allocates nothing but its lease and takes no lock.
 *
 * <p>Layout: segments, chosen by the upper bits of a client's hash. A segment is one {@code long[]} of slots:
 * <pre>
 *   0  upper half of the client's address, bits that do not count cleared
 *   1  lower half
 *   2  when the template expires, if none of its connections lives
 *   3  {@link Meta}: the destination's number, counts, flag and stamp; 0 if the slot is free
 * </pre>
 * A client lives in one of the {@value #WINDOW} slots from the one that the lower bits of its hash name, and stays in its slot
 * until the segment grows. Segments start empty and double; in the end there are 15 slots for every 8 clients, 60 bytes a client.
 * The hash is keyed at random, so that a client who can choose addresses cannot aim at a slot.
 *
 * <p>When there is no room, the least useful template in the window gives way: one that has expired; then one without a
 * connection that never had an established one; then one without a connection; then one whose connections never were
 * established; among equals the one to expire next, as of its last connection that ended. A template with a connection, one of
 * which has been established, never gives way; where there is nothing else in reach the new client is scheduled without a
 * template. So spoofed sources push out each other, then idle clients, and nobody who is connected. Under attack
 * the kernel drops templates that never had an established connection, at random. A destination whose number exceeds 65534 gets
 * no templates, and connections of a client beyond some four million follow its template uncounted.
 *
 * <p>Concurrency: whatever gives a slot to a client or takes it away holds the segment's lock, and does so by making the meta word
 * 0 first and setting it last. Counting a connection or its end is a compare-and-set on the meta word. Its stamp is another one
 * for each new template, so the compare-and-set fails if the slot changed hands after the address in it was read. A segment
 * grows by making every word 0 in the old array; who finds nothing there asks again under the lock. A lease remembers address and
 * stamp, not the slot. No template names a destination whose number has been given out again: under the lock retired
 * destinations are refused, and the engine has the templates of retired ones forgotten before it gives out their numbers.
 * Listeners are called under the segment's lock, so for one client they hear things in the order in which they happened.
 */
final class ClientTable implements PersistenceTable {
    /** How many slots a client may be in. */
    static final int WINDOW = 16;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int DEADLINE = 2;
    private static final int META = 3;
    private static final int SLOT = 4;
    private static final int REACH = WINDOW * SLOT;

    private static final int ENTRIES_PER_SEGMENT = 4096; // keeps an array below half a region of 1 MiB, G1's limit
    private static final int FIRST_HOMES = 16;
    private static final int HOMES = 15; // for so many
    private static final int ENTRIES = 8; // templates
    private static final int NEIGHBOURS =
            4; // windows to look at for a template that can give way, besides the client's own
    private static final int GROWTH_ATTEMPTS = 4;
    private static final long[] NO_SLOTS = new long[REACH];

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ARRAYS = MethodHandles.arrayElementVarHandle(long[][].class);

    private final Roster servers;
    private final Ticker ticker;
    private final TemplateListeners listeners;
    private final long ipv4Mask;
    private final long ipv6MaskHigh;
    private final long ipv6MaskLow;
    private final long seed;
    private final long seedHigh;
    private final long seedLow;
    private final int segmentShift;
    private final long[][] arrays; // one per segment; apart from the segments, whose lines every change touches
    private final Segment[] segments;
    private final AtomicInteger entries = new AtomicInteger();
    private final LongAdder hits = new LongAdder(); // but for those that the meta words still hold
    private volatile Persistence settings;
    private volatile long timeoutNanos;

    /** What is guarded by a segment's lock, besides giving out its slots. */
    private static final class Segment {
        final int index;
        int used;
        int stamp;
        int hand;
        long seen;
        int free;
        boolean full;
        boolean closed;
        long misses;
        long expired;
        long evicted;
        long unremembered;

        Segment(int index) {
            this.index = index;
        }
    }

    /**
     * The fourth word of a slot:
     * <pre>
     *   bits 63..48   the destination's number + 1; the word is 0 if and only if the slot is free
     *   bit  47       assured: a connection has been established
     *   bits 46..27   stamp, 1 or more, another for each template
     *   bits 26..22   hits that the table's counter does not have yet
     *   bits 21..0    live connections
     * </pre>
     */
    private static final class Meta {
        static final int MAX_LIVE = (1 << 22) - 1;
        static final int MAX_NUMBER = (1 << 16) - 2;
        static final int STAMP_MASK = (1 << 20) - 1;
        static final long ASSURED = 1L << 47;
        static final int HITS_SHIFT = 22;
        static final int HITS_MASK = 31;

        static long of(int number, int stamp, long live, boolean assured) {
            return (number + 1L) << 48 | (assured ? ASSURED : 0) | (long) stamp << 27 | live;
        }

        static int number(long meta) {
            return (int) (meta >>> 48) - 1;
        }

        static boolean assured(long meta) {
            return (meta & ASSURED) != 0;
        }

        static int stamp(long meta) {
            return (int) (meta >>> 27) & STAMP_MASK;
        }

        static int hits(long meta) {
            return (int) (meta >>> HITS_SHIFT) & HITS_MASK;
        }

        static int live(long meta) {
            return (int) meta & MAX_LIVE;
        }

        /** One connection more, and one hit more or, if there is no room for that, none. */
        static long hit(long meta) {
            return hits(meta) == HITS_MASK
                    ? (meta & ~((long) HITS_MASK << HITS_SHIFT)) + 1
                    : meta + (1 << HITS_SHIFT) + 1;
        }
    }

    /** How useful a template is; the least useful gives way first. */
    private static final class Use {
        static final int EXPIRED = 0;
        static final int NEVER_ESTABLISHED = 1;
        static final int IDLE = 2;
        static final int OPENING = 3;
        static final int CONNECTED = 4;
    }

    /**
     * Creates an empty table.
     *
     * @param servers knows the destinations by number
     * @param ticker the clock that the flows' times are of
     */
    ClientTable(Persistence settings, Roster servers, Ticker ticker, TemplateListeners listeners) {
        this.servers = servers;
        this.ticker = ticker;
        this.listeners = listeners;
        this.settings = settings;
        this.timeoutNanos = settings.timeout().toNanos();
        int prefix = settings.ipv6PrefixLength();
        this.ipv4Mask = -1L << (32 - settings.ipv4PrefixLength());
        this.ipv6MaskHigh = prefix >= 64 ? -1L : -1L << (64 - prefix);
        this.ipv6MaskLow = prefix <= 64 ? 0 : -1L << (128 - prefix);
        SecureRandom random = new SecureRandom();
        this.seed = random.nextLong();
        this.seedHigh = random.nextLong();
        this.seedLow = random.nextLong();
        int bits = 32 - Integer.numberOfLeadingZeros((settings.maxEntries() - 1) / ENTRIES_PER_SEGMENT);
        this.segmentShift = 63 - bits;
        this.segments = new Segment[1 << bits];
        this.arrays = new long[segments.length][];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(i);
            arrays[i] = NO_SLOTS;
        }
    }

    // ---------------------------------------------------------------- connections

    @Override
    public @Nullable Lease assign(Flow flow, Chooser chooser) {
        boolean ipv4 = Flow.isIpv4(flow.clientHigh(), flow.clientLow());
        long high = flow.clientHigh() & (ipv4 ? -1L : ipv6MaskHigh);
        long low = flow.clientLow() & (ipv4 ? ipv4Mask : ipv6MaskLow);
        long hash = hash(high, low);
        Segment segment = segmentOf(hash);
        long[] words = words(segment);
        int at = find(words, hash, high, low);
        while (at >= 0) {
            long meta = metaOf(words, at, high, low);
            if (meta == 0) {
                break;
            }
            Destination destination = servers.get(Meta.number(meta));
            if (destination == null || !followed(words, at, meta, destination, flow, chooser)) {
                break;
            }
            if (Meta.live(meta) == Meta.MAX_LIVE) {
                return new Lease(destination);
            }
            if (WORDS.compareAndSet(words, at + META, meta, Meta.hit(meta))) {
                return hit(destination, meta, high, low);
            }
        }
        synchronized (segment) {
            return assign(segment, hash, high, low, flow, chooser);
        }
    }

    /** Whether a template is followed: it has not expired, and its destination may be used. */
    private static boolean followed(
            long[] words, int at, long meta, Destination destination, Flow flow, Chooser chooser) {
        return (Meta.live(meta) > 0 || (long) WORDS.getOpaque(words, at + DEADLINE) - flow.time() > 0)
                && chooser.allowsTemplate(destination)
                && !flow.hasTried(destination);
    }

    private Lease hit(Destination destination, long meta, long high, long low) {
        if (Meta.hits(meta) == Meta.HITS_MASK) {
            hits.add(Meta.HITS_MASK + 1);
        }
        return new Lease(destination, this, high, low, stamp(meta));
    }

    /** What a lease remembers: the template's stamp, or its complement if it need not say that it has been established. */
    private static int stamp(long meta) {
        return Meta.assured(meta) ? ~Meta.stamp(meta) : Meta.stamp(meta);
    }

    /** As above, under the segment's lock: nobody else gives out slots or takes them away. */
    private @Nullable Lease assign(Segment segment, long hash, long high, long low, Flow flow, Chooser chooser) {
        long[] words = words(segment);
        int at = find(words, hash, high, low);
        while (at >= 0) {
            long meta = (long) WORDS.getAcquire(words, at + META);
            Destination destination = destination(meta);
            if (followed(words, at, meta, destination, flow, chooser)) {
                if (Meta.live(meta) == Meta.MAX_LIVE) {
                    return new Lease(destination);
                }
                if (WORDS.compareAndSet(words, at + META, meta, Meta.hit(meta))) {
                    return hit(destination, meta, high, low);
                }
            } else {
                boolean expired = Use.EXPIRED == use(words, at, meta, flow.time());
                if (vacate(segment, words, at, meta, expired ? Cause.EXPIRED : Cause.SERVER_GONE)) {
                    at = -1;
                }
            }
        }
        Destination chosen = chooser.choose(flow);
        if (chosen == null) {
            return null;
        }
        if (segment.closed || chosen.retired()) {
            return new Lease(chosen, this, high, low, -1); // will be revoked: the engine has newer rules
        }
        int slot = chosen.number() > Meta.MAX_NUMBER ? -1 : room(segment, hash, flow.time(), true);
        if (slot < 0) {
            segment.unremembered++;
            return new Lease(chosen);
        }
        segment.misses++;
        long meta = put(segment, slot, high, low, chosen, flow.time() + timeoutNanos, 1, false);
        return new Lease(chosen, this, high, low, stamp(meta));
    }

    @Override
    public @Nullable Destination peek(Flow flow) {
        boolean ipv4 = Flow.isIpv4(flow.clientHigh(), flow.clientLow());
        long high = flow.clientHigh() & (ipv4 ? -1L : ipv6MaskHigh);
        long low = flow.clientLow() & (ipv4 ? ipv4Mask : ipv6MaskLow);
        long hash = hash(high, low);
        Segment segment = segmentOf(hash);
        synchronized (segment) {
            long[] words = words(segment);
            int at = find(words, hash, high, low);
            return at < 0 || isExpired(words, at, flow.time())
                    ? null
                    : destination((long) WORDS.getAcquire(words, at + META));
        }
    }

    @Override
    public void established(Lease lease) {
        int stamp = lease.stamp();
        if (stamp < 0) {
            return;
        }
        long hash = hash(lease.high(), lease.low());
        Segment segment = segmentOf(hash);
        if (!assure(words(segment), hash, lease.high(), lease.low(), stamp)) {
            synchronized (segment) {
                assure(words(segment), hash, lease.high(), lease.low(), stamp);
            }
        }
    }

    /** Returns false if there is no such template, which is certain under the lock only. */
    private static boolean assure(long[] words, long hash, long high, long low, int stamp) {
        int at = find(words, hash, high, low);
        while (at >= 0) {
            long meta = metaOf(words, at, high, low);
            if (meta == 0 || Meta.stamp(meta) != stamp) {
                return false;
            }
            if (Meta.assured(meta) || WORDS.compareAndSet(words, at + META, meta, meta | Meta.ASSURED)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void release(Lease lease) {
        long high = lease.high();
        long low = lease.low();
        int stamp = lease.stamp() < 0 ? ~lease.stamp() : lease.stamp();
        long hash = hash(high, low);
        Segment segment = segmentOf(hash);
        if (!release(words(segment), hash, high, low, stamp)) {
            synchronized (segment) {
                release(words(segment), hash, high, low, stamp);
            }
        }
    }

    /**
     * Returns false if there is no such template, which is certain under the lock only. The deadline is set before the last
     * connection ends. If the template is forgotten in between, it is that of another one, whose timeout then counts from now.
     */
    private boolean release(long[] words, long hash, long high, long low, int stamp) {
        int at = find(words, hash, high, low);
        while (at >= 0) {
            long meta = metaOf(words, at, high, low);
            if (meta == 0 || Meta.stamp(meta) != stamp) {
                return false;
            }
            if (Meta.live(meta) == 1) {
                WORDS.setOpaque(words, at + DEADLINE, ticker.nanos() + timeoutNanos);
            }
            if (WORDS.compareAndSet(words, at + META, meta, meta - 1)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void discard(Lease lease) {
        int stamp = lease.stamp() < 0 ? ~lease.stamp() : lease.stamp();
        long hash = hash(lease.high(), lease.low());
        Segment segment = segmentOf(hash);
        synchronized (segment) {
            long[] words = words(segment);
            int at = find(words, hash, lease.high(), lease.low());
            if (at >= 0 && Meta.stamp((long) WORDS.getAcquire(words, at + META)) == stamp) {
                remove(segment, words, at, Cause.SERVER_GONE);
            }
        }
    }

    // ---------------------------------------------------------------- slots

    /** Its upper bits choose the segment, its lower 32 bits the window. */
    long hash(long high, long low) {
        return fold(fold(low ^ seedLow, high ^ seedHigh) ^ seed, 0x9e37_79b9_7f4a_7c15L);
    }

    /** Both halves of the product: every bit of the factors has a say. */
    private static long fold(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }

    private Segment segmentOf(long hash) {
        return segments[(int) (hash >>> 1 >>> segmentShift)];
    }

    private long[] words(Segment segment) {
        return (long[]) ARRAYS.getAcquire(arrays, segment.index);
    }

    /** How many slots can be the first of a window. */
    private static int homes(long[] words) {
        return words.length / SLOT - (WINDOW - 1);
    }

    /** Where the window begins that a client lives in. */
    private static int home(long[] words, long hash) {
        return (int) (((hash & 0xffff_ffffL) * homes(words)) >>> 32) * SLOT;
    }

    /** Returns where a client's slot begins, or -1. */
    private static int find(long[] words, long hash, long high, long low) {
        int first = home(words, hash);
        for (int at = first; at < first + REACH; at += SLOT) {
            if ((long) WORDS.getOpaque(words, at + LOW) == low && metaOf(words, at, high, low) != 0) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the meta word of a slot if it is the client's, which is certain once the word is found unchanged; 0 if not. */
    private static long metaOf(long[] words, int at, long high, long low) {
        long meta = (long) WORDS.getAcquire(words, at + META);
        return (long) WORDS.getOpaque(words, at + LOW) == low && (long) WORDS.getOpaque(words, at + HIGH) == high
                ? meta
                : 0;
    }

    private Destination destination(long meta) {
        Destination destination = servers.get(Meta.number(meta));
        if (destination == null) {
            throw new IllegalStateException("template of released destination " + Meta.number(meta));
        }
        return destination;
    }

    private static int use(long[] words, int at, long meta, long now) {
        if (Meta.live(meta) > 0) {
            return Meta.assured(meta) ? Use.CONNECTED : Use.OPENING;
        }
        if ((long) WORDS.getOpaque(words, at + DEADLINE) - now <= 0) {
            return Use.EXPIRED;
        }
        return Meta.assured(meta) ? Use.IDLE : Use.NEVER_ESTABLISHED;
    }

    /**
     * Finds a free slot for a client and reserves the right to fill it, growing the segment or taking the place of somebody less
     * useful. Under the lock.
     *
     * @param mayEvict whether templates that have not expired may give way
     * @return where the slot begins, or -1
     */
    private int room(Segment segment, long hash, long now, boolean mayEvict) {
        while (true) {
            long[] words = words(segment);
            int first = home(words, hash);
            int victim = leastUseful(segment, words, first, first + REACH, now);
            int free = segment.free;
            boolean expired = isExpired(segment, words, victim, now);
            if (!expired && crowded(segment, words, free < 0) && (thinned(segment, free, now) || grow(segment, now))) {
                continue;
            }
            if (!expired && free >= 0) {
                if (reserve()) {
                    return free;
                }
                if (victim < 0 && mayEvict) {
                    victim = neighbour(segment, words, now);
                    expired = isExpired(segment, words, victim, now);
                }
            }
            if (victim < 0 || !(expired || mayEvict)) {
                return -1;
            }
            if (take(segment, words, victim, segment.seen, expired ? Cause.EXPIRED : Cause.EVICTED)) {
                return free >= 0 && (free < victim || victim >= first + REACH || victim < first) ? free : victim;
            }
        }
    }

    private static boolean isExpired(Segment segment, long[] words, int at, long now) {
        return at >= 0 && use(words, at, segment.seen, now) == Use.EXPIRED;
    }

    /** Whether there was more to remove in a crowded segment than is left, and there is a free slot in the window. */
    private boolean thinned(Segment segment, int free, long now) {
        return free >= 0 && sweep(segment, now) > segment.used;
    }

    private boolean reserve() {
        int max = settings.maxEntries();
        int current = entries.get();
        while (current < max) {
            if (entries.compareAndSet(current, current + 1)) {
                return true;
            }
            current = entries.get();
        }
        return false;
    }

    private static int firstFree(long[] words, int first) {
        for (int at = first; at < first + REACH; at += SLOT) {
            if ((long) WORDS.getOpaque(words, at + META) == 0) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isExpired(long[] words, int at, long now) {
        long meta = (long) WORDS.getAcquire(words, at + META);
        return meta != 0 && use(words, at, meta, now) == Use.EXPIRED;
    }

    /**
     * Returns which of the templates in a range gives way, with its meta word in {@code seen}; -1 if none can. The first free slot
     * is in {@code free}.
     */
    private static int leastUseful(Segment segment, long[] words, int first, int end, long now) {
        int least = -1;
        int leastUse = Use.CONNECTED;
        long leastLeft = 0;
        segment.free = -1;
        for (int at = first; at < end; at += SLOT) {
            long meta = (long) WORDS.getAcquire(words, at + META);
            if (meta == 0) {
                if (segment.free < 0) {
                    segment.free = at;
                }
            } else {
                int use = use(words, at, meta, now);
                long left = (long) WORDS.getOpaque(words, at + DEADLINE) - now;
                if (use < leastUse || (use == leastUse && use != Use.CONNECTED && left < leastLeft)) {
                    least = at;
                    segment.seen = meta;
                    leastUse = use;
                    leastLeft = left;
                }
            }
        }
        return least;
    }

    /** Looks for a template to give way elsewhere in the segment, each time a little further. */
    private static int neighbour(Segment segment, long[] words, long now) {
        int first = segment.hand < words.length ? segment.hand : 0;
        int end = Math.min(words.length, first + NEIGHBOURS * REACH);
        segment.hand = end;
        return leastUseful(segment, words, first, end, now);
    }

    /** Whether a segment should have more slots, and can: the window is full, or 8 in 15 slots are taken. */
    private boolean crowded(Segment segment, long[] words, boolean windowFull) {
        int homes = homes(words);
        return words == NO_SLOTS
                || (homes < mostHomes()
                        && !segment.full
                        && (windowFull || (long) segment.used * HOMES >= (long) homes * ENTRIES));
    }

    private int mostHomes() {
        int max = settings.maxEntries();
        long share = (max + segments.length - 1L) / segments.length;
        return max <= WINDOW ? 1 : (int) ((share * HOMES + ENTRIES - 1) / ENTRIES);
    }

    /** Moves a segment's templates to an array of twice as many slots. Returns false if there is no array to hold them. */
    private boolean grow(Segment segment, long now) {
        long[] words = words(segment);
        sweep(segment, now);
        int wanted = words == NO_SLOTS ? FIRST_HOMES : 2 * homes(words);
        int homes = Math.min(wanted, mostHomes());
        int[] moves = new int[words.length / SLOT];
        for (int attempt = 0; attempt < GROWTH_ATTEMPTS; attempt++) {
            long[] next = new long[(homes + WINDOW - 1) * SLOT];
            if (lay(words, next, moves)) {
                for (int i = 0; i < moves.length; i++) {
                    if (moves[i] > 0) {
                        int to = moves[i] - 1;
                        long meta = (long) WORDS.getAndSet(words, i * SLOT + META, 0L);
                        next[to + DEADLINE] = (long) WORDS.getOpaque(words, i * SLOT + DEADLINE);
                        next[to + META] = meta;
                    }
                }
                ARRAYS.setRelease(arrays, segment.index, next);
                return true;
            }
            homes += 1 + homes / 8; // a window overflowed, which is very rare: other homes make other windows
        }
        segment.full = true;
        return false;
    }

    /** Writes the addresses of one array into another. Returns false if a window overflows. */
    private boolean lay(long[] words, long[] next, int[] moves) {
        for (int i = 0; i < moves.length; i++) {
            moves[i] = 0;
            int from = i * SLOT;
            if ((long) WORDS.getAcquire(words, from + META) != 0) {
                int first = home(next, hash(words[from + HIGH], words[from + LOW]));
                int to = firstFree(next, first);
                if (to < 0) {
                    return false;
                }
                next[to + HIGH] = words[from + HIGH];
                next[to + LOW] = words[from + LOW];
                next[to + META] = 1; // taken
                moves[i] = to + 1;
            }
        }
        return true;
    }

    /** Fills a slot that {@link #room} gave. */
    private long put(
            Segment segment,
            int at,
            long high,
            long low,
            Destination destination,
            long deadline,
            int live,
            boolean assured) {
        segment.stamp = segment.stamp % Meta.STAMP_MASK + 1;
        segment.used++;
        long[] words = words(segment);
        VarHandle.releaseFence(); // who sees the new address sees that the old template is gone
        WORDS.setOpaque(words, at + HIGH, high);
        WORDS.setOpaque(words, at + LOW, low);
        WORDS.setOpaque(words, at + DEADLINE, deadline);
        long meta = Meta.of(destination.number(), segment.stamp, live, assured);
        WORDS.setRelease(words, at + META, meta);
        destination.templateAdded();
        if (!listeners.none()) {
            listeners.assigned(address(high, low), destination.key());
        }
        return meta;
    }

    /** Takes a slot away from a template if it is as it was seen, and keeps the right to fill one. Returns whether it was. */
    private boolean take(Segment segment, long[] words, int at, long meta, Cause cause) {
        if (!WORDS.compareAndSet(words, at + META, meta, 0L)) {
            return false;
        }
        taken(segment, words, at, meta, cause);
        return true;
    }

    /** As {@link #take}, and gives the right to fill a slot back. */
    private boolean vacate(Segment segment, long[] words, int at, long meta, Cause cause) {
        boolean vacated = take(segment, words, at, meta, cause);
        if (vacated) {
            entries.decrementAndGet();
        }
        return vacated;
    }

    /** As {@link #vacate}, whatever becomes of the template meanwhile. */
    private void remove(Segment segment, long[] words, int at, Cause cause) {
        taken(segment, words, at, (long) WORDS.getAndSet(words, at + META, 0L), cause);
        entries.decrementAndGet();
    }

    private void taken(Segment segment, long[] words, int at, long meta, Cause cause) {
        segment.used--;
        if (Meta.hits(meta) > 0) {
            hits.add(Meta.hits(meta));
        }
        if (cause == Cause.EXPIRED) {
            segment.expired++;
        } else if (cause == Cause.EVICTED) {
            segment.evicted++;
        }
        Destination destination = destination(meta);
        destination.templateRemoved();
        if (!listeners.none()) {
            listeners.forgotten(address(words[at + HIGH], words[at + LOW]), destination.key(), cause);
        }
    }

    /** Removes what has expired in a segment. Returns how many there were. */
    private int sweep(Segment segment, long now) {
        long[] words = words(segment);
        int swept = 0;
        for (int at = 0; segment.used > 0 && at < words.length; at += SLOT) {
            long meta = (long) WORDS.getAcquire(words, at + META);
            if (meta != 0
                    && use(words, at, meta, now) == Use.EXPIRED
                    && vacate(segment, words, at, meta, Cause.EXPIRED)) {
                swept++;
            }
        }
        return swept;
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
        timeoutNanos = next.timeout().toNanos();
        if (next.maxEntries() < current.maxEntries()) {
            shrink();
        }
        return true;
    }

    /** Makes templates give way until there are no more than allowed, or none that can. */
    private void shrink() {
        long now = ticker.nanos();
        expire();
        for (int use = Use.NEVER_ESTABLISHED; use < Use.CONNECTED; use++) {
            for (Segment segment : segments) {
                synchronized (segment) {
                    long[] words = words(segment);
                    for (int at = 0; at < words.length && entries.get() > settings.maxEntries(); at += SLOT) {
                        long meta = (long) WORDS.getAcquire(words, at + META);
                        if (meta != 0 && use(words, at, meta, now) <= use) {
                            vacate(segment, words, at, meta, Cause.EVICTED);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void forget(Predicate<Destination> unwanted) {
        remove(unwanted, Cause.SERVER_GONE);
    }

    @Override
    public int evict(Predicate<Destination> unwanted) {
        expire();
        return remove(unwanted, Cause.FORGOTTEN);
    }

    private int remove(Predicate<Destination> unwanted, Cause cause) {
        int removed = 0;
        for (Segment segment : segments) {
            synchronized (segment) {
                removed += remove(segment, unwanted, cause);
            }
        }
        return removed;
    }

    private int remove(Segment segment, Predicate<Destination> unwanted, Cause cause) {
        long[] words = words(segment);
        int removed = 0;
        for (int at = 0; segment.used > 0 && at < words.length; at += SLOT) {
            long meta = (long) WORDS.getAcquire(words, at + META);
            if (meta != 0 && unwanted.test(destination(meta))) {
                remove(segment, words, at, cause);
                removed++;
            }
        }
        return removed;
    }

    @Override
    public void close() {
        for (Segment segment : segments) {
            synchronized (segment) {
                segment.closed = true;
                remove(segment, destination -> true, Cause.FORGOTTEN);
            }
        }
    }

    @Override
    public void expire() {
        long now = ticker.nanos();
        for (Segment segment : segments) {
            synchronized (segment) {
                sweep(segment, now);
            }
        }
    }

    // ---------------------------------------------------------------- looking at it

    @Override
    public List<PersistenceTemplate> list() {
        List<PersistenceTemplate> templates = new ArrayList<>();
        long now = ticker.nanos();
        for (Segment segment : segments) {
            synchronized (segment) {
                sweep(segment, now);
                long[] words = words(segment);
                for (int at = 0; segment.used > 0 && at < words.length; at += SLOT) {
                    long meta = (long) WORDS.getAcquire(words, at + META);
                    if (meta != 0) {
                        templates.add(template(words, at, meta, now));
                    }
                }
            }
        }
        return templates;
    }

    private PersistenceTemplate template(long[] words, int at, long meta, long now) {
        long left = Meta.live(meta) > 0 ? timeoutNanos : (long) WORDS.getOpaque(words, at + DEADLINE) - now;
        return new PersistenceTemplate(
                address(words[at + HIGH], words[at + LOW]),
                destination(meta).key(),
                Meta.live(meta),
                Duration.ofNanos(Math.max(0, left)));
    }

    private static InetAddress address(long high, long low) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 16 bytes are always an address
        }
    }

    @Override
    public boolean evict(Object key) {
        if (!(key instanceof InetAddress address)) {
            return false;
        }
        long high = high(address);
        long low = low(address);
        long hash = hash(high, low);
        Segment segment = segmentOf(hash);
        synchronized (segment) {
            long[] words = words(segment);
            int at = find(words, hash, high, low);
            if (at < 0) {
                return false;
            }
            boolean expired = isExpired(words, at, ticker.nanos());
            remove(segment, words, at, expired ? Cause.EXPIRED : Cause.FORGOTTEN);
            return !expired;
        }
    }

    private long high(InetAddress address) {
        long high = Flow.high(address);
        return Flow.isIpv4(high, Flow.low(address)) ? high : high & ipv6MaskHigh;
    }

    private long low(InetAddress address) {
        long low = Flow.low(address);
        return low & (Flow.isIpv4(Flow.high(address), low) ? ipv4Mask : ipv6MaskLow);
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
        long high = high(address);
        long low = low(address);
        long hash = hash(high, low);
        Segment segment = segmentOf(hash);
        synchronized (segment) {
            long now = ticker.nanos();
            long left = nanos(template.expiresIn(), timeoutNanos);
            long[] words = words(segment);
            int at = find(words, hash, high, low);
            if (at >= 0 && isExpired(words, at, now)) {
                remove(segment, words, at, Cause.EXPIRED);
                at = -1;
            }
            if (left <= 0
                    || at >= 0
                    || segment.closed
                    || destination.retired()
                    || destination.number() > Meta.MAX_NUMBER) {
                return false;
            }
            int slot = room(segment, hash, now, false);
            if (slot >= 0) {
                put(segment, slot, high, low, destination, now + left, 0, true);
            }
            return slot >= 0;
        }
    }

    /** Returns a time in nanoseconds, at most a limit. */
    static long nanos(Duration time, long limit) {
        return time.compareTo(Duration.ofNanos(limit)) >= 0 ? limit : time.toNanos();
    }

    @Override
    public PersistenceCounters counters() {
        long now = ticker.nanos();
        long templates = 0;
        long followed = 0;
        long misses = 0;
        long expired = 0;
        long evicted = 0;
        long unremembered = 0;
        for (Segment segment : segments) {
            synchronized (segment) {
                sweep(segment, now);
                long[] words = words(segment);
                for (int at = 0; segment.used > 0 && at < words.length; at += SLOT) {
                    followed += Meta.hits((long) WORDS.getOpaque(words, at + META));
                }
                templates += segment.used;
                misses += segment.misses;
                expired += segment.expired;
                evicted += segment.evicted;
                unremembered += segment.unremembered;
            }
        }
        return new PersistenceCounters(templates, hits.sum() + followed, misses, expired, evicted, unremembered);
    }

    /** Returns how much memory the slots take. */
    long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            long[] words = words(segment);
            bytes += words == NO_SLOTS ? 0 : 8L * words.length;
        }
        return bytes;
    }
}
