package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import java.util.List;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * When all threads have come to rest, {@link WinnerTree} and {@link Ranking} hold what the counts say, whatever changed
 * meanwhile: connections, the overload flag, whether destinations serve, and the index itself, which a new one replaces.
 *
 * <p>Linearizability would be too much: counts change first and the index hears of it second, so a pick in between goes by what
 * was true a moment ago.
 */
class LoadOrderLinearizabilityCheck {

    @Test
    void everyInterleavingLeavesTheWinnerRight() {
        Interleavings.explore(OfWinnerTree.class);
    }

    @Test
    void threadsAtFullSpeedLeaveTheWinnerRight() {
        Interleavings.stress(OfWinnerTree.class);
    }

    @Test
    void everyInterleavingLeavesTheRankingRight() {
        Interleavings.explore(OfRanking.class);
    }

    @Test
    void threadsAtFullSpeedLeaveTheRankingRight() {
        Interleavings.stress(OfRanking.class);
    }

    /** What happens to destinations. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "server", gen = IntGen.class, conf = "0:2")
    @Param(name = "serves", gen = BooleanGen.class)
    public abstract static class Changes {
        final List<Destination> list = Destination.of(List.of(server(0), server(1), server(2)));
        private final CarriedConnections connections = new CarriedConnections();

        static RealServer server(int number) {
            return RealServer.builder("10.9.0." + (number + 1), 8000)
                    .weight(number == 0 ? 2 : 1)
                    .upperThreshold(2)
                    .build();
        }

        @Operation
        public void bind(@Param(name = "thread") int thread, @Param(name = "server") int server) {
            connections.bind(thread, list.get(server));
        }

        @Operation
        public void establish(@Param(name = "thread") int thread) {
            connections.establish(thread);
        }

        @Operation
        public void unbind(@Param(name = "thread") int thread) {
            connections.close(thread);
        }

        @Operation(nonParallelGroup = "engine")
        public void serve(@Param(name = "server") int server, @Param(name = "serves") boolean serves) {
            list.get(server).configure(server(server), list.get(server).weight(), serves);
        }

        @Operation(nonParallelGroup = "engine")
        public abstract void rebuild();
    }

    public static class OfWinnerTree extends Changes {
        private WinnerTree tree;

        public OfWinnerTree() {
            rebuild();
        }

        @Override
        @Operation(nonParallelGroup = "engine")
        public void rebuild() {
            tree = new WinnerTree(Load.OVERHEAD, list);
            tree.build();
        }

        @Validate
        public void theWinnerHasTheLeastLoad() {
            Destination least = tree.leastByList(null);
            if (least != null && tree.winner() != least) {
                throw new AssertionError(tree.winner() + " won, not " + least);
            }
        }
    }

    public static class OfRanking extends Changes {
        private Ranking ranking;

        public OfRanking() {
            rebuild();
        }

        @Override
        @Operation(nonParallelGroup = "engine")
        public void rebuild() {
            ranking = new Ranking(list, true);
        }

        @Validate
        public void everyBitSaysWhatTheCountsSay() {
            for (int rank = 0; rank < ranking.size(); rank++) {
                Destination destination = ranking.destination(rank);
                boolean open = destination.available() && destination.active() <= destination.weight();
                if (ranking.isOpen(rank) != open) {
                    throw new AssertionError(destination + " open " + ranking.isOpen(rank));
                }
            }
        }
    }
}
