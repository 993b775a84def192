package io.lvs4j.scheduler;

import io.lvs4j.scheduler.Scheduler.Choice;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The turns of {@code wrr} for one list with its weights, and whose turn it is.
 *
 * <p>The rule of {@link WeightedRoundRobin} in units of the step: a destination has weight/step shares, and with the greatest
 * number of shares {@code top} the passes are {@code top, top - 1, ..., 1}; in pass {@code p} everybody with {@code p} or more
 * shares has a turn. Neighbouring passes with the same participants form a group:
 * <pre>
 *   list D=1 C=3 B=3 A=1:   passes 3 and 2: C B        pass 1: D C B A
 *   the cycle, 8 turns:     C B  C B                   D C B A
 * </pre>
 *
 * <p>Where a cycle has up to {@value #LONGEST_CYCLE} turns, it is written down, and a pick is one ticket and one look. Where it
 * would be longer (many servers with weights of five digits and no common divisor) each pick walks the list.
 *
 * <p>A turn is a place in the list and a pass in one {@code long}. A place of -1 means: about to begin that pass.
 */
final class WeightedTurns extends Ticket {
    private static final int LONGEST_CYCLE = 1 << 20;
    private static final int BEFORE_HEAD = -1;
    private static final long NOBODY = Long.MIN_VALUE;

    private final Destination[] list;
    private final int[] shares;
    private final int step;
    private final int top;
    private final Group[] groups; // from the top pass down
    private final Destination[] cycle; // turn by turn; empty if it would be too long
    private volatile long fresh; // the ticket with which a pass begins although none has ended
    private final AtomicLong walk; // the turn taken last, where there is no cycle

    /** Passes with the same participants: the first of them, who takes part, and the number of the first turn. */
    private static final class Group {
        final int firstPass;
        final int[] participants;
        final long firstTurn;

        Group(int firstPass, int[] participants, long firstTurn) {
            this.firstPass = firstPass;
            this.participants = participants;
            this.firstTurn = firstTurn;
        }
    }

    /**
     * Writes down the turns of a list.
     *
     * @param level that of the pass to begin with, see {@link #keptLevel}
     */
    static WeightedTurns of(List<Destination> destinations, int level) {
        Destination[] list = destinations.toArray(Destination[]::new);
        int[] shares = new int[list.length];
        int step = step(destinations);
        long turns = 0;
        for (int i = 0; i < list.length; i++) {
            shares[i] = list[i].weight() / step;
            turns += shares[i];
        }
        return new WeightedTurns(list, shares, step, turns <= LONGEST_CYCLE ? (int) turns : 0, level);
    }

    private WeightedTurns(Destination[] list, int[] shares, int step, int turns, int level) {
        super(Math.max(turns, 1), 0);
        this.list = list;
        this.shares = shares;
        this.step = step;
        top = Arrays.stream(shares).max().orElse(0);
        groups = turns > 0 ? groups() : new Group[0];
        cycle = cycle(turns);
        long first = turn(BEFORE_HEAD, (level + step - 1) / step);
        walk = new AtomicLong(first);
        fresh = turns > 0 ? number(first) : 0;
        count = fresh;
    }

    private static int step(List<Destination> destinations) {
        int divisor = 0;
        for (Destination destination : destinations) {
            divisor = greatestCommonDivisor(divisor, destination.weight());
        }
        return Math.max(divisor, 1);
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private Group[] groups() {
        int[] firstPasses = Arrays.stream(shares)
                .filter(share -> share > 0)
                .map(share -> -share)
                .sorted()
                .distinct()
                .map(share -> -share)
                .toArray();
        Group[] made = new Group[firstPasses.length];
        long turn = 0;
        for (int g = 0; g < made.length; g++) {
            made[g] = new Group(firstPasses[g], participants(firstPasses[g]), turn);
            int passes = firstPasses[g] - (g + 1 < made.length ? firstPasses[g + 1] : 0);
            turn += (long) passes * made[g].participants.length;
        }
        return made;
    }

    private int[] participants(int pass) {
        int[] places = new int[list.length];
        int count = 0;
        for (int i = 0; i < list.length; i++) {
            if (shares[i] >= pass) {
                places[count++] = i;
            }
        }
        return Arrays.copyOf(places, count);
    }

    private Destination[] cycle(int turns) {
        Destination[] served = new Destination[turns];
        int turn = 0;
        for (int g = 0; g < groups.length; g++) {
            int end = g + 1 < groups.length ? (int) groups[g + 1].firstTurn : turns;
            while (turn < end) {
                for (int place : groups[g].participants) {
                    served[turn++] = list[place];
                }
            }
        }
        return served;
    }

    // ---------------------------------------------------------------- taking turns

    @Nullable
    Destination take(Flow flow) {
        if (cycle.length == 0) {
            return top == 0 ? null : takeByWalking(flow);
        }
        long taken = take();
        Destination destination = cycle[position(taken)];
        return flow.canUse(destination) ? destination : takeLater(taken, flow);
    }

    private @Nullable Destination takeByWalking(Flow flow) {
        while (true) {
            long before = walk.get();
            long next = next(before, flow);
            if (walk.compareAndSet(before, next == NOBODY ? afterNobody(before) : next)) {
                return next == NOBODY ? null : list[place(next)];
            }
        }
    }

    private @Nullable Destination takeLater(long taken, Flow flow) {
        long before = turnBefore(taken);
        long next = next(before, flow);
        if (next != NOBODY) {
            move(taken + 1, nextWith(number(next), taken) + 1);
            return list[place(next)];
        }
        if (afterNobody(before) == before) {
            move(taken + 1, taken);
        } else {
            long top = nextWith(0, taken);
            fresh = top;
            move(taken + 1, top);
        }
        return null;
    }

    /** The rule: returns the turn after {@code turn}. Looks at each destination at most twice. */
    private long next(long turn, Flow flow) {
        int pass = pass(turn);
        for (int i = place(turn) + 1; i < list.length; i++) {
            if (shares[i] >= pass && flow.canUse(list[i])) {
                return turn(i, pass);
            }
        }
        int nextPass = pass > 1 ? pass - 1 : top;
        int heaviest = BEFORE_HEAD; // the first of the heaviest, should nobody be in that pass
        int most = 0;
        for (int i = 0; i < list.length; i++) {
            if (shares[i] > most && flow.canUse(list[i])) {
                heaviest = i;
                most = shares[i];
                if (most >= nextPass) {
                    return turn(i, nextPass);
                }
            }
        }
        return heaviest == BEFORE_HEAD ? NOBODY : turn(heaviest, most); // empty passes are skipped
    }

    private long afterNobody(long turn) {
        boolean withinLastPass = place(turn) != BEFORE_HEAD && pass(turn) <= 1;
        return withinLastPass ? turn : turn(BEFORE_HEAD, top);
    }

    // ---------------------------------------------------------------- turns and their numbers

    private static long turn(int place, int pass) {
        return ((long) place << 32) | pass;
    }

    private static int place(long turn) {
        return (int) (turn >> 32);
    }

    private static int pass(long turn) {
        return (int) turn;
    }

    /** Returns the turn that was taken before a ticket. */
    private long turnBefore(long taken) {
        if (taken == fresh) {
            return turn(BEFORE_HEAD, passOfTurn(position(taken)));
        }
        int number = position(taken + cycle.length - 1);
        return turn(Arrays.asList(list).indexOf(cycle[number]), passOfTurn(number));
    }

    private int passOfTurn(int number) {
        Group group = groups[0];
        for (int g = 1; g < groups.length && groups[g].firstTurn <= number; g++) {
            group = groups[g];
        }
        return group.firstPass - (int) ((number - group.firstTurn) / group.participants.length);
    }

    /** Returns which turn of the cycle one is; about to begin a pass counts as its first turn. */
    private int number(long turn) {
        int pass = pass(turn);
        Group group = groups[0];
        for (int g = 1; g < groups.length && groups[g].firstPass >= pass; g++) {
            group = groups[g];
        }
        long number = group.firstTurn + (long) (group.firstPass - pass) * group.participants.length;
        for (int i = 0; i < place(turn); i++) {
            if (shares[i] >= pass) {
                number++;
            }
        }
        return (int) number;
    }

    private long lastTurn() {
        return cycle.length == 0 ? walk.get() : turnBefore(upcoming());
    }

    // ---------------------------------------------------------------- changes of the list

    /** Returns the level of the pass that is under way, 0 if there is none. */
    int level() {
        return top == 0 ? 0 : (pass(lastTurn()) - 1) * step + 1;
    }

    /**
     * Returns the level of the pass with which to begin after a change of the list.
     *
     * @param level that of the pass that was under way, 0 if there was none
     */
    static int keptLevel(List<Destination> destinations, int level) {
        int step = step(destinations);
        int greatest = 0;
        for (Destination destination : destinations) {
            greatest = Math.max(greatest, destination.weight());
        }
        int topLevel = greatest - (step - 1);
        return level == 0 || level > topLevel ? topLevel : level / step * step + (step > 1 ? 1 : 0);
    }

    Choice explain(Flow flow) {
        long next = top == 0 ? NOBODY : next(lastTurn(), flow);
        return next == NOBODY
                ? new Choice(null, "nobody is available to take a turn")
                : new Choice(
                        list[place(next)],
                        "its turn in the pass of those with weight " + ((pass(next) - 1) * step + 1) + " or more");
    }
}
