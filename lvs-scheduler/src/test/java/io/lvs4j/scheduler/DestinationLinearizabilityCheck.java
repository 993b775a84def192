package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
public class DestinationLinearizabilityCheck {
    private static final int UPPER = 1;

    private final Destination destination = Destination.of(server(UPPER, 0));
    private final CarriedConnections connections = new CarriedConnections();
    private int upper = UPPER;
    private int lower;

    private static RealServer server(int upper, int lower) {
        return RealServer.builder("10.9.0.1", 8000)
                .upperThreshold(upper)
                .lowerThreshold(lower)
                .build();
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
    public void limit(@Param(name = "upper") int newUpper, @Param(name = "lower") int newLower) {
        upper = newUpper;
        lower = Math.min(newLower, newUpper);
        destination.configure(server(upper, lower), 1, true);
    }

    @Validate
    public void theFlagAgreesWithTheCounts() {
        long total = Counts.total(destination.counts());
        boolean full = upper != 0 && total >= upper;
        boolean freed = upper == 0 || (lower != 0 ? total < lower : 4 * total < 3L * upper);
        if (destination.overloaded() ? freed : full) {
            throw new AssertionError(destination + " overloaded " + destination.overloaded() + " with thresholds "
                    + upper + " and " + lower);
        }
    }

    @Test
    void everyInterleavingCountsRight() {
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

        public void limit(int upper, int lower) {}
    }
}
