package io.lvs4j.scheduler;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code wrr}: destinations take turns, and a heavier one gets more of them. Follows {@code ip_vs_wrr.c}: not smooth, the
 * heavy ones are served first and together.
 *
 * <p>The rule: the list is walked in passes. A pass has a level, and in it every destination whose weight reaches the level is
 * chosen once, in list order. With {@code step} = greatest common divisor of the weights, the level falls by {@code step}
 * from pass to pass and starts again at {@code top}:
 * <pre>
 *   top = greatest weight - (step - 1)        levels: top, top - step, ..., 1
 *
 *   list C=3 B=2 A=1:   level 3: C     level 2: C B     level 1: C B A     and again: C, C B, C B A
 * </pre>
 *
 * <p>Every change of the list, even of a weight to itself, starts the current pass anew. The level is kept if it still
 * exists: it becomes {@code top} if it is above that (or if there was none), and is rounded to the new step otherwise. So a
 * service that is filled server by server begins in its last pass ({@code C B A} above), and one that finds its servers there
 * begins at the top.
 *
 * <p>Weight 0 is never chosen. An overloaded destination is passed over, and so is every pass that has nobody else to offer.
 * When nobody can be used, the turn goes back to the start of the top pass, except from within the last pass, which stays
 * where it is. The kernel walks empty passes one by one; here they are skipped in one step, with the same outcome. One pick
 * looks at each destination at most twice.
 *
 * <p>Concurrency: the list with its weights is an immutable snapshot; the turn (position and level in one word) moves by
 * compare-and-set.
 */
final class WeightedRoundRobin implements Scheduler {
    private static final int BEFORE_HEAD = -1;
    private static final long NOBODY = Long.MIN_VALUE;

    private volatile Turns turns = new Turns(List.of(), 0);

    @Override
    public @Nullable Destination pick(Flow flow) {
        Turns current = turns;
        while (true) {
            long turn = current.turn.get();
            long next = current.next(turn, flow);
            if (current.turn.compareAndSet(turn, next == NOBODY ? current.afterNobody(turn) : next)) {
                return next == NOBODY ? null : current.list[position(next)];
            }
        }
    }

    @Override
    public void update(List<Destination> destinations) {
        turns = new Turns(destinations, level(turns.turn.get()));
    }

    private static long turn(int position, int level) {
        return ((long) position << 32) | level;
    }

    private static int position(long turn) {
        return (int) (turn >> 32);
    }

    private static int level(long turn) {
        return (int) turn;
    }

    /** One list with its weights, and whose turn it is. */
    private static final class Turns {
        final Destination[] list;
        final int[] weights;
        final int step;
        final int top;
        final AtomicLong turn;

        Turns(List<Destination> destinations, int level) {
            list = destinations.toArray(Destination[]::new);
            weights = new int[list.length];
            int divisor = 0;
            int greatest = 0;
            for (int i = 0; i < list.length; i++) {
                weights[i] = list[i].weight();
                divisor = greatestCommonDivisor(divisor, weights[i]);
                greatest = Math.max(greatest, weights[i]);
            }
            step = Math.max(divisor, 1);
            top = greatest - (step - 1);
            turn = new AtomicLong(turn(BEFORE_HEAD, kept(level)));
        }

        private int kept(int level) {
            return level == 0 || level > top ? top : level / step * step + (step > 1 ? 1 : 0);
        }

        private static int greatestCommonDivisor(int a, int b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }

        /** Returns the turn after {@code turn}: the position is that of the chosen one. */
        long next(long turn, Flow flow) {
            int level = level(turn);
            for (int i = position(turn) + 1; i < list.length; i++) {
                if (weights[i] >= level && flow.canUse(list[i])) {
                    return turn(i, level);
                }
            }
            int nextLevel = level - step > 0 ? level - step : top;
            int heaviest = BEFORE_HEAD; // the first of the heaviest, should nobody reach the level
            int weight = 0;
            for (int i = 0; i < list.length; i++) {
                if (weights[i] > weight && flow.canUse(list[i])) {
                    heaviest = i;
                    weight = weights[i];
                    if (weight >= nextLevel) {
                        return turn(i, nextLevel);
                    }
                }
            }
            return heaviest == BEFORE_HEAD ? NOBODY : turn(heaviest, weight - (step - 1));
        }

        long afterNobody(long turn) {
            boolean withinLastPass = position(turn) != BEFORE_HEAD && level(turn) <= step;
            return withinLastPass ? turn : turn(BEFORE_HEAD, top);
        }
    }
}
