package io.lvs4j;

import java.util.List;
import java.util.Objects;

/**
 * Which scheduler chooses the real server of a new connection, by the kernel's short name (keepalived's {@code lb_algo}).
 *
 * @param name one of {@link #names()}
 */
public record Scheduling(String name) {
    private static final List<String> NAMES = List.of("rr", "wrr", "lc", "wlc", "sh", "dh", "lblc");

    /** Refuses a name that is not known, with the list of those that are. */
    public Scheduling {
        Objects.requireNonNull(name, "scheduler");
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "scheduler: " + name + " (expected: one of " + String.join(", ", NAMES) + ")");
        }
    }

    /**
     * {@return the scheduling with this scheduler}
     *
     * @param name one of {@link #names()}
     * @throws IllegalArgumentException if the name is unknown; the message lists those that are known
     */
    public static Scheduling of(String name) {
        return new Scheduling(name);
    }

    /** {@return the names of all schedulers, in the order in which the guides list them} */
    public static List<String> names() {
        return NAMES;
    }

    @Override
    public String toString() {
        return name;
    }
}
