package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.Refusal;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.ServerCounters;
import io.lvs4j.spi.ServiceCounters;
import io.lvs4j.spi.Ticker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one virtual service, in IPVS's order: the client's persistence template first, then the scheduler. A
 * scheduler honours weight 0 (quiesced) and thresholds; a template ignores thresholds, and whether it ignores weight 0 is a
 * setting of {@link Persistence}.
 *
 * <p>Order: like the kernel, the list of destinations starts with the one added last. A server that fails leaves the list,
 * and is added anew when it returns. A pool is taken over as single changes: additions, then raised weights and other
 * settings, then lowered weights, then removals, each in the order of the description; the scheduler hears of each and is given the list after each
 * kind. So if there is a server to use before and after, there is one at every moment between.
 *
 * <p>Difference: a connection counts until its lease is closed. The kernel goes on counting it as inactive for some time (2
 * min after a regular end), which delays the end of overload and weighs in {@code lc} and {@code wlc}. Overload itself is as
 * in the kernel: decisions that are made at the same time may exceed a threshold by their number.
 *
 * <p>Concurrency: {@link #configure} is called by one thread at a time; {@link #acquire} and the leases by any number of
 * threads meanwhile. What a decision needs is in one immutable {@code Rules}; each single change publishes new ones by one
 * volatile write. After {@code configure} has returned no lease is given out on a server that may not be used: whoever chose
 * it just before counts the connection first and looks at the rules again second.
 */
public final class DecisionEngine {
    /** How often one decision may lose the race against a change before it says that there is no server. */
    private static final int MAX_RACES = 8;

    private final Ticker ticker;
    private final Roster roster = new Roster();
    private final Map<ServerKey, Destination> destinations = new ConcurrentHashMap<>();
    private final List<Destination> list = new ArrayList<>(); // IPVS's order; only configure() touches it
    private final Templates templates = new Templates(this::usableByTemplate);
    private final Suspects suspects = new Suspects(destinations::get);
    private final LongAdder connections = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile @Nullable Scheduling scheduling;
    private boolean changed; // the list, since the scheduler was last given it
    private volatile @Nullable Rules rules;

    /** What a decision needs. {@code keepQuiescent} is false without a table. */
    private static final class Rules implements PersistenceTable.Chooser {
        final Scheduler scheduler;
        final @Nullable PersistenceTable table;
        final boolean keepQuiescent;
        final boolean timed;
        final List<Destination> list;

        Rules(
                Scheduler scheduler,
                @Nullable PersistenceTable table,
                boolean keepQuiescent,
                List<Destination> destinations) {
            this.scheduler = scheduler;
            this.table = table;
            this.keepQuiescent = keepQuiescent;
            this.timed = table != null || scheduler.usesTime();
            this.list = List.copyOf(destinations);
        }

        /** Whether the destination of a template may get a connection. Overload does not count, as in the kernel. */
        @Override
        public boolean allowsTemplate(Destination destination) {
            return destination.serving() && (destination.weight() > 0 || keepQuiescent);
        }

        @Override
        public @Nullable Destination choose(Flow flow) {
            return DecisionEngine.choose(this, flow);
        }

        /** Whether a lease that was decided on under earlier rules may be given out. */
        boolean allow(Lease lease) {
            Destination destination = lease.destination();
            return lease.table() == null
                    ? destination.serving() && destination.weight() > 0
                    : lease.table() == table && allowsTemplate(destination);
        }
    }

    /**
     * Creates an engine that has no servers yet.
     *
     * @param ticker the clock for persistence timeouts
     */
    public DecisionEngine(Ticker ticker) {
        this.ticker = ticker;
    }

    // ---------------------------------------------------------------- deciding

    /** {@return the servers that nobody gets while there is another, because they do not answer} */
    public Suspects suspects() {
        return suspects;
    }

    /**
     * Decides on a flow and counts the connection. While there is another server no {@linkplain #suspects suspect} is given out, not
     * even to a client whose template names it: that client is scheduled anew.
     *
     * @param flow who connects and where to
     * @return the lease on a server, to be closed when the connection is over; null if no server can be used
     */
    public @Nullable Lease acquire(Flow flow) {
        if (!flow.retrying()) {
            connections.increment();
        }
        Lease lease = suspects.list().length == 0 ? null : acquireElsewhere(flow);
        if (lease == null) {
            lease = attempt(flow);
        }
        if (lease == null) {
            refused.increment();
        }
        return lease;
    }

    /**
     * Decides anew on a flow that waits for a suspect: only servers that are not suspect are given out, and the connection is not
     * counted again.
     *
     * @param flow who connects and where to
     * @return the lease on a server, to be closed when the connection is over; null if there is none that can be used
     */
    public @Nullable Lease acquireElsewhere(Flow flow) {
        int tried = flow.avoid(suspects.list());
        Rules current = rules;
        Lease lease = current == null || firstUsable(current, flow) == null ? null : attempt(flow);
        flow.forgetAfter(tried);
        return lease;
    }

    private @Nullable Lease attempt(Flow flow) {
        Rules current = rules;
        boolean stamped = false;
        for (int race = 0; race < MAX_RACES && current != null; race++) {
            if (current.timed && !stamped) {
                flow.time(ticker.nanos());
                stamped = true;
            }
            Lease lease = decide(current, flow);
            Rules latest = rules;
            if (lease == null) {
                if (latest == current) {
                    break;
                }
            } else if (latest != null && latest.allow(lease)) {
                return lease;
            } else {
                lease.revoke();
            }
            current = latest;
        }
        return null;
    }

    private static @Nullable Lease decide(Rules rules, Flow flow) {
        Lease lease = rules.table == null ? scheduled(rules, flow) : rules.table.assign(flow, rules);
        if (lease != null) {
            lease.destination().bind();
        }
        return lease;
    }

    private static @Nullable Lease scheduled(Rules rules, Flow flow) {
        Destination chosen = choose(rules, flow);
        return chosen == null ? null : new Lease(chosen);
    }

    /**
     * Asks the scheduler. Once a server could not be reached, an algorithm that would choose it again and again (a hash) has
     * nothing to offer; then the first destination that can be used is taken.
     */
    private static @Nullable Destination choose(Rules rules, Flow flow) {
        Destination chosen = rules.scheduler.pick(flow);
        return chosen == null && flow.retrying() ? firstUsable(rules, flow) : chosen;
    }

    private static @Nullable Destination firstUsable(Rules rules, Flow flow) {
        for (Destination candidate : rules.list) {
            if (flow.canUse(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- explaining

    /**
     * Says what {@link #acquire} would decide now and why, and changes nothing. Not for the hot path.
     *
     * @param flow who connects and where to
     * @return the explanation
     */
    public Explanation explain(Flow flow) {
        Rules current = rules;
        if (current == null) {
            return new Explanation(
                    flow.toString(),
                    Optional.empty(),
                    Explanation.Decider.NOBODY,
                    "none",
                    "the service has ended, or has not begun",
                    List.of());
        }
        flow.time(ticker.nanos());
        List<Explanation.Candidate> candidates = candidates(current, flow);
        Destination own = current.table == null ? null : current.table.peek(flow);
        if (own != null && current.allowsTemplate(own) && !flow.hasTried(own)) {
            return new Explanation(
                    flow.toString(),
                    Optional.of(own.key()),
                    Explanation.Decider.TEMPLATE,
                    String.valueOf(scheduling),
                    "the client has a persistence template, which counts more than the scheduler and thresholds",
                    candidates);
        }
        Scheduler.Choice choice = current.scheduler
                .explain(flow)
                .orElse(new Scheduler.Choice(null, "the scheduler does not tell beforehand"));
        Destination another = choice.destination() == null && flow.retrying() ? firstUsable(current, flow) : null;
        if (another != null) {
            choice = new Scheduler.Choice(
                    another, choice.reason() + "; after vain attempts, the first that can be used");
        }
        String before = own == null ? "" : "the client's template names " + own.key() + ", which cannot be used; ";
        return new Explanation(
                flow.toString(),
                Optional.ofNullable(choice.destination()).map(Destination::key),
                Explanation.Decider.SCHEDULER,
                String.valueOf(scheduling),
                before + choice.reason(),
                candidates);
    }

    private List<Explanation.Candidate> candidates(Rules current, Flow flow) {
        Set<Destination> all = new LinkedHashSet<>(current.list);
        destinations.values().stream()
                .filter(destination -> !destination.retired())
                .forEach(all::add);
        return all.stream()
                .map(destination -> new Explanation.Candidate(
                        destination.key(),
                        destination.weight(),
                        destination.active(),
                        destination.inactive(),
                        standing(destination, flow)))
                .toList();
    }

    private static Explanation.Standing standing(Destination destination, Flow flow) {
        if (!destination.serving()) {
            return Explanation.Standing.OUT;
        }
        if (destination.weight() == 0) {
            return Explanation.Standing.QUIESCED;
        }
        if (flow.hasTried(destination)) {
            return Explanation.Standing.TRIED;
        }
        return destination.overloaded() ? Explanation.Standing.OVERLOADED : Explanation.Standing.AVAILABLE;
    }

    // ---------------------------------------------------------------- changing

    /**
     * Takes over a pool. Equal servers keep their connections, counters and templates. Templates of a server that is no
     * longer in the pool are forgotten (the kernel would honour them if the server came back in time), and those of a
     * quiesced one too unless persistence says to keep them.
     *
     * @param pool the service and its servers
     * @throws IllegalArgumentException if the scheduler is not known; nothing has changed
     */
    public void configure(Pool pool) {
        Rules before = rules;
        configureService(pool.service());
        for (Pool.Member member : pool.members()) {
            add(member);
        }
        publishChanges();
        for (Pool.Member member : pool.members()) {
            change(member, false);
        }
        publishChanges();
        for (Pool.Member member : pool.members()) {
            change(member, true);
        }
        publishChanges();
        remove(pool);
        forgetTemplates(before == null ? null : before.table);
        dropRetired();
    }

    /** Takes every server out for good: the service ends. Leases are left to those who hold them. */
    public void retire() {
        rules = null;
        list.clear();
        destinations.values().forEach(Destination::retire);
        suspects.removeIf(destination -> true);
    }

    private void configureService(VirtualService service) {
        Scheduler scheduler = schedulerFor(service.scheduling());
        PersistenceTable table = service.persistence().map(this::tableFor).orElse(null);
        boolean keepQuiescent = service.persistence()
                .filter(persistence -> persistence.quiescent() == Persistence.Quiescent.KEEP)
                .isPresent();
        scheduling = service.scheduling();
        templates.use(table);
        rules = new Rules(scheduler, table, keepQuiescent, list);
    }

    private Scheduler schedulerFor(Scheduling wanted) {
        Rules current = rules;
        if (current != null && wanted.equals(scheduling)) {
            return current.scheduler;
        }
        Scheduler scheduler = Schedulers.create(wanted);
        list.forEach(destination -> destination.watch(null)); // the former scheduler's
        scheduler.update(Collections.unmodifiableList(list)); // as a service whose scheduler is swapped
        return scheduler;
    }

    private PersistenceTable tableFor(Persistence wanted) {
        Rules current = rules;
        PersistenceTable table = current == null ? null : current.table;
        return table != null && table.adopt(wanted)
                ? table
                : PersistenceTable.of(wanted, roster, ticker, templates.listeners());
    }

    private Destination destinationOf(Pool.Member member) {
        return destinations.computeIfAbsent(member.server().key(), roster::create);
    }

    /** Adds a destination that is not in the list, if it shall be. */
    private void add(Pool.Member member) {
        Destination destination = destinationOf(member);
        if (!destination.serving()) {
            destination.configure(member.server(), member.weight(), member.serving());
            if (member.serving()) {
                list.add(0, destination);
                listChanged();
            }
        }
    }

    /** Changes the weight and the thresholds of a destination in the list, if this lowers the weight or not as asked. */
    private void change(Pool.Member member, boolean lowering) {
        Destination destination = destinationOf(member);
        if (member.serving()
                && (member.weight() < destination.weight()) == lowering
                && destination.configure(member.server(), member.weight(), true)) {
            listChanged();
        }
    }

    /** Takes destinations off the list that do not serve any more, and retires those that the pool does not name. */
    private void remove(Pool pool) {
        Set<ServerKey> members = new HashSet<>();
        Set<ServerKey> serving = new HashSet<>();
        for (Pool.Member member : pool.members()) {
            members.add(member.server().key());
            if (member.serving()) {
                serving.add(member.server().key());
            }
        }
        List<Destination> gone = new ArrayList<>();
        for (int i = list.size() - 1; i >= 0; i--) {
            if (!serving.contains(list.get(i).key())) {
                gone.add(list.remove(i));
                listChanged();
            }
        }
        publishChanges();
        gone.forEach(Destination::stopServing); // now that nobody chooses them any more
        suspects.removeIf(destination -> !destination.serving());
        for (Destination destination : destinations.values()) {
            if (!members.contains(destination.key())) {
                destination.retire();
            }
        }
    }

    /** Comes after the templates that name them have gone: their numbers are given out again. */
    private void dropRetired() {
        for (Destination destination : List.copyOf(destinations.values())) {
            if (destination.retired() && destination.idle()) {
                destinations.remove(destination.key());
                roster.release(destination);
            }
        }
    }

    private void listChanged() {
        Rules current = rules;
        if (current != null) {
            current.scheduler.changed(Collections.unmodifiableList(list));
            changed = true;
        }
    }

    private void publishChanges() {
        Rules current = rules;
        if (current != null && changed) {
            current.scheduler.update(Collections.unmodifiableList(list));
            rules = new Rules(current.scheduler, current.table, current.keepQuiescent, list);
            changed = false;
        }
    }

    /** Comes last: who makes a template meanwhile looks at the rules again and finds that they do not allow it. */
    private void forgetTemplates(@Nullable PersistenceTable tableBefore) {
        Rules current = rules;
        PersistenceTable table = current == null ? null : current.table;
        if (tableBefore != null && tableBefore != table) {
            templates.retire(tableBefore);
        }
        if (current != null && table != null) {
            table.forget(destination -> destination.retired() || (destination.weight() == 0 && !current.keepQuiescent));
        }
    }

    private @Nullable Destination usableByTemplate(ServerKey server) {
        Rules current = rules;
        Destination destination = destinations.get(server);
        return current != null && destination != null && current.allowsTemplate(destination) ? destination : null;
    }

    /** {@return the templates of the service, if it is persistent} The object stays valid whatever is configured. */
    public Optional<PersistenceTemplates> persistence() {
        Rules current = rules;
        return current == null || current.table == null ? Optional.empty() : Optional.of(templates);
    }

    /** {@return the counters of the service, for every server of the pool and for removed ones with connections} */
    public ServiceCounters counters() {
        Rules current = rules;
        if (current != null && current.table != null) {
            current.table.expire();
        }
        Map<ServerKey, ServerCounters> servers = new HashMap<>();
        for (Destination destination : destinations.values()) {
            if (!destination.retired() || !destination.idle()) {
                servers.put(destination.key(), destination.counters());
            }
        }
        long without = refused.sum();
        return new ServiceCounters(
                servers, connections.sum(), without == 0 ? Map.of() : Map.of(Refusal.NO_SERVER, without));
    }
}
