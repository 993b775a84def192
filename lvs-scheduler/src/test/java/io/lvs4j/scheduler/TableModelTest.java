package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Both tables against a map that does the same slowly, through everything that may happen to them one after the other. */
class TableModelTest {
    private static final int SERVERS = 4;
    private static final int STEPS = 600;

    @Property(tries = 150)
    void clientsByAddress(@ForAll long seed) {
        new Run(Persistence.of(Duration.ofSeconds(10)), seed).run();
    }

    @Property(tries = 150)
    void clientsByKey(@ForAll long seed) {
        new Run(Persistence.byKey(Duration.ofSeconds(10)), seed).run();
    }

    private static final class Expected {
        final Destination destination;
        int live;
        long deadline;

        Expected(Destination destination) {
            this.destination = destination;
        }

        boolean expired(long now) {
            return live == 0 && deadline - now <= 0;
        }
    }

    private static final class Open {
        final Lease lease;
        final @Nullable Expected expected;

        Open(Lease lease, @Nullable Expected expected) {
            this.lease = lease;
            this.expected = expected;
        }
    }

    private static final class Run {
        final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // wraps on the way
        final Random random;
        final Tables tables;
        final Map<Long, Expected> model = new HashMap<>();
        final List<Open> open = new ArrayList<>();
        Persistence settings;

        Run(Persistence settings, long seed) {
            this.settings = settings;
            this.random = new Random(seed);
            this.tables = new Tables(settings, now::get, SERVERS);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step % 50 == 0) {
                    compare();
                }
            }
            compare();
            open.forEach(o -> o.lease.close());
            now.addAndGet(Duration.ofSeconds(20).toNanos()); // longer than any timeout
            tables.table.expire();
            assertThat(tables.destinations).allMatch(Destination::idle).allMatch(d -> templates(d) == 0);
            assertThat(tables.table.list()).isEmpty();
        }

        private void step() {
            int what = random.nextInt(100);
            if (what < 45) {
                connect();
            } else if (what < 75 && !open.isEmpty()) {
                disconnect();
            } else if (what < 87) {
                now.addAndGet(random.nextInt(4) * 1_000_000_000L + random.nextInt(3));
            } else if (what < 91) {
                tables.weight(random.nextInt(SERVERS), random.nextInt(4) == 0 ? 0 : 1);
            } else if (what < 93) {
                forget();
            } else if (what < 95) {
                long client = client();
                Expected expected = model.remove(client);
                Object key = settings.by() == Persistence.By.KEY ? client : Lab.literal("0.0.0." + client);
                assertThat(tables.table.evict(key)).isEqualTo(expected != null && !expected.expired(now.get()));
            } else if (what < 97) {
                settings = new Persistence(
                        Duration.ofSeconds(1 + random.nextInt(12)),
                        32,
                        128,
                        settings.quiescent(),
                        settings.by(),
                        1 << 14);
                assertThat(tables.table.adopt(settings)).isTrue();
            } else {
                tables.table.expire();
            }
        }

        private long client() {
            return 1L + random.nextInt(40);
        }

        private void connect() {
            long client = client();
            Lease lease = tables.open(client);
            Expected expected = model.get(client);
            if (expected != null && (expected.expired(now.get()) || expected.destination.weight() == 0)) {
                model.remove(client);
                expected = null;
            }
            if (expected != null) {
                assertThat(lease.destination()).isSameAs(expected.destination);
            } else if (lease != null) {
                expected = new Expected(lease.destination());
                model.put(client, expected);
            } else {
                assertThat(tables.destinations).allMatch(d -> d.weight() == 0);
            }
            if (lease != null) {
                assertThat(lease.destination().weight()).isPositive();
                expected.live++;
                open.add(new Open(lease, expected));
                if (random.nextBoolean()) {
                    lease.established();
                }
            }
        }

        private void disconnect() {
            Open ended = open.remove(random.nextInt(open.size()));
            ended.lease.close();
            ended.lease.close();
            if (--ended.expected.live == 0) {
                ended.expected.deadline = now.get() + settings.timeout().toNanos();
            }
        }

        private void forget() {
            Destination gone = tables.destinations.get(random.nextInt(SERVERS));
            model.values().removeIf(expected -> expected.destination == gone);
            tables.table.forget(d -> d == gone);
        }

        private void compare() {
            model.values().removeIf(expected -> expected.expired(now.get()));
            Map<String, String> expected = new LinkedHashMap<>();
            model.forEach((client, e) -> expected.put(
                    settings.by() == Persistence.By.KEY ? "" + client : "0.0.0." + client,
                    e.destination.key() + " " + e.live + " "
                            + (e.live > 0 ? settings.timeout().toNanos() : e.deadline - now.get())));
            assertThat(tables.table.list().stream().collect(Collectors.toMap(Run::client, Run::rest)))
                    .isEqualTo(expected);
            assertThat(tables.table.counters().templates()).isEqualTo(model.size());
            if (settings.by() == Persistence.By.CLIENT_ADDRESS) { // Caffeine counts what has expired a little longer
                tables.table.expire();
                for (Destination destination : tables.destinations) {
                    assertThat(templates(destination))
                            .isEqualTo(model.values().stream()
                                    .filter(e -> e.destination == destination)
                                    .count());
                }
            }
        }

        private static long templates(Destination destination) {
            return destination.counters().persistent();
        }

        private static String client(PersistenceTemplate template) {
            return template.key() instanceof java.net.InetAddress address
                    ? address.getHostAddress()
                    : template.key().toString();
        }

        private static String rest(PersistenceTemplate template) {
            return template.server() + " " + template.connections() + " "
                    + template.expiresIn().toNanos();
        }
    }
}
