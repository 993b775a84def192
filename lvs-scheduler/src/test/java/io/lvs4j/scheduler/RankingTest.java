package io.lvs4j.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final int SERVERS = 70; // more than one word of bits
    private static final int THREADS = 4;
    private static final int ROUNDS = 20;
    private static final int CHANGES = 200;
    private static final int PICKS = 10_000;

    @Test
    void ranksByWeightAndThenByPlaceInTheList() {
        List<Destination> list = Destinations.of(2, 3, 0, 3, 2);
        Ranking ranking = new Ranking(list, false);
        assertThat(IntStream.range(0, ranking.size()).mapToObj(ranking::destination))
                .containsExactly(list.get(1), list.get(3), list.get(0), list.get(4), list.get(2));
        assertThat(ranking.countOpen()).isEqualTo(4);
    }

    /** Threads open and close connections while thresholds change and the list is taken over again and again. */
    @Test
    void atRestEveryBitSaysWhatTheCountsSay() throws Exception {
        List<Destination> list = Destinations.of(
                IntStream.range(0, SERVERS).mapToObj(i -> 1 + i % 3).toList());
        AtomicReference<Ranking> current = new AtomicReference<>(new Ranking(list, true));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<?>> carriers = new ArrayList<>();
                for (int t = 0; t < THREADS; t++) {
                    carriers.add(threads.submit(carrier(current)));
                }
                for (int change = 0; change < CHANGES; change++) {
                    Destination changed = list.get(3 * (change % 10)); // of weight 1
                    changed.configure(Destinations.limited(change % 4), 1, true);
                    current.set(new Ranking(list, true));
                }
                for (Future<?> carrier : carriers) {
                    carrier.get();
                }
                assertBitsAreTrue(current.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Void> carrier(AtomicReference<Ranking> current) {
        return () -> {
            Flow flow = Lab.flow("10.7.0.1", "10.8.0.1");
            ThreadLocalRandom random = ThreadLocalRandom.current();
            List<Destination> connections = new ArrayList<>();
            for (int i = 0; i < PICKS; i++) {
                Destination chosen = current.get().first(flow);
                if (chosen != null && random.nextInt(50) >= connections.size()) {
                    chosen.bind();
                    chosen.establish();
                    connections.add(chosen);
                } else if (!connections.isEmpty()) {
                    connections.remove(random.nextInt(connections.size())).unbindActive();
                }
            }
            for (int i = 0; i < connections.size() / 2; i++) { // the others stay, for the next round
                connections.get(i).unbindActive();
            }
            return null;
        };
    }

    private static void assertBitsAreTrue(Ranking ranking) {
        for (int rank = 0; rank < ranking.size(); rank++) {
            Destination destination = ranking.destination(rank);
            boolean open = destination.available() && destination.active() <= destination.weight();
            assertThat(ranking.isOpen(rank)).as("%s", destination).isEqualTo(open);
        }
    }
}
