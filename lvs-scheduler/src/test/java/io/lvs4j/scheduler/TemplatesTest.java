package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.Persistence;
import io.lvs4j.PersistenceCounters;
import io.lvs4j.PersistenceListener;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.PersistenceTemplates;
import io.lvs4j.ServerKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators and embedders see of the templates of a service; the same by client address and by key. */
class TemplatesTest {
    private static final ServerKey A = ServerKey.of("10.9.0.1", 8000);
    private static final ServerKey B = ServerKey.of("10.9.0.2", 8000);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final Lab lab = Lab.of("rr", 1, 1);

    private void persistBy(Persistence.By by) {
        lab.persistence(by == Persistence.By.KEY ? Persistence.byKey(TEN) : Persistence.of(TEN));
    }

    private PersistenceTemplates templates() {
        return lab.engine().persistence().orElseThrow();
    }

    /** The address of a client, or the key that stands for it. */
    private static Object key(Persistence.By by, String client) {
        return by == Persistence.By.KEY ? "user " + client : Lab.literal(client);
    }

    private Lease open(Persistence.By by, String client) {
        Flow flow = Lab.flow(client, "10.8.0.1");
        return lab.engine().acquire(by == Persistence.By.KEY ? flow.key(key(by, client)) : flow);
    }

    @ParameterizedTest
    @EnumSource
    void areListed(Persistence.By by) {
        persistBy(by);
        Lease first = open(by, "10.7.0.1");
        open(by, "10.7.0.2").close();
        lab.sleep(4);
        assertThat(templates().list())
                .containsExactlyInAnyOrder(
                        new PersistenceTemplate(key(by, "10.7.0.1"), B, 1, TEN),
                        new PersistenceTemplate(key(by, "10.7.0.2"), A, 0, Duration.ofSeconds(6)));
        lab.sleep(6);
        assertThat(templates().list()).hasSize(1);
        first.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneClientIsEvicted(Persistence.By by) {
        persistBy(by);
        Lease first = open(by, "10.7.0.1");
        open(by, "10.7.0.2");
        assertThat(templates().evict(key(by, "10.7.0.1"))).isTrue();
        assertThat(templates().evict(key(by, "10.7.0.1"))).isFalse();
        assertThat(templates().evict(new Object())).isFalse();
        lab.pick(1);
        assertThat(open(by, "10.7.0.1").server()).as("scheduled anew").isNotNull();
        assertThat(templates().list()).hasSize(2);
        first.close();
        assertThat(templates().list())
                .as("the old connection is not one of the new template")
                .allMatch(template -> template.connections() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void allClientsOfAServerAreEvicted(Persistence.By by) {
        persistBy(by);
        for (int i = 1; i <= 6; i++) {
            open(by, "10.7.0." + i);
        }
        assertThat(templates().evict(B)).isEqualTo(3);
        assertThat(templates().evict(B)).isZero();
        assertThat(templates().evict(ServerKey.of("10.9.0.77", 1))).isZero();
        assertThat(templates().list())
                .hasSize(3)
                .allMatch(template -> template.server().equals(A));
        assertThat(lab.counters('B').persistent()).isZero();
        assertThat(lab.counters('A').persistent()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void areCarriedOver(Persistence.By by) {
        persistBy(by);
        List<PersistenceTemplate> saved = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            saved.add(new PersistenceTemplate(key(by, "10.7.0." + i), A, 9, Duration.ofSeconds(i * 5L)));
        }
        saved.add(new PersistenceTemplate(key(by, "10.7.0.5"), ServerKey.of("10.9.0.77", 1), 0, TEN));
        saved.add(new PersistenceTemplate(key(by, "10.7.0.6"), A, 0, Duration.ZERO));
        Lease there = open(by, "10.7.0.1");
        assertThat(there.server()).isEqualTo(B);
        assertThat(templates().restore(saved)).isEqualTo(3);
        assertThat(open(by, "10.7.0.1").server()).isEqualTo(B);
        assertThat(templates().list())
                .extracting(PersistenceTemplate::toString)
                .filteredOn(text -> text.contains("connections 0"))
                .hasSize(3);
        lab.sleepNanos(TEN.toNanos() - 1);
        assertThat(open(by, "10.7.0.2").server()).isEqualTo(A);
        assertThat(open(by, "10.7.0.3").server()).isEqualTo(A);
        assertThat(open(by, "10.7.0.4").server()).isEqualTo(A);
        assertThat(templates().counters().hits()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void restoredOnesExpireWhenTheyWouldHave(Persistence.By by) {
        persistBy(by);
        templates()
                .restore(List.of(
                        new PersistenceTemplate(key(by, "10.7.0.1"), A, 0, Duration.ofSeconds(3)),
                        new PersistenceTemplate(key(by, "10.7.0.2"), A, 0, Duration.ofDays(30))));
        assertThat(templates().list())
                .extracting(PersistenceTemplate::expiresIn)
                .containsExactlyInAnyOrder(Duration.ofSeconds(3), TEN);
        lab.sleep(3);
        assertThat(templates().list()).hasSize(1);
        lab.sleep(7);
        assertThat(templates().list()).isEmpty();
    }

    @Test
    void thoseOfAServerThatMayNotBeUsedAreNotRestored() {
        lab.persistence(10).weight('A', 0);
        List<PersistenceTemplate> saved = List.of(new PersistenceTemplate(Lab.literal("10.7.0.1"), A, 0, TEN));
        assertThat(templates().restore(saved)).isZero();
        lab.persistence(Persistence.of(TEN).withQuiescent(Persistence.Quiescent.KEEP));
        assertThat(templates().restore(saved)).isOne();
        assertThat(lab.pickFrom("10.7.0.1")).isEqualTo("A");
    }

    @Test
    void keysOfAnotherKindAreRefusedBeforeAnythingHappens() {
        lab.persistence(10);
        assertThatThrownBy(() -> templates()
                        .restore(List.of(
                                new PersistenceTemplate(Lab.literal("10.7.0.1"), A, 0, TEN),
                                new PersistenceTemplate("alice", A, 0, TEN))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key: alice");
        assertThat(templates().list()).isEmpty();
    }

    @Test
    void aRestoredAddressIsMasked() throws Exception {
        lab.persistence(Persistence.of(TEN).withNetmask("255.255.255.0"));
        templates().restore(List.of(new PersistenceTemplate(InetAddress.getByName("10.7.1.99"), A, 0, TEN)));
        assertThat(lab.pickFrom("10.7.1.1", "10.7.1.2")).isEqualTo("A A");
        assertThat(templates().list())
                .singleElement()
                .satisfies(template -> assertThat(template.key()).isEqualTo(Lab.literal("10.7.1.0")));
    }

    @ParameterizedTest
    @EnumSource
    void areCounted(Persistence.By by) {
        persistBy(by);
        assertThat(templates().counters()).isEqualTo(new PersistenceCounters(0, 0, 0, 0, 0, 0));
        for (int i = 0; i < 100; i++) {
            open(by, "10.7.0.1").close();
        }
        open(by, "10.7.0.2");
        assertThat(templates().counters()).isEqualTo(new PersistenceCounters(2, 99, 2, 0, 0, 0));
        lab.sleep(12); // by key they are counted a little longer
        assertThat(templates().counters()).isEqualTo(new PersistenceCounters(1, 99, 2, 1, 0, 0));
        open(by, "10.7.0.1");
        assertThat(templates().counters()).isEqualTo(new PersistenceCounters(2, 99, 3, 1, 0, 0));
    }

    /** Other settings may make another table; the counters go on, and the object stays good. */
    @Test
    void countersAndListenersSurviveAnotherTable() {
        lab.persistence(10);
        PersistenceTemplates templates = templates();
        Recorder recorder = new Recorder();
        templates.addListener(recorder);
        lab.pickFrom("10.7.0.1", "10.7.0.1");
        lab.persistence(Persistence.byKey(TEN));
        lab.pickFrom("10.7.0.1");
        assertThat(templates.list()).isEmpty();
        open(Persistence.By.KEY, "10.7.0.1");
        assertThat(templates.counters()).isEqualTo(new PersistenceCounters(1, 1, 2, 0, 0, 0));
        lab.service(builder -> builder.noPersistence());
        assertThat(lab.engine().persistence()).isEmpty();
        assertThat(templates.list()).isEmpty();
        assertThat(templates.evict("x")).isFalse();
        assertThat(templates.evict(A)).isZero();
        assertThat(templates.restore(List.of())).isZero();
        assertThat(templates.counters()).isEqualTo(new PersistenceCounters(0, 1, 2, 0, 0, 0));
        lab.persistence(10).pickFrom("10.7.0.1", "10.7.0.1");
        assertThat(templates.counters()).isEqualTo(new PersistenceCounters(1, 2, 3, 0, 0, 0));
        assertThat(templates).isSameAs(templates());
        assertThat(recorder.heard.stream().map(text -> text.replaceFirst("\\.[12]:8000", ".x")))
                .containsExactly(
                        "/10.7.0.1 -> 10.9.0.x",
                        "/10.7.0.1 -> 10.9.0.x FORGOTTEN",
                        "user 10.7.0.1 -> 10.9.0.x",
                        "user 10.7.0.1 -> 10.9.0.x FORGOTTEN",
                        "/10.7.0.1 -> 10.9.0.x");
    }

    private static final class Recorder implements PersistenceListener {
        final List<String> heard = new ArrayList<>();

        @Override
        public void assigned(Object key, ServerKey server) {
            heard.add(key + " -> " + server);
        }

        @Override
        public void forgotten(Object key, ServerKey server, Cause cause) {
            heard.add(key + " -> " + server + " " + cause);
        }
    }

    @ParameterizedTest
    @EnumSource
    void listenersHearOfEveryChange(Persistence.By by) {
        persistBy(by);
        Recorder recorder = new Recorder();
        templates().addListener(new PersistenceListener() {
            @Override
            public void assigned(Object key, ServerKey server) {
                throw new IllegalStateException("a listener that fails");
            }

            @Override
            public void forgotten(Object key, ServerKey server, Cause cause) {
                throw new IllegalStateException("a listener that fails");
            }
        });
        templates().addListener(recorder);
        assertThatCode(() -> open(by, "10.7.0.1").close()).doesNotThrowAnyException();
        open(by, "10.7.0.1").close();
        lab.sleep(10);
        open(by, "10.7.0.1");
        lab.weight('A', 0);
        open(by, "10.7.0.1");
        templates().evict(key(by, "10.7.0.1"));
        String client = String.valueOf(key(by, "10.7.0.1"));
        assertThat(recorder.heard)
                .containsExactly(
                        client + " -> " + B,
                        client + " -> " + B + " EXPIRED",
                        client + " -> " + A,
                        client + " -> " + A + " SERVER_GONE",
                        client + " -> " + B,
                        client + " -> " + B + " FORGOTTEN");
        templates().removeListener(recorder);
        open(by, "10.7.0.1");
        assertThat(recorder.heard).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource
    void aBurstOfOneClientsFirstConnectionsGoesToOneServer(Persistence.By by) throws Exception {
        int threads = 8;
        persistBy(by);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 1; round <= 200; round++) {
                String client = "10.7.1." + round;
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Callable<Lease>> burst = Stream.<Callable<Lease>>generate(() -> () -> {
                            start.await();
                            return open(by, client);
                        })
                        .limit(threads)
                        .toList();
                Set<ServerKey> servers = pool.invokeAll(burst).stream()
                        .map(TemplatesTest::get)
                        .map(Lease::server)
                        .collect(Collectors.toSet());
                assertThat(servers).as(client).hasSize(1);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(templates().counters()).isEqualTo(new PersistenceCounters(200, 200 * 7, 200, 0, 0, 0));
    }

    private static Lease get(Future<Lease> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
