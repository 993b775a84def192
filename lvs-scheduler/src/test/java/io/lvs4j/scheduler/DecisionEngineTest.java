package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.Pool;
import io.lvs4j.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionEngineTest {
    private static final int THREADS = 4;

    @Test
    void thereIsNoServerBeforeTheFirstPool() {
        DecisionEngine engine = new DecisionEngine(Ticker.system());
        assertThat(engine.acquire(new Flow())).isNull();
        assertThat(engine.counters().refused()).isOne();
    }

    @Test
    void anEqualPoolChangesNothing() {
        Lab lab = Lab.of("wrr", 1, 2, 3);
        assertThat(lab.pick(2)).isEqualTo("C B");
        lab.configure();
        assertThat(lab.pick(4)).isEqualTo("A C C B");
    }

    @Test
    void aServerThatFailsComesBackAtTheHead() {
        Lab lab = Lab.of("rr", 1, 1, 1);
        assertThat(lab.serving('A', false).pick(3)).isEqualTo("C B C");
        assertThat(lab.serving('A', true).pick(4)).isEqualTo("B A C B");
    }

    @Test
    void aServerKeepsItsCountsWhileItIsDownOrRemoved() {
        Lab lab = Lab.of("rr", 1, 1);
        lab.hold(4);
        assertThat(lab.serving('B', false).counts('B')).isEqualTo("2/0");
        assertThat(lab.serving('B', true).counts('B')).isEqualTo("2/0");
        assertThat(lab.remove('B').counts('B')).isEqualTo("2/0");
        assertThat(lab.add('B', 1).counts('B')).isEqualTo("2/0");
        lab.remove('B').finishOf('B', 'B').expire('B', 'B');
        assertThat(lab.engine().counters().servers()).containsOnlyKeys(ServerKey.of("10.9.0.1", 8000));
    }

    @Test
    void refusedConnectionsAreCounted() {
        Lab lab = Lab.of("rr", 0);
        lab.pick(3);
        assertThat(lab.engine().counters().connections()).isEqualTo(3);
        assertThat(lab.engine().counters().refused()).isEqualTo(3);
        assertThat(lab.weight('A', 1).pick(1)).isEqualTo("A");
        assertThat(lab.engine().counters().connections()).isEqualTo(4);
        assertThat(lab.counters('A').connections()).isOne();
    }

    @Test
    void anExcludedServerIsNotOfferedAgainToTheSameFlow() {
        for (String scheduler : Schedulers.names()) {
            Lab lab = Lab.of(scheduler, 1, 1, 1, 1, 1, 1);
            Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
            List<ServerKey> offered = new ArrayList<>();
            for (Lease lease = lab.engine().acquire(flow);
                    lease != null;
                    lease = lab.engine().acquire(flow)) {
                offered.add(lease.server());
                flow.exclude(lease);
                lease.connectFailed();
            }
            assertThat(offered).as(scheduler).hasSize(6).doesNotHaveDuplicates();
        }
    }

    /**
     * The clock is read in the middle of a decision with persistence; a change is made at its first, second, ... reading. The
     * decision ends after the change, so it must go by it.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aDecisionThatAChangeOvertakesGoesByTheChange(int quiescedOrRemoved) {
        VirtualService service = VirtualService.builder()
                .listen("10.8.0.1", 80)
                .scheduler("rr")
                .persistence(Duration.ofSeconds(60))
                .build();
        int overtaken = 0;
        for (int reading = 1; reading <= 10; reading++) {
            AtomicInteger countdown = new AtomicInteger();
            AtomicReference<Runnable> change = new AtomicReference<>();
            DecisionEngine engine = new DecisionEngine(() -> {
                if (countdown.decrementAndGet() == 0) {
                    change.get().run();
                }
                return 0;
            });
            configure(engine, service, 1, 1);
            change.set(() -> configure(engine, service, 1, quiescedOrRemoved));
            countdown.set(reading);
            Lease lease = engine.acquire(Lab.flow("10.7.0.1", "10.8.0.1"));
            if (countdown.get() <= 0) {
                overtaken++;
                assertThat(Lab.letter(lease.server())).as("reading %d", reading).isEqualTo('A');
                assertThat(engine.counters().of(ServerKey.of("10.9.0.2", 8000)).open())
                        .isZero();
            }
            countdown.set(0);
            lease.close();
        }
        assertThat(overtaken).isPositive();
    }

    /** Weight 0, removal and failure hold for everyone once {@code configure} has returned, and counts come out even. */
    @ParameterizedTest
    @MethodSource("io.lvs4j.scheduler.Schedulers#names")
    void afterAChangeNoLeaseIsGivenOutAgainstIt(String scheduler) throws Exception {
        stress(scheduler, false);
        stress(scheduler, true);
    }

    private static void stress(String scheduler, boolean persistent) throws Exception {
        VirtualService.Builder builder =
                VirtualService.builder().listen("10.8.0.1", 80).scheduler(scheduler);
        if (persistent) {
            builder.persistence(Duration.ofSeconds(60));
        }
        VirtualService service = builder.build();
        DecisionEngine engine = new DecisionEngine(Ticker.system());
        configure(engine, service, 1, 1, 1);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Switch gate = new Switch();
        try {
            List<Future<?>> carriers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                carriers.add(threads.submit(() -> {
                    Flow flow = new Flow();
                    for (int i = 0; !stop.get(); i++) {
                        long address = 0xffff_0000_0000L | (i % 97);
                        long before = gate.banned;
                        Lease lease = engine.acquire(flow.set(0, address, thread, 0, address, 80));
                        if (lease != null) {
                            // Banned before the call and still (or again) by the same ban: it must not be that one.
                            if (before != 0 && gate.banned == before) {
                                assertThat(lease.server().address().getAddress()[3])
                                        .isNotEqualTo((byte) (before & 0xff));
                            }
                            lease.established();
                            lease.closing();
                            lease.close();
                        }
                    }
                }));
            }
            for (int round = 0; round < 150; round++) {
                int which = round % 3;
                int[] weights = {1, 1, 1};
                weights[which] = round % 2 == 0 ? 0 : -1; // quiesced or removed
                configure(engine, service, weights);
                gate.banned = ((round + 1L) << 8) | (which + 1);
                for (int i = 0; i < 20; i++) {
                    Lease lease = engine.acquire(new Flow().set(0, 0xffff_0000_0000L | i, 9, 0, i, 80));
                    if (lease != null) {
                        assertThat((int) lease.server().address().getAddress()[3])
                                .isNotEqualTo(which + 1);
                        lease.close();
                    }
                }
                gate.banned = 0;
                configure(engine, service, 1, 1, 1);
            }
            stop.set(true);
            for (Future<?> carrier : carriers) {
                carrier.get(30, TimeUnit.SECONDS);
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        assertThat(engine.counters().servers().values())
                .allSatisfy(counters -> assertThat(counters.open()).isZero());
        configure(engine, service);
        assertThat(engine.counters().servers()).isEmpty();
    }

    private static final class Switch {
        volatile long banned; // the round and the server, 0 for none
    }

    /** While one of two servers is always allowed, a change from one to the other refuses nobody. */
    @ParameterizedTest
    @CsvSource({
        "rr,true",
        "wrr,true",
        "lc,true",
        "wlc,true",
        "lblc,true",
        "lblcr,true",
        "dh,true",
        "sh,true",
        "fo,true",
        "ovf,true",
        "mh,true",
        "twos,true",
        "rr,false",
        "wrr,false",
        "lc,false",
        "wlc,false",
        "lblc,false",
        "lblcr,false",
        "fo,false",
        "ovf,false",
        "twos,false"
    })
    void aChangeFromOneServerToAnotherRefusesNobody(String scheduler, boolean byRemoval) throws Exception {
        VirtualService service = VirtualService.builder()
                .listen("10.8.0.1", 80)
                .scheduler(scheduler)
                .build();
        DecisionEngine engine = new DecisionEngine(Ticker.system());
        int none = byRemoval ? -1 : 0;
        configure(engine, service, 1, none);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> carriers = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                carriers.add(threads.submit(() -> {
                    int refused = 0;
                    Flow flow = new Flow();
                    for (int i = 0; !stop.get(); i++) {
                        Lease lease = engine.acquire(flow.set(0, 0xffff_0000_0000L | i, 1, 0, i, 80));
                        if (lease == null) {
                            refused++;
                        } else {
                            lease.close();
                        }
                    }
                    return refused;
                }));
            }
            for (int round = 0; round < 1000; round++) {
                configure(engine, service, none, 1);
                configure(engine, service, 1, none);
            }
            stop.set(true);
            for (Future<Integer> carrier : carriers) {
                assertThat(carrier.get(30, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    private static void configure(DecisionEngine engine, VirtualService service, int... weights) {
        List<Pool.Member> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] >= 0) {
                RealServer server = RealServer.builder("10.9.0." + (i + 1), 8000)
                        .weight(weights[i])
                        .build();
                members.add(new Pool.Member(server, weights[i], true));
            }
        }
        engine.configure(new Pool(service, members));
    }
}
