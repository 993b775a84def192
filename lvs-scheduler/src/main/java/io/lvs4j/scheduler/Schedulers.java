package io.lvs4j.scheduler;

import io.lvs4j.Scheduling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The catalogue of schedulers: one line per algorithm. */
public final class Schedulers {
    private static final Map<String, Supplier<Scheduler>> CATALOGUE = new LinkedHashMap<>();

    static {
        CATALOGUE.put("rr", RoundRobin::new);
        CATALOGUE.put("wrr", WeightedRoundRobin::new);
        CATALOGUE.put("lc", LeastConnection::new);
        CATALOGUE.put("wlc", WeightedLeastConnection::new);
        CATALOGUE.put("sh", SourceHashing::new);
        CATALOGUE.put("dh", DestinationHashing::new);
        CATALOGUE.put("lblc", LocalityBasedLeastConnection::new);
    }

    private Schedulers() {}

    /** {@return the short names of all schedulers} */
    public static List<String> names() {
        return List.copyOf(CATALOGUE.keySet());
    }

    /**
     * {@return a new scheduler, without destinations}
     *
     * @param scheduling which one
     * @throws IllegalArgumentException if this module does not have it; the message lists those that it has
     */
    public static Scheduler create(Scheduling scheduling) {
        Supplier<Scheduler> factory = CATALOGUE.get(scheduling.name());
        if (factory == null) {
            throw new IllegalArgumentException(
                    "scheduler: " + scheduling + " (expected: one of " + String.join(", ", CATALOGUE.keySet()) + ")");
        }
        return factory.get();
    }
}
