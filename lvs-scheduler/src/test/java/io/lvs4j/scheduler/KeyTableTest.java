package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final Persistence MINUTE = Persistence.byKey(Duration.ofSeconds(60));

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    private Tables tables(int maxEntries) {
        return new Tables(MINUTE.withMaxEntries(maxEntries), now::get, 4);
    }

    @Test
    void theTimeoutIsExact() {
        Tables tables = tables(16);
        Destination first = tables.connect(1).destination();
        now.addAndGet(Duration.ofDays(300).toNanos());
        Lease second = tables.connect(1);
        assertThat(second.destination()).isSameAs(first);
        second.close();
        assertThat(tables.table.list()).singleElement().matches(template -> template.connections() == 1);
        Lease other = tables.connect(2);
        other.close();
        now.addAndGet(MINUTE.timeout().toNanos() - 1);
        assertThat(tables.open(2).destination()).isSameAs(other.destination());
        tables.connect(3).close();
        now.addAndGet(MINUTE.timeout().toNanos());
        tables.open(3);
        assertThat(tables.table.counters().misses()).isEqualTo(4);
    }

    @Test
    void aFlowWithoutAKeyIsScheduledEachTime() {
        Tables tables = tables(16);
        Flow flow = new Flow();
        List<Destination> chosen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Lease lease = tables.table.assign(tables.fill(flow, 1), tables);
            assertThat(lease.table()).isNull();
            chosen.add(lease.destination());
        }
        assertThat(chosen).isEqualTo(tables.destinations);
        assertThat(tables.table.counters().templates()).isZero();
    }

    @Test
    void aFloodOfKeysEvictsNoClientWithLiveConnections() {
        Tables tables = tables(1024);
        List<Lease> connected = new ArrayList<>();
        for (long client = 0; client < 500; client++) {
            connected.add(tables.connect(client));
        }
        for (long client = 1000; client < 101_000; client++) {
            tables.connect(client).close();
        }
        for (int client = 0; client < 500; client++) {
            assertThat(tables.open(client).destination())
                    .isSameAs(connected.get(client).destination());
        }
        assertThat(tables.table.counters().templates()).isBetween(500L, 1524L);
        assertThat(tables.destinations.stream()
                        .mapToLong(d -> d.counters().persistent())
                        .sum())
                .isEqualTo(tables.table.counters().templates());
    }

    @Test
    void thereAreNoMoreConnectedClientsThanEntries() {
        Tables tables = tables(16);
        List<Lease> all = new ArrayList<>();
        for (int client = 0; client < 20; client++) {
            all.add(tables.connect(client));
        }
        assertThat(all.stream().filter(lease -> lease.table() == null)).hasSize(4);
        assertThat(tables.table.counters().unremembered()).isEqualTo(4);
        all.forEach(Lease::close);
        assertThat(tables.connect(30).table()).isNotNull();
        assertThat(tables.table.adopt(MINUTE.withMaxEntries(32))).isTrue();
        assertThat(tables.table.adopt(Persistence.of(MINUTE.timeout()))).isFalse();
    }

    @Test
    void restoredTemplatesTakeNobodysPlace() {
        Tables tables = tables(16);
        for (int client = 0; client < 15; client++) {
            tables.open(client).close();
        }
        Destination destination = tables.destinations.get(0);
        assertThat(tables.table.restore(template("a", destination), destination))
                .isTrue();
        assertThat(tables.table.restore(template("b", destination), destination))
                .isFalse();
        now.addAndGet(Duration.ofSeconds(12).toNanos());
        assertThat(tables.table.restore(template("b", destination), destination))
                .isTrue();
        assertThat(tables.table.counters().evicted()).isZero();
    }

    private static PersistenceTemplate template(String key, Destination destination) {
        return new PersistenceTemplate(key, destination.key(), 0, Duration.ofSeconds(9));
    }

    @Test
    void aClosedTableMakesNoTemplates() {
        Tables tables = tables(16);
        Lease before = tables.connect(1);
        tables.table.close();
        Lease after = tables.open(2);
        assertThat(after.table()).isSameAs(tables.table);
        after.revoke();
        before.close();
        assertThat(tables.table.list()).isEmpty();
        assertThat(tables.destinations)
                .allMatch(Destination::idle)
                .allMatch(destination -> destination.counters().persistent() == 0);
    }
}
