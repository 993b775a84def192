package io.lvs4j.scheduler;

import static io.lvs4j.scheduler.Slots.REACH;
import static io.lvs4j.scheduler.Slots.SLOT;

import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener.Cause;
import io.lvs4j.PersistenceTemplate;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What only one thread at a time does in one segment of a {@link ClientTable}: giving {@link Slots slots} to clients and taking
 * them away, growing, sweeping. Every method wants the segment's lock, which is this object's.
 *
 * <p>A segment begins without slots, doubles when it is crowded, and ends with 15 homes for every 8 templates of its share. When
 * its window has no room the least {@link Usefulness useful} template in it gives way. When the table is full the same holds,
 * although the segment may have free slots: then it looks a little further than the client's own window.
 *
 * <p>Expired templates are found by whoever looks for room, and by {@link #sweep}, which knows when the next one may expire and
 * does nothing before.
 */
final class ClientSegment {
    private static final int FIRST_HOMES = 16;
    private static final int HOMES = 15; // for so many
    private static final int ENTRIES = 8; // templates
    private static final int NEIGHBOURS = 4; // windows to look at, besides the client's own, for who gives way
    private static final int GROWTH_ATTEMPTS = 4;

    private final ClientTable table;
    private final ClientRoom shared;
    private final Slots.Hashing hashing;
    private final int index;
    private int used;
    private int stamp;
    private int hand; // where to look for who gives way, besides the client's own window
    private boolean full; // cannot grow any more
    private boolean closed;
    private long earliest; // nothing expires before, if there is anything
    private long swept; // when somebody last looked at every template, but for room
    private long counted; // when hits were last collected
    private long hits; // of those that neither the template words hold nor the table has counted
    private long misses;
    private long expired;
    private long evicted;
    private long unremembered;

    private final WindowScan window = new WindowScan();

    ClientSegment(ClientTable table, ClientRoom shared, Slots.Hashing hashing, int index, long now) {
        this.table = table;
        this.shared = shared;
        this.hashing = hashing;
        this.index = index;
        this.swept = now;
        this.counted = now;
    }

    private long[] words() {
        return shared.words(index);
    }

    /** Returns how many homes a segment needs for so many templates. */
    static int homesFor(long entries) {
        return (int) ((entries * HOMES + ENTRIES - 1) / ENTRIES);
    }

    // ---------------------------------------------------------------- connections

    /** See {@link PersistenceTable#assign}. */
    @Nullable
    Lease assign(long hash, long high, long low, Flow flow, PersistenceTable.Chooser chooser) {
        int at;
        while ((at = scan(hash, high, low, flow.time())) >= 0) {
            long[] words = words();
            long template = Slots.template(words, at);
            Destination destination = shared.destination(template);
            if (ClientTable.followed(words, at, template, destination, flow, chooser)) {
                Lease lease = table.hit(words, at, template, destination, high, low);
                if (lease != null) {
                    return lease;
                }
            } else {
                boolean over = isExpired(words, at, template, flow.time());
                vacate(words, at, template, over ? Cause.EXPIRED : Cause.SERVER_GONE);
            }
        }
        Destination chosen = chooser.choose(flow);
        if (chosen == null) {
            return null;
        }
        if (closed || chosen.retired()) {
            return new Lease(chosen, table, high, low, -1); // will be revoked: the engine has newer rules
        }
        int slot = chosen.number() > TemplateWord.MAX_NUMBER ? -1 : room(hash, high, low, flow.time(), true);
        if (slot < 0) {
            unremembered++;
            return new Lease(chosen);
        }
        misses++;
        put(slot, high, low, chosen, flow.time() + shared.timeoutNanos(), 1, false);
        return new Lease(chosen, table, high, low, stamp);
    }

    /** Returns the destination of a client's template, if it has one that has not expired. */
    @Nullable
    Destination find(long hash, long high, long low, long now) {
        long[] words = words();
        int at = Slots.find(words, hash, high, low);
        long template = at < 0 ? TemplateWord.FREE : Slots.template(words, at);
        return template == TemplateWord.FREE || isExpired(words, at, template, now)
                ? null
                : shared.destination(template);
    }

    /** Takes over a template, if the client has none and there is room without taking somebody's place. */
    boolean restore(long hash, long high, long low, Destination destination, long now, long left) {
        int at = scan(hash, high, low, now);
        if (at >= 0 && isExpired(words(), at, Slots.template(words(), at), now)) {
            remove(words(), at, Cause.EXPIRED);
            at = scan(hash, high, low, now);
        }
        if (left <= 0 || at >= 0 || closed || destination.retired() || destination.number() > TemplateWord.MAX_NUMBER) {
            return false;
        }
        int slot = room(hash, high, low, now, false);
        if (slot >= 0) {
            put(slot, high, low, destination, now + left, 0, true);
        }
        return slot >= 0;
    }

    private void put(int at, long high, long low, Destination destination, long deadline, int live, boolean assured) {
        stamp = TemplateWord.nextStamp(stamp);
        earliest = used == 0 || deadline - earliest < 0 ? deadline : earliest;
        used++;
        long template = TemplateWord.of(destination.number(), stamp, live, assured);
        Slots.put(words(), at, high, low, deadline, template);
        shared.added(high, low, destination);
    }

    // ---------------------------------------------------------------- room

    /**
     * Looks through a client's window. Returns the client's slot; or -1, and then knows of a free slot, and of who gives way.
     */
    private int scan(long hash, long high, long low, long now) {
        long[] words = words();
        int first = Slots.home(words, hash);
        return window.scan(words, first, first + REACH, high, low, now);
    }

    /**
     * Finds a free slot for a client and reserves the right to fill it, growing the segment or taking the place of somebody less
     * useful. Comes after a {@link #scan} that did not find the client.
     *
     * @param mayEvict whether templates that have not expired may give way
     * @return the slot, or -1
     */
    private int room(long hash, long high, long low, long now, boolean mayEvict) {
        while (true) {
            long[] words = words();
            int first = Slots.home(words, hash);
            int own = window.free;
            if (!window.victimExpired()) {
                if (crowded(words, own < 0) && (thinned(own, now) || grow(now))) {
                    scan(hash, high, low, now);
                    continue;
                }
                if (own >= 0) {
                    if (shared.reserve()) {
                        return own;
                    }
                    if (window.victim < 0 && mayEvict) {
                        scanNeighbours(words, high, low, now);
                    }
                }
            }
            int victim = window.victim;
            if (victim < 0 || !(mayEvict || window.victimExpired())) {
                return -1;
            }
            if (take(words, victim, window.template, window.victimExpired() ? Cause.EXPIRED : Cause.EVICTED)) {
                boolean inWindow = victim >= first && victim < first + REACH;
                return own >= 0 && !(inWindow && victim < own) ? own : victim;
            }
            scan(hash, high, low, now);
        }
    }

    /** Looks for a template to give way elsewhere in the segment, each time a little further. */
    private void scanNeighbours(long[] words, long high, long low, long now) {
        int first = hand < words.length ? hand : 0;
        hand = Math.min(words.length, first + NEIGHBOURS * REACH);
        window.scan(words, first, hand, high, low, now);
    }

    /** Whether the segment should have more slots, and can: the window is full, or 8 in 15 homes are taken. */
    private boolean crowded(long[] words, boolean windowFull) {
        if (words == Slots.NONE) {
            return true;
        }
        int homes = Slots.homes(words);
        return (windowFull || (long) used * HOMES >= (long) homes * ENTRIES) && homes < shared.mostHomes() && !full;
    }

    /** Whether there was more to remove in a crowded segment than is left, and there is a free slot in the window. */
    private boolean thinned(int own, long now) {
        return own >= 0 && sweep(now) > used;
    }

    /** Moves the templates to an array of twice as many slots. Returns false if there is no array to hold them. */
    private boolean grow(long now) {
        long[] words = words();
        sweep(now);
        int wanted = words == Slots.NONE ? FIRST_HOMES : 2 * Slots.homes(words);
        int homes = Math.min(wanted, shared.mostHomes());
        for (int attempt = 0; attempt < GROWTH_ATTEMPTS; attempt++) {
            long[] next = Slots.create(homes);
            if (Slots.move(words, next, hashing)) {
                shared.words(index, next);
                return true;
            }
            homes += 1 + homes / 8; // a window overflowed, which is very rare: other homes make other windows
        }
        full = true;
        return false;
    }

    // ---------------------------------------------------------------- removal

    /** Takes a slot away from a template if it is as it was seen, and keeps the right to fill one. Returns whether it was. */
    private boolean take(long[] words, int at, long template, Cause cause) {
        if (!Slots.change(words, at, template, TemplateWord.FREE)) {
            return false;
        }
        taken(words, at, template, cause);
        return true;
    }

    /** As {@link #take}, and gives the right to fill a slot back. */
    private boolean vacate(long[] words, int at, long template, Cause cause) {
        boolean vacated = take(words, at, template, cause);
        if (vacated) {
            shared.giveBack();
        }
        return vacated;
    }

    /** As {@link #vacate}, whatever becomes of the template meanwhile. */
    private void remove(long[] words, int at, Cause cause) {
        taken(words, at, Slots.clear(words, at), cause);
        shared.giveBack();
    }

    private void taken(long[] words, int at, long template, Cause cause) {
        used--;
        hits += TemplateWord.hits(template);
        if (cause == Cause.EXPIRED) {
            expired++;
        } else if (cause == Cause.EVICTED) {
            evicted++;
        }
        shared.removed(Slots.high(words, at), Slots.low(words, at), template, cause);
    }

    private static boolean isExpired(long[] words, int at, long template, long now) {
        return Usefulness.of(template, Slots.deadline(words, at) - now) == Usefulness.EXPIRED;
    }

    /** Forgets a client. Returns whether it had a template that has not expired. */
    boolean evict(long hash, long high, long low, long now) {
        long[] words = words();
        int at = Slots.find(words, hash, high, low);
        if (at < 0) {
            return false;
        }
        boolean over = isExpired(words, at, Slots.template(words, at), now);
        remove(words, at, over ? Cause.EXPIRED : Cause.FORGOTTEN);
        return !over;
    }

    /** Forgets a client's template if it has this stamp. */
    void discard(long hash, long high, long low, int discarded) {
        long[] words = words();
        int at = Slots.find(words, hash, high, low);
        if (at >= 0 && TemplateWord.stamp(Slots.template(words, at)) == discarded) {
            remove(words, at, Cause.SERVER_GONE);
        }
    }

    /** Forgets the templates of some destinations. Returns how many there were. */
    int remove(Predicate<Destination> unwanted, Cause cause) {
        long[] words = words();
        int before = used;
        for (int at = 0; used > 0 && at < words.length; at += SLOT) {
            long template = Slots.template(words, at);
            if (template != TemplateWord.FREE && unwanted.test(shared.destination(template))) {
                remove(words, at, cause);
            }
        }
        return before - used;
    }

    /** Makes templates of a class or a lower one give way while there are too many in the table. */
    void shrink(int usefulness, long now) {
        long[] words = words();
        for (int at = 0; at < words.length && shared.overfull(); at += SLOT) {
            long template = Slots.template(words, at);
            if (template != TemplateWord.FREE
                    && Usefulness.of(template, Slots.deadline(words, at) - now) <= usefulness) {
                vacate(words, at, template, Cause.EVICTED);
            }
        }
    }

    /** Forgets all templates, and makes no more. */
    void close() {
        closed = true;
        remove(destination -> true, Cause.FORGOTTEN);
    }

    // ---------------------------------------------------------------- time

    /** Removes what has expired, if anything can have. Returns how many there were. */
    int sweep(long now) {
        return used == 0 || earliest - now > 0 ? 0 : look(now);
    }

    /** As {@link #sweep}, but not again before some time has passed. */
    void sweep(long now, long pause) {
        if (now - swept >= pause) {
            sweep(now);
        }
    }

    /** Looks at every template: removes those that have expired. */
    private int look(long now) {
        long[] words = words();
        long next = now + shared.timeoutNanos(); // one with connections expires so long after their end
        int before = used;
        for (int at = 0; used > 0 && at < words.length; at += SLOT) {
            long template = Slots.template(words, at);
            if (template == TemplateWord.FREE) {
                continue;
            }
            long deadline = Slots.deadline(words, at);
            int usefulness = Usefulness.of(template, deadline - now);
            if (usefulness == Usefulness.EXPIRED) {
                vacate(words, at, template, Cause.EXPIRED);
            } else if (TemplateWord.live(template) == 0 && deadline - next < 0) {
                next = deadline;
            }
        }
        earliest = next;
        swept = now;
        return before - used;
    }

    /** Timeouts are other ones from now on. */
    void timeoutChanged(long now) {
        earliest = now;
    }

    // ---------------------------------------------------------------- looking at it

    /** Adds the templates that have not expired to a list. */
    void list(List<PersistenceTemplate> templates, long now) {
        sweep(now);
        long[] words = words();
        for (int at = 0; used > 0 && at < words.length; at += SLOT) {
            long template = Slots.template(words, at);
            if (template != TemplateWord.FREE) {
                int live = TemplateWord.live(template);
                long left = live > 0 ? shared.timeoutNanos() : Slots.deadline(words, at) - now;
                templates.add(new PersistenceTemplate(
                        ClientHash.address(Slots.high(words, at), Slots.low(words, at)),
                        shared.destination(template).key(),
                        live,
                        Duration.ofNanos(Math.max(0, left))));
            }
        }
    }

    /** Adds the segment's counters to some, having brought them up to date unless that was done a moment ago. */
    PersistenceCounters addTo(PersistenceCounters sum, long now, long pause) {
        if (now - counted >= pause) {
            sweep(now);
            collectHits();
            counted = now;
        }
        return new PersistenceCounters(
                sum.templates() + used,
                sum.hits() + hits,
                sum.misses() + misses,
                sum.expired() + expired,
                sum.evicted() + evicted,
                sum.unremembered() + unremembered);
    }

    private void collectHits() {
        long[] words = words();
        for (int at = 0; used > 0 && at < words.length; at += SLOT) {
            long template = Slots.template(words, at);
            while (TemplateWord.hits(template) > 0) {
                if (Slots.change(words, at, template, TemplateWord.withoutHits(template))) {
                    hits += TemplateWord.hits(template);
                    break;
                }
                template = Slots.template(words, at);
            }
        }
    }
}
