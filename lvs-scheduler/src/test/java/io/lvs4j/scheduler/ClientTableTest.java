package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceTemplate;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTableTest {
    private static final Persistence MINUTE = Persistence.of(Duration.ofSeconds(60));
    private static final long SPOOFED = 0x1000_0000L;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    private Tables tables(int maxEntries) {
        return new Tables(MINUTE.withMaxEntries(maxEntries), now::get, 4);
    }

    private static PersistenceCounters counters(Tables tables) {
        return tables.table.counters();
    }

    private static Set<String> clients(Tables tables) {
        return tables.table.list().stream()
                .map(template -> ((InetAddress) template.key()).getHostAddress())
                .collect(Collectors.toSet());
    }

    // ---------------------------------------------------------------- who gives way

    /** A flood at a full table, of connections that end at once or stay, neither grows the table nor reaches the connected. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMillionSpoofedSourcesEvictNoClientWithLiveConnections(boolean hold) {
        int flood = 1_000_000;
        Tables tables = tables(16_384);
        Map<Long, Lease> connected = new HashMap<>();
        for (long client = 1; client <= 500; client++) {
            connected.put(client, tables.connect(client));
        }
        Flow flow = new Flow();
        Deque<Lease> held = new ArrayDeque<>();
        long bytes = 0;
        for (int i = 0; i < flood; i++) {
            Lease lease = Tables.bind(tables.table.assign(tables.fill(flow, SPOOFED + i), tables));
            if (hold) {
                held.add(lease);
            } else {
                lease.close();
            }
            if (i == 100_000) {
                bytes = tables.clients().bytes();
                assertThat(counters(tables).templates()).isEqualTo(16_384);
            }
        }
        assertThat(tables.clients().bytes()).isEqualTo(bytes).isLessThanOrEqualTo(16_384L * 64);
        PersistenceCounters after = counters(tables);
        assertThat(after.templates()).isEqualTo(16_384);
        assertThat(after.misses() + after.unremembered()).isEqualTo(flood + 500);
        assertThat(after.evicted()).isEqualTo(after.misses() - after.templates());
        connected.forEach((client, lease) -> {
            Lease next = tables.open(client);
            assertThat(next.destination()).as("client %d", client).isSameAs(lease.destination());
            next.close();
            lease.close();
        });
        assertThat(counters(tables).hits()).isEqualTo(500);
        held.forEach(Lease::close);
        assertThat(tables.destinations).allMatch(Destination::idle);
    }

    @Test
    void aFloodLeavesNothingOnTheHeap() {
        Tables tables = tables(16_384);
        flood(tables, 0, 100_000);
        long before = usedHeap();
        flood(tables, 100_000, 1_000_000);
        long after = usedHeap();
        assertThat(after - before).isLessThan(Math.max(before / 20, 2L << 20));
        assertThat(counters(tables).templates()).isEqualTo(16_384);
    }

    private static void flood(Tables tables, int from, int count) {
        Flow flow = new Flow();
        for (int i = from; i < from + count; i++) {
            Tables.bind(tables.table.assign(tables.fill(flow, SPOOFED + i), tables))
                    .close();
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void theLeastUsefulGivesWayFirst() {
        Tables tables = tables(16);
        Lease connected = tables.connect(1);
        Lease opening = tables.open(2);
        tables.connect(3).close();
        tables.open(4).close();
        now.incrementAndGet();
        tables.connect(5).close();
        tables.open(6).close();
        List<Lease> filling =
                LongStream.rangeClosed(7, 16).mapToObj(tables::connect).toList();
        for (String[] next : new String[][] {{"4", "0.0.0.4"}, {"6", "0.0.0.6"}, {"3", "0.0.0.3"}, {"5", "0.0.0.5"}}) {
            assertThat(clients(tables)).contains(next[1]);
            tables.connect(100 + Long.parseLong(next[0]));
            assertThat(clients(tables)).as("after %s", next[1]).hasSize(16).doesNotContain(next[1]);
        }
        assertThat(clients(tables)).contains("0.0.0.2");
        tables.connect(200);
        assertThat(clients(tables)).doesNotContain("0.0.0.2").contains("0.0.0.1");
        assertThat(tables.connect(201).table()).isNull();
        assertThat(counters(tables).unremembered()).isOne();
        assertThat(counters(tables).evicted()).isEqualTo(5);
        opening.close(); // evicted meanwhile
        connected.close();
        filling.forEach(Lease::close);
        assertThat(counters(tables).templates()).isEqualTo(16);
    }

    @Test
    void whatHasExpiredGivesWayBeforeAnybodyElse() {
        Tables tables = tables(16);
        tables.connect(1).close();
        now.addAndGet(MINUTE.timeout().toNanos());
        for (long client = 2; client <= 17; client++) {
            tables.open(client).close();
        }
        assertThat(clients(tables)).hasSize(16).doesNotContain("0.0.0.1");
        assertThat(counters(tables).expired()).isOne();
        assertThat(counters(tables).evicted()).isZero();
    }

    @Test
    void aClientWithoutATemplateCountsOnItsServerOnly() {
        Tables tables = tables(16);
        List<Lease> all =
                LongStream.rangeClosed(1, 20).mapToObj(tables::connect).toList();
        assertThat(all.stream().filter(lease -> lease.table() == null)).hasSize(4);
        assertThat(tables.destinations).allMatch(d -> d.active() == 5);
        all.forEach(Lease::close);
        assertThat(tables.destinations).allMatch(Destination::idle);
        assertThat(counters(tables).templates()).isEqualTo(16);
    }

    @Test
    void clientsOfOneWindowKeepApartAndBeyondItGiveWayToEachOther() {
        Tables tables = tables(4096);
        for (long client = 1; client <= 4000; client++) {
            tables.connect(client);
        }
        List<Long> colliding = LongStream.iterate(SPOOFED, client -> client + 1)
                .filter(client -> (tables.clients().hash(0, Tables.IPV4 | client) & 0xffff_0000L) == 0x1234_0000L)
                .limit(40)
                .boxed()
                .toList();
        Map<Long, Lease> leases = new HashMap<>();
        colliding.forEach(client -> leases.put(client, tables.connect(client)));
        List<Long> remembered = colliding.stream()
                .filter(client -> leases.get(client).table() != null)
                .toList();
        assertThat(remembered).hasSizeBetween(1, Slots.WINDOW);
        remembered.forEach(client -> {
            Lease next = tables.open(client);
            assertThat(next.destination()).isSameAs(leases.get(client).destination());
            next.close();
        });
        leases.values().forEach(Lease::close);
        colliding.forEach(client -> tables.connect(client).close());
        assertThat(counters(tables).templates()).isBetween(3970L, 4096L);
        long unremembered = counters(tables).unremembered();
        for (long client = 1; client <= 4000; client++) {
            tables.open(client);
        }
        assertThat(counters(tables).unremembered() - unremembered).isLessThan(40);
    }

    @Test
    void holdsAsManyAsAsked() {
        for (int entries : new int[] {16, 17, 1000, 4096, 4097, 50_000}) {
            Tables tables = tables(entries);
            for (long client = 1; client <= entries; client++) {
                tables.open(client).close();
            }
            PersistenceCounters full = counters(tables);
            assertThat(full.templates()).as("of %d", entries).isBetween(entries - entries / 200L, (long) entries);
            assertThat(full.templates() + full.evicted()).isEqualTo(entries);
            for (long client = 1; client <= entries; client++) {
                tables.open(SPOOFED + client).close();
                if (client % 1000 == 0) {
                    assertThat(counters(tables).templates()).isLessThanOrEqualTo(entries);
                }
            }
            assertThat(tables.clients().bytes()).isLessThanOrEqualTo(Math.max(1504, entries * 64L));
        }
    }

    @Test
    void expiredTemplatesMakeRoomBeforeASegmentGrows() {
        Tables tables = tables(1 << 14);
        long bytes = 0;
        for (int round = 0; round < 20; round++) {
            for (long client = 1; client <= 500; client++) {
                tables.open(1000L * round + client).close();
            }
            now.addAndGet(MINUTE.timeout().toNanos());
            if (round == 1) {
                bytes = tables.clients().bytes();
            }
        }
        assertThat(tables.clients().bytes()).isLessThanOrEqualTo(2 * bytes);
        assertThat(counters(tables).expired()).isEqualTo(10_000);
    }

    @Test
    void otherLimitsAreTakenOver() {
        Tables tables = tables(100);
        List<Lease> connected =
                LongStream.rangeClosed(1, 20).mapToObj(tables::connect).toList();
        LongStream.rangeClosed(21, 100).forEach(client -> tables.open(client).close());
        assertThat(tables.table.adopt(MINUTE.withMaxEntries(50))).isTrue();
        assertThat(counters(tables).templates()).isEqualTo(50);
        assertThat(tables.table.adopt(MINUTE.withMaxEntries(16))).isTrue();
        assertThat(counters(tables).templates()).isEqualTo(20);
        assertThat(tables.table.adopt(MINUTE.withMaxEntries(1000))).isTrue();
        LongStream.rangeClosed(21, 1000).forEach(client -> tables.open(client).close());
        assertThat(counters(tables).templates()).isBetween(990L, 1000L);
        assertThat(tables.table.adopt(MINUTE.withIpv4PrefixLength(24))).isFalse();
        assertThat(tables.table.adopt(MINUTE.withIpv6PrefixLength(64))).isFalse();
        assertThat(tables.table.adopt(Persistence.byKey(MINUTE.timeout()))).isFalse();
        connected.forEach(Lease::close);
    }

    // ---------------------------------------------------------------- leases and stamps

    @Test
    void aLeaseOfAForgottenTemplateLeavesItsSuccessorAlone() {
        Tables tables = tables(16);
        Lease old = tables.connect(1);
        for (int i = 0; i < 100; i++) {
            assertThat(tables.table.evict(Lab.literal("0.0.0.1"))).isTrue();
            tables.open(1).close();
        }
        Lease next = tables.open(1);
        old.close();
        now.addAndGet(2 * MINUTE.timeout().toNanos());
        assertThat(tables.table.list()).singleElement().satisfies(template -> {
            assertThat(template.connections()).isOne();
            assertThat(template.server()).isEqualTo(next.server());
        });
        old.established();
        tables.table.discard(old);
        assertThat(tables.table.list()).hasSize(1);
        tables.table.discard(next);
        assertThat(tables.table.list()).isEmpty();
        next.close();
    }

    @Test
    void stampsBeginAnewAfterTheLastOne() {
        Tables tables = tables(16);
        InetAddress client = Lab.literal("0.0.0.1");
        Lease longAgo = tables.connect(1);
        for (int i = 0; i < TemplateWord.MAX_STAMP - 3; i++) {
            tables.table.evict(client);
            tables.open(1).close();
        }
        Lease before = tables.connect(1);
        for (int i = 0; i < 6; i++) {
            tables.table.evict(client);
            Lease next = tables.open(1);
            before.close();
            assertThat(tables.table.list())
                    .singleElement()
                    .satisfies(template -> assertThat(template.connections()).isOne());
            next.established();
            before = next;
        }
        longAgo.close();
        assertThat(tables.table.list())
                .singleElement()
                .satisfies(template -> assertThat(template.connections()).isOne());
        before.close();
        assertThat(tables.table.list())
                .singleElement()
                .satisfies(template -> assertThat(template.connections()).isZero());
        assertThat(tables.destinations).allMatch(Destination::idle);
    }

    /** What never happens with a good hash: more clients than a window holds move to the same one, whatever is tried. */
    @Test
    void aSegmentThatCannotGrowMakesClientsGiveWay() {
        Tables tables = tables(4096);
        boolean[] degenerate = {false};
        Slots.Hashing hashing =
                (high, low) -> degenerate[0] ? 0 : tables.clients().hash(high, low);
        ClientRoom room = new ClientRoom(MINUTE.withMaxEntries(4096), tables.roster, new TemplateListeners());
        ClientSegment segment = new ClientSegment(tables.clients(), room, hashing, 0, now.get());
        long bytes = 0;
        for (long client = 1; client <= 200; client++) {
            if (client == 100) {
                degenerate[0] = true;
                bytes = room.bytes();
            }
            Flow flow = tables.flow(client);
            long hash = tables.clients().hash(flow.clientHigh(), flow.clientLow());
            synchronized (segment) {
                assertThat(segment.assign(hash, flow.clientHigh(), flow.clientLow(), flow, tables))
                        .isNotNull();
                assertThat(segment.find(hash, flow.clientHigh(), flow.clientLow(), now.get()))
                        .as("client %d", client)
                        .isNotNull();
            }
        }
        assertThat(room.bytes()).isEqualTo(bytes);
        List<PersistenceTemplate> templates = new ArrayList<>();
        synchronized (segment) {
            segment.list(templates, now.get());
        }
        assertThat(templates).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }

    /** Numbers of a large table may be a second old; those of a small one are right at once. */
    @Test
    void aLargeTableIsNotLookedThroughEachTime() {
        Tables tables = tables(1 << 18);
        for (long client = 1; client <= 100_000; client++) {
            tables.open(client).close();
        }
        now.addAndGet(MINUTE.timeout().toNanos() + 1);
        assertThat(counters(tables).expired()).isEqualTo(100_000);
        for (long client = 1; client <= 100_000; client++) {
            tables.open(client).close();
            tables.open(client).close();
        }
        now.addAndGet(500_000_000);
        assertThat(counters(tables).templates()).isEqualTo(100_000);
        assertThat(counters(tables).hits()).isZero();
        now.addAndGet(500_000_000);
        assertThat(counters(tables).hits()).isEqualTo(100_000);
        now.addAndGet(MINUTE.timeout().toNanos());
        tables.table.expire();
        assertThat(tables.destinations).allMatch(d -> d.counters().persistent() == 0);
    }

    @Test
    void moreConnectionsThanCanBeCountedGoToTheSameServerUncounted() {
        Tables tables = tables(16);
        Flow flow = new Flow();
        int most = (1 << 22) - 1;
        Lease first = tables.connect(1);
        for (int i = 1; i < most; i++) {
            tables.table.assign(tables.fill(flow, 1), tables);
        }
        Lease beyond = tables.open(1);
        assertThat(beyond.destination()).isSameAs(first.destination());
        assertThat(beyond.table()).isNull();
        assertThat(tables.table.list())
                .singleElement()
                .satisfies(template -> assertThat(template.connections()).isEqualTo(most));
        assertThat(counters(tables).hits()).isEqualTo(most - 1);
    }

    @Test
    void ipv4AndIpv6ClientsAreDifferentOnes() {
        Tables tables = new Tables(MINUTE.withIpv4PrefixLength(24).withIpv6PrefixLength(48), now::get, 4);
        String[][] networks = {
            {"10.7.1.1", "10.7.1.255"}, {"10.7.2.1"}, {"fd07:1:2:3::4", "fd07:1:2::"}, {"fd07:1:3::"}, {"::10.7.1.1"}
        };
        int number = 0;
        for (String[] network : networks) {
            for (String client : network) {
                Flow flow = Lab.flow(client, "10.8.0.1");
                flow.time(now.get());
                assertThat(tables.table.assign(flow, tables).destination())
                        .as(client)
                        .isSameAs(tables.destinations.get(number % 4));
            }
            number++;
        }
        assertThat(tables.table.list())
                .extracting(template -> ((InetAddress) template.key()).getHostAddress())
                .containsExactlyInAnyOrder(
                        "10.7.1.0", "10.7.2.0", "fd07:1:2:0:0:0:0:0", "fd07:1:3:0:0:0:0:0", "0:0:0:0:0:0:0:0");
        assertThat(tables.table.evict(Lab.literal("10.7.1.77"))).isTrue();
        assertThat(tables.table.evict(Lab.literal("10.7.1.77"))).isFalse();
        assertThat(tables.table.evict("10.7.2.1")).isFalse();
    }

    @Test
    void aClosedTableMakesNoTemplates() {
        Tables tables = tables(16);
        Lease before = tables.connect(1);
        tables.table.close();
        assertThat(tables.table.list()).isEmpty();
        Lease after = tables.open(2);
        assertThat(after.table()).isSameAs(tables.table);
        after.established();
        after.revoke();
        before.close();
        assertThat(tables.table.restore(template("10.7.0.1"), tables.destinations.get(0)))
                .isFalse();
        assertThat(counters(tables).templates()).isZero();
        assertThat(tables.destinations)
                .allMatch(Destination::idle)
                .allMatch(d -> d.counters().persistent() == 0);
    }

    private static PersistenceTemplate template(String client) {
        return new PersistenceTemplate(
                Lab.literal(client), io.lvs4j.ServerKey.of("10.9.0.1", 8000), 0, Duration.ofSeconds(9));
    }

    @Test
    void retiredDestinationsGetNoTemplate() {
        Tables tables = tables(16);
        Destination retired = tables.destinations.get(0);
        retired.retire();
        assertThat(tables.table.restore(template("10.7.0.1"), retired)).isFalse();
        Lease lease = tables.table.assign(tables.flow(1), new PersistenceTable.Chooser() {
            @Override
            public boolean allowsTemplate(Destination destination) {
                return true;
            }

            @Override
            public Destination choose(Flow flow) {
                return retired;
            }
        });
        assertThat(lease.destination()).isSameAs(retired);
        assertThat(tables.table.list()).isEmpty();
    }

    @Test
    void restoredTemplatesTakeNobodysPlace() {
        Tables tables = tables(16);
        for (int i = 1; i <= 15; i++) {
            tables.open(i).close();
        }
        assertThat(tables.table.restore(template("10.7.0.1"), tables.destinations.get(0)))
                .isTrue();
        assertThat(tables.table.restore(template("10.7.0.1"), tables.destinations.get(1)))
                .isFalse();
        assertThat(tables.table.restore(template("10.7.0.2"), tables.destinations.get(0)))
                .isFalse();
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(tables.table.restore(template("10.7.0.2"), tables.destinations.get(0)))
                .isTrue();
        assertThat(counters(tables).evicted()).isZero();
        assertThatThrownBy(() -> tables.table.requireKey("10.7.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: an InetAddress");
    }

    // ---------------------------------------------------------------- cost

    @Test
    void aHitAllocatesTheLeaseOnly() {
        Tables tables = tables(1 << 16);
        for (long client = 0; client < 50_000; client++) {
            tables.open(client).close();
        }
        hits(tables, 400_000);
        long perHit = hits(tables, 400_000) / 400_000;
        assertThat(perHit).isLessThanOrEqualTo(48); // the lease
    }

    private static long hits(Tables tables, int count) {
        Flow flow = new Flow();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < count; i++) {
            Lease lease = tables.table.assign(tables.fill(flow, (i * 7919L) % 50_000), tables);
            tables.table.established(lease);
            tables.table.release(lease);
        }
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    // ---------------------------------------------------------------- threads

    @Test
    void growthUnderLoadLosesNoConnection() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                Tables tables = new Tables(MINUTE.withMaxEntries(1 << 15), System::nanoTime, 4);
                List<Future<?>> carriers = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    long seed = 100L * round + t;
                    carriers.add(pool.submit(() -> carry(tables, new Random(seed))));
                }
                for (Future<?> carrier : carriers) {
                    carrier.get(60, TimeUnit.SECONDS);
                }
                assertThat(tables.table.list()).allMatch(template -> template.connections() == 0);
                assertThat(tables.destinations).allMatch(Destination::idle);
                assertThat(tables.destinations.stream()
                                .mapToLong(d -> d.counters().persistent())
                                .sum())
                        .isEqualTo(tables.table.list().size())
                        .isEqualTo(counters(tables).templates());
                assertThat(counters(tables).hits() + counters(tables).misses()).isEqualTo(threads * 30_000L);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Many connections at a time from ever more clients, the same ones in every thread. */
    private static void carry(Tables tables, Random random) {
        Deque<Lease> open = new ArrayDeque<>();
        for (int i = 0; i < 30_000; i++) {
            Lease lease = tables.open(random.nextInt(1 + i / 3));
            if (random.nextBoolean()) {
                lease.established();
            }
            open.add(lease);
            if (open.size() > 200) {
                (random.nextBoolean() ? open.removeFirst() : open.removeLast()).close();
            }
        }
        open.forEach(Lease::close);
    }

    /** Clients with a live connection stay put while others come and go in too small a table, and counts come out even. */
    @Test
    void theConnectedStayPutWhileThreadsFlood() throws Exception {
        Tables tables = new Tables(MINUTE.withMaxEntries(1024), System::nanoTime, 4);
        Map<Long, Lease> connected = new HashMap<>();
        for (long client = 0; client < 100; client++) {
            connected.put(client, tables.connect(client));
        }
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> carriers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                long base = (t + 1) * SPOOFED;
                carriers.add(pool.submit(() -> {
                    Random random = new Random(base);
                    Deque<Lease> open = new ArrayDeque<>();
                    for (int i = 0; i < 100_000; i++) {
                        long client = random.nextInt(100);
                        Lease lease = tables.open(client);
                        assertThat(lease.destination())
                                .isSameAs(connected.get(client).destination());
                        lease.close();
                        open.add(tables.open(base + random.nextInt(100_000)));
                        if (open.size() > 50) {
                            open.removeFirst().close();
                        }
                    }
                    open.forEach(Lease::close);
                }));
            }
            for (Future<?> carrier : carriers) {
                carrier.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
        connected.values().forEach(Lease::close);
        assertThat(tables.table.list()).allMatch(template -> template.connections() == 0);
        assertThat(tables.destinations).allMatch(Destination::idle);
        assertThat(counters(tables).templates()).isLessThanOrEqualTo(1024);
    }
}
