package io.lvs4j.examples;

import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.SchedulerFactory;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler of one's own, to be used by name ({@code .scheduler("two-choices")}) because
 * {@code META-INF/services/io.lvs4j.spi.CustomScheduler} lists it, or by value.
 *
 * <p>The rule: of two servers drawn at random the one with fewer connections wins; if neither can be used, the first that can.
 */
public final class TwoChoices implements SchedulerFactory {

    /** For {@link java.util.ServiceLoader}. */
    public TwoChoices() {}

    @Override
    public String name() {
        return "two-choices";
    }

    @Override
    public Scheduler create() {
        return new Chooser();
    }

    private static final class Chooser implements Scheduler {
        private volatile Destination[] list = {}; // the snapshot: replaced as a whole, read once per pick

        @Override
        public void update(List<Destination> destinations) {
            list = destinations.toArray(Destination[]::new);
        }

        @Override
        public @Nullable Destination pick(Flow flow) {
            Destination[] current = list;
            if (current.length == 0) {
                return null;
            }
            ThreadLocalRandom random = ThreadLocalRandom.current();
            Destination one = current[random.nextInt(current.length)];
            Destination other = current[random.nextInt(current.length)];
            Destination better = one.overhead() <= other.overhead() ? one : other;
            Destination worse = better == one ? other : one;
            if (flow.canUse(better)) {
                return better;
            }
            return flow.canUse(worse) ? worse : firstUsable(current, flow);
        }

        private static @Nullable Destination firstUsable(Destination[] list, Flow flow) {
            for (Destination candidate : list) {
                if (flow.canUse(candidate)) {
                    return candidate;
                }
            }
            return null;
        }
    }
}
