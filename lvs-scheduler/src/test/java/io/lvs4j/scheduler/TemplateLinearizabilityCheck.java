package io.lvs4j.scheduler;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceTemplate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * {@link ClientTable} and {@link KeyTable} are linearizable with a map of templates that one thread at a time looks at: all first
 * connections of a client go to one server, a template with a connection does not expire, one without does, and not before its
 * time. At rest the live counts are those of the connections that are still open.
 *
 * <p>The specification does not say who gives way when there is no room; of a full table only the counts are looked at. In a
 * table that grows the hash is keyed at random, so no two runs are quite the same. {@link KeyTable} only runs at full speed:
 * Lincheck takes the loops with which Caffeine's timers catch up with the clock for endless ones.
 *
 * <p>Lincheck does not stop a thread at every access to a table, so it misses races that {@link TableRaceTest} finds; here what
 * calls return is held against the specification.
 */
class TemplateLinearizabilityCheck {
    private static final long TIMEOUT = Duration.ofSeconds(60).toNanos();
    private static final int SERVERS = 2;
    private static final int BEFORE_GROWTH = 8;
    private static final int OTHERS = 100; // the first client that the scenarios do not name

    @Test
    void firstConnectionsOfAClientGoToOneServer() {
        Interleavings.race(
                OneByOne.class,
                Scenario.of(ByAddress.class).thread("connect", 0, 1).thread("connect", 1, 1),
                known().first("close", 0)
                        .first("timePasses")
                        .thread("connect", 0, 1)
                        .thread("connect", 1, 1),
                known().first("close", 0)
                        .thread("connect", 0, 1)
                        .then("evict", 1)
                        .thread("connect", 1, 1));
    }

    @Test
    void noConnectionOnATemplateIsLost() {
        Interleavings.race(
                OneByOne.class,
                known().thread("close", 0).thread("connect", 1, 1),
                known().first("connect", 1, 1).thread("close", 0).thread("close", 1),
                known().thread("establish", 0).thread("connect", 1, 1),
                known().thread("count").thread("connect", 1, 1));
    }

    @Test
    void aTemplateThatIsForgottenTakesOnlyItsOwnCountsAlong() {
        Interleavings.race(
                OneByOne.class,
                known().thread("evict", 1).thread("connect", 1, 1),
                known().thread("evict", 1).then("connect", 1, 1).thread("close", 0));
    }

    private static Scenario known() {
        return Scenario.of(ByAddress.class).first("connect", 0, 1);
    }

    @Test
    void threadsAtFullSpeedKeepClientsByAddressTogether() {
        Interleavings.stress(ByAddress.class, OneByOne.class);
    }

    @Test
    void threadsAtFullSpeedKeepClientsTogetherWhileTheTableGrows() {
        Interleavings.stress(Growing.class, OneByOne.class);
    }

    @Test
    void threadsAtFullSpeedLeaveNoTemplateOfAForgottenServer() {
        Interleavings.stress(Forgetting.class);
    }

    @Test
    void threadsAtFullSpeedCountRightInAFullTable() {
        Interleavings.stress(Full.class);
    }

    @Test
    void threadsAtFullSpeedKeepClientsByKeyTogether() {
        Interleavings.stress(ByKey.class, OneByOne.class);
    }

    /** What happens to a table. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "client", gen = IntGen.class, conf = "1:2")
    public abstract static class Connections {
        final CarriedConnections connections = new CarriedConnections();
        final Tables tables;
        private final AtomicLong now;
        private final AtomicInteger connects = new AtomicInteger();
        volatile boolean forgetful;

        Connections(Persistence persistence) {
            AtomicLong clock = new AtomicLong();
            now = clock;
            tables = new Tables(persistence, clock::get, SERVERS);
        }

        @Operation
        public int connect(@Param(name = "thread") int thread, @Param(name = "client") int client) {
            connects.incrementAndGet();
            Lease lease = tables.open(client);
            connections.carry(thread, lease);
            return tables.destinations.indexOf(lease.destination());
        }

        @Operation
        public void establish(@Param(name = "thread") int thread) {
            connections.establish(thread);
        }

        @Operation
        public void close(@Param(name = "thread") int thread) {
            connections.close(thread);
        }

        @Operation
        public boolean evict(@Param(name = "client") int client) {
            forgetful = true;
            return tables.table.evict(key(client));
        }

        @Operation
        public void count() {
            tables.table.counters();
        }

        @Operation
        public void timePasses() {
            now.addAndGet(TIMEOUT);
        }

        abstract Object key(int client);

        @Validate
        public void countsAreThoseOfOpenConnectionsAndNoTemplateNamesAForgottenServer() {
            tables.destinations.forEach(destination -> require(
                    destination.weight() > 0 || destination.counters().persistent() == 0,
                    destination.counters() + " although it was forgotten"));
            List<Lease> open = connections.all();
            int counted = tables.destinations.stream()
                    .mapToInt(destination -> destination.active() + destination.inactive())
                    .sum();
            require(counted == open.size(), counted + " connections on servers, not " + open.size());
            int followed = tables.table.list().stream()
                    .mapToInt(PersistenceTemplate::connections)
                    .sum();
            long remembered =
                    open.stream().filter(lease -> lease.table() != null).count();
            require(
                    forgetful ? followed <= remembered : followed == remembered,
                    followed + " connections on templates, of " + remembered);
            PersistenceCounters counters = tables.table.counters();
            require(
                    counters.hits() + counters.misses() + counters.unremembered() == connects.get(),
                    counters + " of " + connects + " connections");
            open.forEach(Lease::close);
            require(
                    tables.table.list().stream().allMatch(template -> template.connections() == 0),
                    "live counts " + tables.table.list());
            require(tables.destinations.stream().allMatch(Destination::idle), "idle servers");
            long named = tables.destinations.stream()
                    .mapToLong(destination -> destination.counters().persistent())
                    .sum();
            require(named == tables.table.list().size(), named + " templates of servers");
        }

        static void require(boolean condition, String text) {
            if (!condition) {
                throw new AssertionError(text);
            }
        }
    }

    /** A window that holds all clients. */
    public static class ByAddress extends Connections {
        public ByAddress() {
            this(Slots.WINDOW, 0);
        }

        ByAddress(int maxEntries, int others) {
            super(Persistence.of(Duration.ofNanos(TIMEOUT)).withMaxEntries(maxEntries));
            for (int client = OTHERS; client < OTHERS + others; client++) {
                connect(0, client);
            }
        }

        @Override
        Object key(int client) {
            return Lab.literal("0.0.0." + client);
        }
    }

    /** The first server can be forgotten. */
    public static class Forgetting extends ByAddress {
        @Operation(nonParallelGroup = "engine")
        public void forget() {
            forgetful = true;
            tables.weight(0, 0);
            tables.table.forget(destination -> destination.weight() == 0);
        }
    }

    /** The next template makes the segment grow. */
    public static class Growing extends ByAddress {
        public Growing() {
            super(4096, BEFORE_GROWTH);
        }
    }

    /** There is room for one more, so the clients of a scenario push out each other. */
    public static class Full extends ByAddress {
        public Full() {
            super(Slots.WINDOW, Slots.WINDOW - 1);
            forgetful = true;
        }
    }

    public static class ByKey extends Connections {
        public ByKey() {
            super(Persistence.byKey(Duration.ofNanos(TIMEOUT)));
        }

        @Override
        Object key(int client) {
            return (long) client;
        }
    }

    /** The specification. */
    public static final class OneByOne {
        private final Map<Integer, Template> templates = new HashMap<>();
        private final List<Deque<Template>> carried = new ArrayList<>();
        private long now;
        private int turn;

        private static final class Template {
            final int server;
            int connections;
            long deadline;

            Template(int server) {
                this.server = server;
            }

            boolean holds(long time) {
                return connections > 0 || deadline > time;
            }
        }

        public OneByOne() {
            for (int thread = 0; thread < 8; thread++) {
                carried.add(new ArrayDeque<>());
            }
        }

        public int connect(int thread, int client) {
            Template template = templates.get(client);
            if (template == null || !template.holds(now)) {
                template = new Template(turn++ % SERVERS);
                templates.put(client, template);
            }
            template.connections++;
            carried.get(thread).push(template);
            return template.server;
        }

        public void establish(int thread) {}

        public void close(int thread) {
            Template template = carried.get(thread).poll();
            if (template != null && --template.connections == 0) {
                template.deadline = now + TIMEOUT;
            }
        }

        public boolean evict(int client) {
            Template template = templates.remove(client);
            return template != null && template.holds(now);
        }

        public void count() {}

        public void timePasses() {
            now += TIMEOUT;
        }
    }
}
