package io.lvs4j.scheduler;

import io.lvs4j.Scheduling;
import io.lvs4j.spi.CustomScheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/** The catalogue of schedulers: one line per algorithm. */
public final class Schedulers {
    private static final Map<String, Function<Scheduling, Scheduler>> CATALOGUE = new LinkedHashMap<>();

    static {
        CATALOGUE.put("rr", settings -> new RoundRobin());
        CATALOGUE.put("wrr", settings -> new WeightedRoundRobin());
        CATALOGUE.put("lc", settings -> new LeastConnection());
        CATALOGUE.put("wlc", settings -> new WeightedLeastConnection());
        CATALOGUE.put("lblc", LocalityBasedLeastConnection::new);
        CATALOGUE.put("lblcr", LocalityBasedLeastConnectionWithReplication::new);
        CATALOGUE.put("dh", settings -> new DestinationHashing(settings.flags()));
        CATALOGUE.put("sh", settings -> new SourceHashing(settings.flags()));
        CATALOGUE.put("sed", settings -> new ShortestExpectedDelay());
        CATALOGUE.put("nq", settings -> new NeverQueue());
        CATALOGUE.put("fo", settings -> new Failover());
        CATALOGUE.put("ovf", settings -> new Overflow());
        CATALOGUE.put("mh", MaglevHashing::new);
        CATALOGUE.put("twos", settings -> new TwoRandomChoices());
    }

    private Schedulers() {}

    /** {@return the short names of the schedulers that are here for every service} */
    public static List<String> names() {
        return List.copyOf(CATALOGUE.keySet());
    }

    /**
     * {@return a new scheduler, without destinations}
     *
     * @param scheduling which one and how it is set
     * @throws IllegalArgumentException if it is a custom scheduler that is not a {@link SchedulerFactory}, or is not found
     */
    public static Scheduler create(Scheduling scheduling) {
        Function<Scheduling, Scheduler> maker = CATALOGUE.get(scheduling.name());
        return maker == null ? custom(scheduling).create() : maker.apply(scheduling);
    }

    private static SchedulerFactory custom(Scheduling scheduling) {
        CustomScheduler found = scheduling
                .custom()
                .orElseGet(() -> ServiceLoader.load(CustomScheduler.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.name().equals(scheduling.name()))
                        .findFirst()
                        .orElse(null));
        if (found instanceof SchedulerFactory factory) {
            return factory;
        }
        throw new IllegalArgumentException("scheduler: " + scheduling + " is "
                + (found == null ? "not found" : found.getClass().getName()) + " (expected: a "
                + SchedulerFactory.class.getName() + ")");
    }
}
