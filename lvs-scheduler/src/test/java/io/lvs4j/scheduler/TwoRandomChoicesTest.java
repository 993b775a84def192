package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules read from ip_vs_twos.c; what is drawn is given. */
class TwoRandomChoicesTest {
    private static final Flow FLOW = Lab.flow("10.7.0.1", "10.8.0.1");
    private static final int PICKS = 400_000;

    private final Queue<Long> bits = new ArrayDeque<>();
    private final TwoRandomChoices drawn = new TwoRandomChoices(bits::remove);

    /** Random bits by which these tickets of so many are drawn. */
    private void willDraw(int first, int second, int tickets) {
        bits.add(bitsOf(first, tickets) << 32 | bitsOf(second, tickets));
    }

    private static long bitsOf(int ticket, int tickets) {
        return ((long) ticket << 32) / tickets + 1;
    }

    @Test
    void theFirstServerHasOneTicketMore() {
        List<Destination> list = Destinations.of(2, 0, 3);
        drawn.update(list);
        int[] owners = {0, 0, 0, 2, 2, 2};
        for (int ticket = 0; ticket < owners.length; ticket++) {
            willDraw(ticket, ticket, owners.length);
            assertThat(drawn.pick(FLOW)).as("ticket %d", ticket).isSameAs(list.get(owners[ticket]));
        }
    }

    @Test
    void theLessLoadedForItsWeightWins() {
        List<Destination> list = Destinations.of(1, 3);
        drawn.update(list);
        list.get(0).bind();
        for (int i = 0; i < 2; i++) {
            list.get(1).bind();
        }
        willDraw(0, 4, 5);
        assertThat(drawn.pick(FLOW)).isSameAs(list.get(1));
        willDraw(4, 0, 5);
        assertThat(drawn.pick(FLOW)).isSameAs(list.get(1));
    }

    @Test
    void ofEqualsTheOneDrawnFirstWins() {
        List<Destination> list = Destinations.of(1, 3);
        drawn.update(list);
        willDraw(0, 4, 5);
        assertThat(drawn.pick(FLOW)).isSameAs(list.get(0));
        willDraw(4, 0, 5);
        assertThat(drawn.pick(FLOW)).isSameAs(list.get(1));
    }

    @Test
    void tooManyTicketsForATableAreSearched() {
        List<Destination> list = Destinations.of(40_000, 1, 60_000);
        drawn.update(list);
        int[][] owners = {{0, 0}, {40_000, 0}, {40_001, 1}, {40_002, 2}, {100_001, 2}};
        for (int[] owner : owners) {
            willDraw(owner[0], owner[0], 100_002);
            assertThat(drawn.pick(FLOW)).as("ticket %d", owner[0]).isSameAs(list.get(owner[1]));
        }
    }

    @Test
    void whenNobodyCanBeUsedThereIsNoServer() {
        TwoRandomChoices scheduler = new TwoRandomChoices();
        assertThat(scheduler.pick(FLOW)).isNull();
        assertThat(scheduler.explain(FLOW)).contains(new Scheduler.Choice(null, "no server can be used"));
        List<Destination> list = Destinations.of(1, 0);
        list.get(0).configure(Destinations.limited(1), 1, true);
        list.get(0).bind();
        scheduler.update(list);
        assertThat(scheduler.pick(FLOW)).isNull();
    }

    /** Who is chosen how often is what two independent draws among those that can be used come to. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16_000})
    void theOddsAreTheKernels(int factor) {
        int[] weights = {3 * factor, factor, 0, 2 * factor, 4 * factor, factor};
        List<Destination> list =
                Destinations.of(weights[0], weights[1], weights[2], weights[3], weights[4], weights[5]);
        for (int full : new int[] {0, 4}) {
            list.get(full).configure(Destinations.limited(1), weights[full], true);
            list.get(full).bind();
        }
        list.get(3).bind(); // so that it wins against nobody but itself
        TwoRandomChoices scheduler = new TwoRandomChoices(new SplittableRandom(42)::nextLong);
        scheduler.update(list);
        Map<Destination, Integer> counts = new HashMap<>();
        for (int i = 0; i < PICKS; i++) {
            counts.merge(scheduler.pick(FLOW), 1, Integer::sum);
        }
        double tickets = 4 * factor + 1; // of 1, 3 and 5; ticket 0 is for 1
        double third = 2 * factor / tickets;
        double[] odds = {0, (factor + 1) / tickets, 0, third, 0, factor / tickets};
        assertThat(counts).containsOnlyKeys(list.get(1), list.get(3), list.get(5));
        for (int i : new int[] {1, 5}) {
            double wins = odds[i] + third * odds[i]; // whenever drawn first, or second after the loaded one
            assertThat((double) counts.get(list.get(i)) / PICKS).isCloseTo(wins, within(0.004)); // 5 sigma
        }
        assertThat((double) counts.get(list.get(3)) / PICKS).isCloseTo(third * third, within(0.004));
    }

    @Test
    void namesWhomNobodyBeats() {
        List<Destination> list = Destinations.of(2, 3, 1);
        list.get(0).bind();
        drawn.update(list);
        assertThat(drawn.explain(FLOW))
                .contains(new Scheduler.Choice(
                        list.get(1),
                        "two of 7 tickets are drawn at random; it has 3 of them, and no other server has less load for its"
                                + " weight"));
    }
}
