package io.lvs4j;

import io.lvs4j.spi.CustomScheduler;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which scheduler chooses the real server of a new connection, by the kernel's short name (keepalived's {@code lb_algo}), and
 * how it is set.
 *
 * <pre>{@code
 * Scheduling.of("wlc")
 * Scheduling.of("sh").withFlags(SchedulerFlag.SH_FALLBACK, SchedulerFlag.SH_PORT)
 * Scheduling.of("mh").withTableSize(65521)
 * Scheduling.of("lblc").withExpiry(Duration.ofHours(1))
 * Scheduling.custom(myFactory)                              // a scheduler of your own
 * }</pre>
 *
 * @param name one of {@link #names()}, or the name of a custom scheduler
 * @param flags the switches that are on, each one of this scheduler's
 * @param tableSize {@code mh}: how many entries the lookup table has, one of {@link #TABLE_SIZES}; empty = 4093, the kernel's
 *     default
 * @param expiry {@code lblc} and {@code lblcr}: how long an address that is not used is remembered (for {@code lblcr} also how
 *     long its server set stays as it is), 1 s..31 d in whole seconds; empty = 24 h, the kernel's default
 * @param custom a scheduler of the embedder's own that was given by value; empty = found by its name
 */
public record Scheduling(
        String name,
        Set<SchedulerFlag> flags,
        OptionalInt tableSize,
        Optional<Duration> expiry,
        Optional<CustomScheduler> custom) {

    /** The table sizes that {@code mh} may have, primes as in the kernel ({@code CONFIG_IP_VS_MH_TAB_INDEX}). */
    public static final List<Integer> TABLE_SIZES =
            List.of(251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071);

    private static final List<String> NAMES =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");
    private static final Set<String> EXPIRING = Set.of("lblc", "lblcr");
    private static final Pattern CUSTOM_NAME = Pattern.compile("[a-z0-9-]{1,15}");

    /** Refuses a name that is not known, with the list of those that are, and settings that the scheduler does not have. */
    public Scheduling {
        Objects.requireNonNull(name, "scheduler");
        Objects.requireNonNull(tableSize, "table size");
        Objects.requireNonNull(expiry, "expiry");
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
        if (custom.isPresent()) {
            requireCustomName(name);
        } else if (!NAMES.contains(name) && !registered().contains(name)) {
            throw new IllegalArgumentException(
                    "scheduler: " + name + " (expected: one of " + String.join(", ", known()) + ")");
        }
        for (SchedulerFlag flag : flags) {
            if (!flag.scheduler().equals(name)) {
                throw new IllegalArgumentException(
                        "scheduler flag: " + flag + " (expected: " + expectedFlags(name) + ")");
            }
        }
        if (tableSize.isPresent()) {
            requireTableSize(name, tableSize.getAsInt());
        }
        if (expiry.isPresent()) {
            requireExpiry(name, expiry.get());
        }
    }

    private static String expectedFlags(String name) {
        String known = EnumSet.allOf(SchedulerFlag.class).stream()
                .filter(flag -> flag.scheduler().equals(name))
                .map(SchedulerFlag::toString)
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "none, " + name + " has no flags" : known + " for " + name;
    }

    private static void requireTableSize(String name, int size) {
        if (!"mh".equals(name)) {
            throw new IllegalArgumentException("table size: " + size + " (expected: none, only mh has a table size)");
        }
        if (!TABLE_SIZES.contains(size)) {
            throw new IllegalArgumentException("table size: " + size + " (expected: one of "
                    + TABLE_SIZES.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")");
        }
    }

    private static void requireExpiry(String name, Duration expiry) {
        if (!EXPIRING.contains(name)) {
            throw new IllegalArgumentException(
                    "expiry: " + expiry + " (expected: none, only lblc and lblcr forget addresses)");
        }
        Persistence.requireWholeSeconds("expiry", expiry);
    }

    private static void requireCustomName(String name) {
        if (NAMES.contains(name) || !CUSTOM_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("custom scheduler: " + name
                    + " (expected: 1..15 of a-z, 0-9 and -, and not a kernel scheduler's name)");
        }
    }

    private static Set<String> registered() {
        Set<String> names = new LinkedHashSet<>();
        for (CustomScheduler scheduler : ServiceLoader.load(CustomScheduler.class)) {
            names.add(scheduler.name());
        }
        return names;
    }

    private static Set<String> known() {
        Set<String> names = new LinkedHashSet<>(NAMES);
        names.addAll(registered());
        return names;
    }

    /**
     * {@return the scheduling with this scheduler and its defaults}
     *
     * @param name one of {@link #names()}, or the name of a custom scheduler that {@link java.util.ServiceLoader} finds
     * @throws IllegalArgumentException if the name is unknown; the message lists those that are known
     */
    public static Scheduling of(String name) {
        return new Scheduling(name, Set.of(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * {@return the scheduling with a scheduler of the embedder's own} Only in-process backends can run it.
     *
     * @param scheduler the scheduler, an {@code io.lvs4j.scheduler.SchedulerFactory}
     * @throws IllegalArgumentException if its name is not allowed
     */
    public static Scheduling custom(CustomScheduler scheduler) {
        return new Scheduling(
                scheduler.name(), Set.of(), OptionalInt.empty(), Optional.empty(), Optional.of(scheduler));
    }

    /** {@return the names of the kernel's schedulers, which are those that every installation has} */
    public static List<String> names() {
        return NAMES;
    }

    /** {@return whether it is one of the kernel's, not one of the embedder's own} */
    public boolean isKernels() {
        return NAMES.contains(name);
    }

    /**
     * {@return a copy with exactly these flags on}
     *
     * @param on flags of this scheduler
     * @throws IllegalArgumentException if one of them is another scheduler's
     */
    public Scheduling withFlags(SchedulerFlag... on) {
        return new Scheduling(name, Set.of(on), tableSize, expiry, custom);
    }

    /**
     * {@return a copy with another table size} The in-process backends take any; the kernel's is fixed when it is compiled.
     *
     * @param size one of {@link #TABLE_SIZES}; at least 100 entries per server keep shares near the weights
     * @throws IllegalArgumentException if it is not, or if the scheduler is not {@code mh}
     */
    public Scheduling withTableSize(int size) {
        return new Scheduling(name, flags, OptionalInt.of(size), expiry, custom);
    }

    /**
     * {@return a copy with another expiry}
     *
     * @param unused how long an unused address is remembered, 1 s..31 d in whole seconds
     * @throws IllegalArgumentException if it is out of range, or if the scheduler is not {@code lblc} or {@code lblcr}
     */
    public Scheduling withExpiry(Duration unused) {
        return new Scheduling(name, flags, tableSize, Optional.of(unused), custom);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        flags.forEach(flag -> text.append(' ').append(flag));
        tableSize.ifPresent(size -> text.append(" table ").append(size));
        expiry.ifPresent(time -> text.append(" expiry ").append(time.toSeconds()));
        return text.toString();
    }
}
