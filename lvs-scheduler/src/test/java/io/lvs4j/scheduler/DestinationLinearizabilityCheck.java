package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Counts are never lost, and active and inactive ones are seen as they are at one moment: linearizable with plain numbers for a
 * specification.
 *
 * <p>The overload flag is not, and need not be: a connection is counted first and the destination marked second, so somebody may
 * see the one without the other. At rest, it must agree with counts and thresholds. That leaves a choice in between, where the
 * kernel's rule goes by what was there before.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "upper", gen = IntGen.class, conf = "0:3")
@Param(name = "lower", gen = IntGen.class, conf = "0:2")
@Param(name = "serves", gen = BooleanGen.class)
public class DestinationLinearizabilityCheck {
    private static final int UPPER = 1;
    private static final RealServer[][] SERVERS = servers();

    private final Destination destination = Destination.of(server(UPPER, 0));
    private final CarriedConnections connections = new CarriedConnections();
    private int upper = UPPER;
    private int lower;

    private static RealServer server(int upper, int lower) {
        return SERVERS[upper][lower];
    }

    private static RealServer[][] servers() {
        RealServer[][] servers = new RealServer[4][3];
        for (int upper = 0; upper < servers.length; upper++) {
            for (int lower = 0; lower <= Math.min(upper, 2); lower++) {
                servers[upper][lower] = RealServer.builder("10.9.0.1", 8000)
                        .upperThreshold(upper)
                        .lowerThreshold(lower)
                        .build();
            }
        }
        return servers;
    }

    @Operation
    public void bind(@Param(name = "thread") int thread) {
        connections.bind(thread, destination);
    }

    @Operation
    public void establish(@Param(name = "thread") int thread) {
        connections.establish(thread);
    }

    @Operation
    public void beginClose(@Param(name = "thread") int thread) {
        connections.beginClose(thread);
    }

    @Operation
    public void unbind(@Param(name = "thread") int thread) {
        connections.close(thread);
    }

    @Operation
    public String counts() {
        long counts = destination.counts();
        return Counts.active(counts) + "/" + Counts.inactive(counts);
    }

    @Operation(nonParallelGroup = "engine")
    public void serve(@Param(name = "serves") boolean serves) {
        destination.configure(server(upper, lower), 1, serves);
    }

    @Operation(nonParallelGroup = "engine")
    public void limit(@Param(name = "upper") int newUpper, @Param(name = "lower") int newLower) {
        upper = newUpper;
        lower = Math.min(newLower, newUpper);
        destination.configure(server(upper, lower), 1, true);
    }

    @Validate
    public void flagsAndConnectionsAgreeWithTheCounts() {
        long total = Counts.total(destination.counts());
        if (total != connections.all().size()) {
            throw new AssertionError(destination + " has " + connections.all().size() + " connections");
        }
        boolean full = upper != 0 && total >= upper;
        boolean freed = upper == 0 || (lower != 0 ? total < lower : 4 * total < 3L * upper);
        if (destination.overloaded() ? freed : full) {
            throw new AssertionError(destination + " overloaded " + destination.overloaded() + " with thresholds "
                    + upper + " and " + lower);
        }
        if (destination.available() != Counts.available(destination.counts())) {
            throw new AssertionError(destination + " available " + destination.available());
        }
    }

    @Test
    void noCountIsLost() {
        Interleavings.race(
                Numbers.class,
                Scenario.of(DestinationLinearizabilityCheck.class)
                        .thread("bind", 0)
                        .thread("bind", 1),
                connected().thread("establish", 0).thread("bind", 1),
                connected().first("establish", 0).thread("beginClose", 0).thread("counts"),
                connected()
                        .first("bind", 1)
                        .thread("unbind", 0)
                        .thread("establish", 1)
                        .then("unbind", 1));
    }

    @Test
    void theLastOneToMarkOrUnmarkLeavesWhatIsTrue() {
        Interleavings.race(
                connected().thread("unbind", 0).thread("bind", 1),
                connected().thread("unbind", 0).thread("serve", false),
                Scenario.of(DestinationLinearizabilityCheck.class)
                        .thread("bind", 0)
                        .thread("serve", false));
    }

    @Test
    void aConnectionAndANewThresholdSeeEachOther() {
        Interleavings.race(
                connected().first("limit", 0, 0).thread("bind", 1).thread("limit", 2, 1),
                connected().first("limit", 2, 0).thread("bind", 1).thread("limit", 3, 0),
                connected()
                        .first("limit", 2, 0)
                        .first("bind", 1)
                        .thread("unbind", 0)
                        .thread("limit", 1, 0));
    }

    private static Scenario connected() {
        return Scenario.of(DestinationLinearizabilityCheck.class).first("bind", 0);
    }

    @Test
    void anyInterleavingCountsRight() {
        Interleavings.explore(DestinationLinearizabilityCheck.class, Numbers.class);
    }

    @Test
    void threadsAtFullSpeedCountRight() {
        Interleavings.stress(DestinationLinearizabilityCheck.class, Numbers.class);
    }

    /** The specification. */
    public static final class Numbers {
        private final List<Deque<Character>> phases = new ArrayList<>();
        private int active;
        private int inactive;

        public Numbers() {
            for (int thread = 0; thread < 8; thread++) {
                phases.add(new ArrayDeque<>());
            }
        }

        public void bind(int thread) {
            phases.get(thread).push('o');
            inactive++;
        }

        public void establish(int thread) {
            if (change(thread, 'o', 'e')) {
                inactive--;
                active++;
            }
        }

        public void beginClose(int thread) {
            if (change(thread, 'e', 'c')) {
                inactive++;
                active--;
            }
        }

        private boolean change(int thread, char from, char to) {
            Deque<Character> own = phases.get(thread);
            boolean changes = !own.isEmpty() && own.peek() == from;
            if (changes) {
                own.pop();
                own.push(to);
            }
            return changes;
        }

        public void unbind(int thread) {
            Deque<Character> own = phases.get(thread);
            if (!own.isEmpty()) {
                if (own.pop() == 'e') {
                    active--;
                } else {
                    inactive--;
                }
            }
        }

        public String counts() {
            return active + "/" + inactive;
        }

        public void serve(boolean serves) {}

        public void limit(int upper, int lower) {}
    }
}
