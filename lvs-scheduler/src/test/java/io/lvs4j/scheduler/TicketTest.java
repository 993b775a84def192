package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.RealServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TicketTest {
    private static final long SET_BACK = 1L << 61;

    @Property
    void thePlaceIsTheRemainder(
            @ForAll @IntRange(min = 1) int length, @ForAll @LongRange(min = 0, max = SET_BACK + 1000) long ticket) {
        assertThat(new Ticket(length, 0).position(ticket)).isEqualTo((int) (ticket % length));
    }

    @Property
    void theNextTicketWithAPlaceIsFound(
            @ForAll @IntRange(min = 1, max = 50) int length,
            @ForAll @LongRange(min = 0, max = SET_BACK) long notBefore,
            @ForAll @IntRange(min = 0, max = 49) int anyPlace) {
        int place = anyPlace % length;
        long expected = notBefore;
        while (expected % length != place) {
            expected++;
        }
        assertThat(new Ticket(length, 0).nextWith(place, notBefore)).isEqualTo(expected);
    }

    @Property(tries = 100)
    void theOrderGoesOnWhenTheNumberIsSetBack(
            @ForAll @IntRange(min = 1, max = 100) int length, @ForAll @IntRange(min = 0, max = 200) int before) {
        Ticket ticket = new Ticket(length, SET_BACK - before);
        long first = (SET_BACK - before) % length;
        for (int i = 0; i < 500; i++) {
            assertThat(ticket.position(ticket.take())).as("ticket %d", i).isEqualTo((int) ((first + i) % length));
        }
        assertThat(ticket.upcoming()).isLessThan(SET_BACK);
        assertThat(ticket.upcoming()).isPositive();
    }

    @Test
    void threadsNeverGetTheSameTicket() throws Exception {
        Ticket ticket = new Ticket(7, SET_BACK - 50_000);
        int[] counts = new int[7];
        Set<Long> early = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 70_000; i++) {
                    long taken = ticket.take();
                    synchronized (counts) {
                        counts[ticket.position(taken)]++;
                    }
                    if (taken >= SET_BACK - 50_000 && taken < SET_BACK) {
                        early.add(taken);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(early).hasSize(50_000);
        assertThat(IntStream.of(counts).sum()).isEqualTo(210_000);
        assertThat(counts).as("every place as often").containsOnly(30_000);
    }

    @Test
    void aCycleTooLongToWriteDownIsWalked() {
        List<Destination> list = Destination.of(IntStream.range(0, 40)
                .mapToObj(i -> RealServer.builder("10.9.0." + (i + 1), 80)
                        .weight(RealServer.MAX_WEIGHT - i)
                        .build())
                .toList());
        WeightedRoundRobin scheduler = new WeightedRoundRobin();
        scheduler.update(list);
        List<Destination> expected = new ArrayList<>();
        for (int pass = 0; pass < 60; pass++) { // 1 takes part, then 2, 3 ... 40, 40
            expected.addAll(list.subList(0, Math.min(pass + 1, list.size())));
        }
        Flow flow = new Flow();
        for (Destination destination : expected) {
            assertThat(scheduler.explain(flow).orElseThrow().destination()).isSameAs(destination);
            assertThat(scheduler.pick(flow)).isSameAs(destination);
        }
    }
}
