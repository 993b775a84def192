package io.lvs4j.testkit;

import io.lvs4j.scheduler.Destination;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.Scheduler;
import io.lvs4j.scheduler.SchedulerFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scheduler of an embedder's own: the first that can be used. */
final class FirstAvailable implements SchedulerFactory {
    @Override
    public String name() {
        return "first-available";
    }

    @Override
    public Scheduler create() {
        return new Scheduler() {
            private volatile Destination[] list = {};

            @Override
            public @Nullable Destination pick(Flow flow) {
                for (Destination candidate : list) {
                    if (flow.canUse(candidate)) {
                        return candidate;
                    }
                }
                return null;
            }

            @Override
            public void update(List<Destination> destinations) {
                list = destinations.toArray(Destination[]::new);
            }
        };
    }
}
