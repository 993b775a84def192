package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Persistence;
import java.time.Duration;
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

/** Sequences as measured on Linux 6.1 and 6.12 ip_vs, unless said otherwise. */
class PersistenceTest {
    private static final Persistence TEN_SECONDS = Persistence.of(Duration.ofSeconds(10));
    private static final Persistence KEEP = TEN_SECONDS.withQuiescent(Persistence.Quiescent.KEEP);
    private static final String CLIENT1 = "10.7.0.1";
    private static final String CLIENT2 = "10.7.0.2";
    private static final String CLIENT3 = "10.7.0.3";
    private static final String CLIENT4 = "10.7.0.4";

    @Test
    void aClientStaysAndDoesNotTakeTurns() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(10);
        assertThat(lab.pickFrom(CLIENT1, CLIENT1, CLIENT1, CLIENT1)).isEqualTo("C C C C");
        assertThat(lab.pickFrom(CLIENT2, CLIENT2, CLIENT2)).isEqualTo("B B B");
        assertThat(lab.pickFrom(CLIENT3, CLIENT3)).isEqualTo("A A");
        assertThat(lab.pickFrom(CLIENT4, CLIENT4)).isEqualTo("C C");
        assertThat(lab.counters('C').persistent()).isEqualTo(2);
        assertThat(lab.counters('B').persistent()).isEqualTo(1);
        assertThat(lab.counters('A').persistent()).isEqualTo(1);
        assertThat(lab.counts('C')).isEqualTo("0/0");
    }

    @Test
    void aNetmaskKeepsANetworkTogether() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS.withNetmask("255.255.255.0"));
        assertThat(lab.pickFrom("10.7.1.1", "10.7.1.2", "10.7.1.200")).isEqualTo("C C C");
        assertThat(lab.pickFrom("10.7.2.1", "10.7.2.9")).isEqualTo("B B");
        assertThat(lab.pickFrom("10.7.3.3")).isEqualTo("A");
        assertThat(lab.pickFrom("10.7.1.77")).isEqualTo("C");
    }

    @Test
    void aPrefixKeepsAnIpv6NetworkTogether() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS.withIpv6PrefixLength(64));
        assertThat(lab.pickFrom("fd07::1", "fd07::2", "fd07:0:0:1::1", "fd07:0:0:1::2", "fd07::3"))
                .isEqualTo("C C B B C");
    }

    @Test
    void everyPrefixLengthSeparatesExactlyAtItsBit() { // not measured
        for (int length = 1; length <= 128; length++) {
            Lab lab = Lab.of("rr", 1, 1).persistence(TEN_SECONDS.withIpv6PrefixLength(length));
            long within = length == 128 ? 0 : 1; // differs in the last bit only
            Flow first = client(0, 0);
            Flow same = client(0, within);
            Flow other = length <= 64 ? client(1L << (64 - length), 0) : client(0, 1L << (128 - length));
            assertThat(server(lab, first)).isEqualTo('B');
            assertThat(server(lab, same)).as("/%d", length).isEqualTo('B');
            assertThat(server(lab, other)).as("/%d", length).isEqualTo('A');
        }
    }

    private static Flow client(long high, long low) {
        return new Flow().set(high, low, 1, 0, 0, 1);
    }

    private static char server(Lab lab, Flow flow) {
        try (Lease lease = lab.engine().acquire(flow)) {
            return Lab.letter(lease.server());
        }
    }

    @Test
    void everyNewConnectionRestartsTheTimeout() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(20);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(3);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(9);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(18);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(21);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void theTimeoutIsExact() { // not measured: the kernel's timers are coarser
        Lab lab = Lab.of("rr", 1, 1).persistence(5);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("B");
        lab.sleepNanos(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("B");
        lab.sleepNanos(Duration.ofSeconds(5).toNanos());
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("A");
    }

    @Test
    void aTemplateIsHeldWhileAConnectionLives() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(5);
        assertThat(lab.holdFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(64);
        assertThat(lab.pickFrom(CLIENT1, CLIENT2, CLIENT1)).isEqualTo("C B C");
    }

    @Test
    void theTimeoutRunsFromTheEndOfTheLastConnection() { // differs from the kernel, which re-arms in steps of 60 s
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(5);
        lab.holdFrom(CLIENT1);
        lab.sleep(1000);
        lab.finishOf('C').expire('C');
        lab.sleepNanos(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(lab.counters('C').persistent()).isOne();
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.sleep(5);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void expiredTemplatesAreNotCounted() {
        Lab lab = Lab.of("rr", 1).persistence(5);
        lab.pickFrom(CLIENT1, CLIENT2);
        assertThat(lab.counters('A').persistent()).isEqualTo(2);
        lab.sleep(5);
        assertThat(lab.counters('A').persistent()).isZero();
    }

    @Test
    void aQuiescedServerLosesItsClients() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.weight('C', 0);
        assertThat(lab.counters('C').persistent()).isZero();
        assertThat(lab.pickFrom(CLIENT1, CLIENT1, CLIENT1)).isEqualTo("B B B");
        assertThat(lab.pickFrom(CLIENT2, CLIENT2)).isEqualTo("A A");
        assertThat(lab.weight('C', 1).pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void aQuiescedServerKeepsItsClientsIfToldSo() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(KEEP);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.weight('C', 0).pickFrom(CLIENT1, CLIENT1, CLIENT1, CLIENT2))
                .isEqualTo("C C C B");
        assertThat(lab.weight('C', 1).pickFrom(CLIENT1, CLIENT1)).isEqualTo("C C");
    }

    @Test
    void aHeldConnectionDoesNotKeepTheClientOnAQuiescedServer() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS);
        assertThat(lab.holdFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.weight('C', 0).pickFrom(CLIENT1, CLIENT2)).isEqualTo("B A");
        assertThat(lab.counts('C')).isEqualTo("1/0");
        lab.finishOf('C').expire('C');
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void stopsKeepingQuiescentOnceToldSo() { // not measured
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(KEEP);
        lab.pickFrom(CLIENT1);
        assertThat(lab.weight('C', 0).pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.persistence(TEN_SECONDS).pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void aRemovedServerLosesItsClients() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.remove('C').pickFrom(CLIENT1, CLIENT1, CLIENT1)).isEqualTo("B B B");
        assertThat(lab.add('C', 1).pickFrom(CLIENT1, CLIENT1, CLIENT1)).isEqualTo("B B B");
    }

    @Test
    void aServerThatFailsAndReturnsMeanwhileKeepsItsClients() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(TEN_SECONDS);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.serving('C', false).serving('C', true).pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.serving('C', false).pickFrom(CLIENT1)).isEqualTo("B");
        assertThat(lab.serving('C', true).pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test
    void aTemplateIgnoresTheThreshold() {
        Lab lab = Lab.of("rr", 1, 1, 1)
                .thresholds('A', 2, 0)
                .thresholds('B', 2, 0)
                .thresholds('C', 2, 0)
                .persistence(10);
        assertThat(lab.hold(4)).isEqualTo("C C C C");
        assertThat(lab.holdFrom(CLIENT2, CLIENT3, CLIENT4)).isEqualTo("B A B");
    }

    @Test
    void theSchedulerChoosesForNewClients() {
        String[] clients = Lab.addresses("10.7.0.", 8);
        Lab wrr = Lab.of("wrr", 1, 2, 3).persistence(10);
        assertThat(wrr.pickFrom(clients)).isEqualTo("C B A C C B C B");
        assertThat(wrr.pickFrom(clients)).isEqualTo("C B A C C B C B");
        Lab wlc = Lab.of("wlc", 1, 2, 3).persistence(10);
        assertThat(wlc.holdFrom(clients)).isEqualTo("C B A C B C C B");
        assertThat(wlc.pickFrom(clients)).isEqualTo("C B A C B C C B");
        Lab sh = Lab.of("sh", 1, 2, 3).persistence(10);
        assertThat(sh.pickFrom(clients)).isEqualTo("C A C B C C C C");
        assertThat(sh.pickFrom(clients)).isEqualTo("C A C B C C C C");
    }

    @Test
    void shHashesTheClientAndNotItsNetwork() {
        Persistence network = TEN_SECONDS.withNetmask("255.255.255.0");
        assertThat(Lab.of("sh", 1, 1, 1).persistence(network).pickFrom(Lab.addresses("10.7.0.", 8)))
                .isEqualTo("B B B B B B B B");
        assertThat(Lab.of("sh", 1, 1, 1).persistence(network).pickFrom(CLIENT4, CLIENT1))
                .isEqualTo("C C");
    }

    @Test
    void changesOfServersLeaveTemplatesAlone() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(10);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        lab.weight('C', 5).thresholds('C', 9, 0).add('D', 1);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.pickFrom(CLIENT2, CLIENT3, CLIENT4, "10.7.0.5", "10.7.0.6"))
                .isEqualTo("B A D C B");
    }

    @Test
    void templatesSurviveAnotherScheduler() {
        Lab lab = Lab.of("rr", 1, 1, 1).persistence(10);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("C");
        assertThat(lab.scheduler("wrr").pickFrom(CLIENT1, CLIENT1)).isEqualTo("C C");
        assertThat(lab.service(b -> b.noPersistence()).pickFrom(CLIENT1, CLIENT1, CLIENT1))
                .isEqualTo("C B A");
        assertThat(lab.counters('C').persistent()).isZero();
    }

    @Test
    void aRefusedClientLeavesNoTemplate() {
        Lab lab = Lab.of("rr", 0, 0, 0).persistence(10);
        assertThat(lab.pickFrom(CLIENT1)).isEqualTo("-");
        assertThat(lab.weight('B', 1).pickFrom(CLIENT1)).isEqualTo("B");
    }

    @Test // not measured
    void aClientWhoseServerCannotBeReachedMoves() {
        Lab lab = Lab.of("rr", 1, 1).persistence(10);
        Flow flow = Lab.flow(CLIENT1, "10.8.0.1");
        Lease failed = lab.engine().acquire(flow);
        assertThat(Lab.letter(failed.server())).isEqualTo('B');
        flow.exclude(failed);
        failed.connectFailed();
        lab.engine().acquire(flow).close();
        assertThat(lab.pickFrom(CLIENT1, CLIENT1)).isEqualTo("A A");
        assertThat(lab.counters('B').persistent()).isZero();
        assertThat(lab.counters('A').persistent()).isOne();
    }

    @Test // not measured
    void aBurstOfOneClientsFirstConnectionsGoesToOneServer() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                Lab lab = Lab.of("rr", 1, 1, 1, 1).persistence(10);
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Callable<Lease>> burst = Stream.<Callable<Lease>>generate(() -> () -> {
                            start.await();
                            return lab.engine().acquire(Lab.flow(CLIENT1, "10.8.0.1"));
                        })
                        .limit(threads)
                        .toList();
                Set<Character> servers = pool.invokeAll(burst).stream()
                        .map(PersistenceTest::get)
                        .map(lease -> Lab.letter(lease.server()))
                        .collect(Collectors.toSet());
                assertThat(servers).hasSize(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static Lease get(Future<Lease> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
