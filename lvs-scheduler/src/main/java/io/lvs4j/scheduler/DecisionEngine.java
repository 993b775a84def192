package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one virtual service, in IPVS's order: the client's persistence template first, then the scheduler; both
 * honour weight 0 (quiesced) and thresholds.
 *
 * <p>Concurrency: {@link #configure} is called by one thread at a time; {@link #acquire} and the leases by any number of
 * threads meanwhile. What they need is in one immutable {@code Rules}, published by one volatile write. After
 * {@code configure} has returned no lease is given out on a server that may not be used: whoever chose it just before has
 * counted the connection and then finds out (bind first, look again second).
 *
 * <p>Order: like the kernel, the list of destinations starts with the one added last. A server that fails leaves the list,
 * and is added anew when it returns. A pool is taken over as single changes, in the order in which a control plane makes them:
 * removals, changes, additions in the order of the description.
 */
public final class DecisionEngine {
    /** How often one decision may lose the race against a change before it says that there is no server. */
    private static final int MAX_RACES = 8;

    private final Ticker ticker;
    private final Map<ServerKey, Destination> destinations = new ConcurrentHashMap<>();
    private final List<Destination> list = new ArrayList<>(); // IPVS's order; only configure() touches it
    private final LongAdder connections = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private @Nullable Scheduling scheduling;
    private volatile @Nullable Rules rules;

    /** What a decision needs. */
    private record Rules(
            Scheduler scheduler, @Nullable PersistenceTable table, boolean keepQuiescent, List<Destination> list) {
        /** Whether the destination of a persistence template may be used. Overload does not count, as in the kernel. */
        boolean allowsTemplate(Destination destination) {
            return destination.serving() && (destination.weight() > 0 || keepQuiescent);
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

    /**
     * Decides on a flow and counts the connection.
     *
     * @param flow who connects and where to
     * @return the lease on a server, to be closed when the connection is over; null if no server can be used
     */
    public @Nullable Lease acquire(Flow flow) {
        if (!flow.retrying()) {
            connections.increment();
        }
        for (int race = 0; race < MAX_RACES; race++) {
            Rules current = rules;
            if (current == null) {
                break;
            }
            PersistenceTable table = current.table;
            if (table == null) {
                Destination chosen = choose(current, flow);
                if (chosen == null) {
                    break;
                }
                chosen.bind();
                if (chosen.serving() && chosen.weight() > 0) {
                    return new Lease(chosen, null);
                }
                chosen.unbindInactive();
            } else {
                PersistenceTable.Template template = table.assign(
                        flow, d -> current.allowsTemplate(d) && !flow.hasTried(d), () -> choose(current, flow));
                if (template == null) {
                    break;
                }
                Lease lease = new Lease(template.destination(), template);
                template.destination().bind();
                if (current.allowsTemplate(template.destination())) {
                    return lease;
                }
                lease.close();
                template.discard();
            }
        }
        refused.increment();
        return null;
    }

    /**
     * Asks the scheduler. Once a server could not be reached, an algorithm that would choose it again and again (a hash) has
     * nothing to offer; then the first destination that can be used is taken.
     */
    private static @Nullable Destination choose(Rules rules, Flow flow) {
        Destination chosen = rules.scheduler.pick(flow);
        if (chosen == null && flow.retrying()) {
            for (Destination candidate : rules.list) {
                if (flow.canUse(candidate)) {
                    return candidate;
                }
            }
        }
        return chosen;
    }

    // ---------------------------------------------------------------- changing

    /**
     * Takes over a pool. Equal servers keep their connections, counters and templates. Templates of a server that is no
     * longer in the pool are forgotten, and those of a quiesced one too unless persistence says to keep them.
     *
     * @param pool the service and its servers
     * @throws IllegalArgumentException if the scheduler is not known; nothing has changed
     */
    public void configure(Pool pool) {
        VirtualService service = pool.service();
        Scheduler scheduler = schedulerFor(service.scheduling());
        PersistenceTable table = tableFor(service.persistence());
        boolean keepQuiescent = service.persistence()
                .map(p -> p.quiescent() == Persistence.Quiescent.KEEP)
                .orElse(false);
        leave(pool, scheduler);
        for (Pool.Member member : pool.members()) {
            change(member, scheduler);
        }
        for (Destination destination : destinations.values()) {
            if (table != null && (destination.retired() || (destination.weight() == 0 && !keepQuiescent))) {
                table.evict(destination);
            }
        }
        scheduling = service.scheduling();
        rules = new Rules(scheduler, table, keepQuiescent, List.copyOf(list));
    }

    private Scheduler schedulerFor(Scheduling wanted) {
        Rules current = rules;
        if (current != null && wanted.equals(scheduling)) {
            return current.scheduler;
        }
        Scheduler scheduler = Schedulers.create(wanted);
        scheduler.update(Collections.unmodifiableList(list)); // as a service whose scheduler is swapped
        return scheduler;
    }

    private @Nullable PersistenceTable tableFor(Optional<Persistence> wanted) {
        Rules current = rules;
        PersistenceTable table = current == null ? null : current.table;
        if (table != null && wanted.isPresent() && table.adopt(wanted.get())) {
            return table;
        }
        if (table != null) {
            table.clear();
        }
        return wanted.map(settings -> new PersistenceTable(settings, ticker)).orElse(null);
    }

    /** Takes destinations off the list that do not serve any more, and retires those that the pool does not name. */
    private void leave(Pool pool, Scheduler scheduler) {
        Set<ServerKey> members = new HashSet<>();
        Set<ServerKey> serving = new HashSet<>();
        for (Pool.Member member : pool.members()) {
            members.add(member.server().key());
            if (member.serving()) {
                serving.add(member.server().key());
            }
        }
        for (Destination destination : destinations.values()) {
            if (!members.contains(destination.key())) {
                destination.retire();
            }
        }
        destinations.values().removeIf(destination -> destination.retired() && destination.idle());
        for (Destination destination : List.copyOf(list)) {
            if (!serving.contains(destination.key())) {
                destination.stopServing();
                list.remove(destination);
                scheduler.update(Collections.unmodifiableList(list));
            }
        }
    }

    private void change(Pool.Member member, Scheduler scheduler) {
        Destination destination = destinations.computeIfAbsent(member.server().key(), Destination::new);
        boolean listed = destination.serving();
        boolean sameWeight = destination.weight() == member.weight();
        destination.configure(member.server(), member.weight(), member.serving());
        if (member.serving() && !listed) {
            list.add(0, destination);
        }
        if (member.serving() && !(listed && sameWeight)) {
            scheduler.update(Collections.unmodifiableList(list));
        }
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
        return new ServiceCounters(servers, connections.sum(), refused.sum());
    }
}
