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
    void theWinnerGoesByTheLastCounts() {
        Interleavings.race(
                contest().thread("bind", 0, 0).thread("bind", 1, 0),
                contest().first("bind", 0, 0).thread("unbind", 0).thread("bind", 1, 0),
                contest().first("bind", 0, 0).thread("establish", 0).thread("bind", 1, 1));
    }

    @Test
    void aNewTreeMissesNoChange() {
        Interleavings.race(
                contest().first("bind", 0, 0).thread("rebuild").thread("bind", 1, 0),
                contest().thread("serve", 0, false).thread("bind", 1, 0));
    }

    /** The first server wins, until it has two connections. */
    private static Scenario contest() {
        return Scenario.of(OfWinnerTree.class).first("bind", 2, 1).first("bind", 2, 2);
    }

    @Test
    void anyInterleavingLeavesTheWinnerRight() {
        Interleavings.explore(OfWinnerTree.class);
    }

    @Test
    void theLastOneToSetABitLeavesWhatIsTrue() {
        Interleavings.race(
                established().thread("establish", 1).thread("beginClose", 0),
                established().first("establish", 1).thread("beginClose", 0).thread("beginClose", 1),
                established().thread("establish", 1).thread("watch"));
    }

    /** One connection more is too many. */
    private static Scenario established() {
        return Scenario.of(OfCountBit.class).first("bind", 0).first("bind", 1).first("establish", 0);
    }

    @Test
    void aNewRankingMissesNoChange() {
        Interleavings.race(
                Scenario.of(OfRanking.class)
                        .first("bind", 0, 0)
                        .thread("bind", 1, 0)
                        .thread("rebuild"),
                Scenario.of(OfRanking.class)
                        .first("bind", 0, 1)
                        .first("bind", 1, 1)
                        .thread("unbind", 0)
                        .thread("serve", 1, true));
    }

    @Test
    void threadsAtFullSpeedLeaveTheWinnerRight() {
        Interleavings.stress(OfWinnerTree.class);
    }

    @Test
    void anyInterleavingLeavesTheRankingRight() {
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
        private static final List<RealServer> SERVERS = List.of(server(0), server(1), server(2));

        final List<Destination> list = Destination.of(SERVERS);
        private final CarriedConnections connections = new CarriedConnections();

        private static RealServer server(int number) {
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
            list.get(server).configure(SERVERS.get(server), list.get(server).weight(), serves);
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

    /** The rule of {@link CountBit}: at most one active connection. */
    public static class OfCountBit {
        private static final RealServer SERVER =
                RealServer.builder("10.9.0.1", 8000).build();

        private final Destination destination = Destination.of(SERVER);
        private final CarriedConnections connections = new CarriedConnections();
        private final long[] words = CountBit.words(1);
        private final CountBit bit = new Bit();
        private volatile int limit = 1;

        public OfCountBit() {
            bit.watch();
        }

        /** Its limit is volatile: where it is read Lincheck can stop a thread, as it cannot where a bit is set. */
        private final class Bit extends CountBit {
            Bit() {
                super(destination, words, 0);
            }

            @Override
            boolean holds(long counts) {
                return Counts.active(counts) <= limit;
            }
        }

        @Operation
        public void bind(int thread) {
            connections.bind(thread, destination);
        }

        @Operation
        public void establish(int thread) {
            connections.establish(thread);
        }

        @Operation
        public void beginClose(int thread) {
            connections.beginClose(thread);
        }

        @Operation
        public void watch() {
            bit.watch();
        }

        @Validate
        public void theBitSaysWhatTheCountsSay() {
            boolean set = CountBit.word(words, 0) != 0;
            if (set != bit.holds(destination.counts())) {
                throw new AssertionError(destination + " bit " + set);
            }
        }
    }
}
