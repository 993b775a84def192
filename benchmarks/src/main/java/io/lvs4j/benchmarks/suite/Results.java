package io.lvs4j.benchmarks.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured in one run, and which of it to believe.
 *
 * <p>The canary shares nothing between threads, so that on a quiet machine it always takes as long as at best, with one
 * thread or two. It is measured at the start, at the end and every few rows. A row is disturbed if the canary before or after
 * it took more than {@value #TOLERANCE} times its best. With two threads nothing is judged if the canary with two threads
 * takes that much longer than with one, in the median: then there are no two cores.
 */
final class Results {
    static final double TOLERANCE = 1.35;

    private final List<Canary> canaries = new ArrayList<>();
    private final Map<Key, List<Entry>> entries = new LinkedHashMap<>();

    private record Canary(int threads, double nanos) {}

    /** A value, and the number of canaries before it. */
    private record Entry(Value value, int canaries) {}

    /**
     * A row's outcome: the median where it was measured several times.
     *
     * @param value what was measured
     * @param disturbed whether it is not to be believed
     */
    record Reading(Value value, boolean disturbed) {}

    void canary(int threads, double nanos) {
        canaries.add(new Canary(threads, nanos));
    }

    void add(Key key, Value value) {
        entries.computeIfAbsent(key, k -> new ArrayList<>()).add(new Entry(value, canaries.size()));
    }

    List<Key> keys() {
        return List.copyOf(entries.keySet());
    }

    /** {@return the outcome of a row, which may be one that does not depend on the number of servers} */
    Optional<Reading> read(Key key) {
        List<Entry> found = entries.getOrDefault(key, entries.get(key.withoutServers()));
        if (found == null) {
            return Optional.empty();
        }
        List<Entry> quiet = found.stream().filter(entry -> !disturbed(entry)).toList();
        boolean disturbed = quiet.isEmpty();
        List<Value> values =
                (disturbed ? found : quiet).stream().map(Entry::value).toList();
        Value median = new Value(
                median(values.stream().map(Value::amount).toList()),
                median(values.stream().map(Value::bytes).toList()),
                values.stream().allMatch(Value::allocates));
        return Optional.of(new Reading(median, disturbed));
    }

    private boolean disturbed(Entry entry) {
        return disturbed(entry.canaries - 1) || disturbed(entry.canaries);
    }

    private boolean disturbed(int canary) {
        return canary >= 0 && canary < canaries.size() && canaries.get(canary).nanos > TOLERANCE * bestCanary();
    }

    /** {@return the canary's best time, 0 if there was none} */
    double bestCanary() {
        return canaries.stream().mapToDouble(Canary::nanos).min().orElse(0);
    }

    /** {@return how often the canary was asked with so many threads} */
    long canaries(int threads) {
        return canaries.stream().filter(canary -> canary.threads == threads).count();
    }

    /** {@return how often it took too long} */
    long disturbedCanaries(int threads) {
        return canaries.stream()
                .filter(canary -> canary.threads == threads && canary.nanos > TOLERANCE * bestCanary())
                .count();
    }

    /** {@return the canary's median with so many threads, NaN if there was none} */
    double medianCanary(int threads) {
        return median(canaries.stream()
                .filter(canary -> canary.threads == threads)
                .map(Canary::nanos)
                .toList());
    }

    /** {@return whether so many threads had a core each} */
    boolean judged(int threads) {
        double best = canaries.stream()
                .filter(canary -> canary.threads == 1)
                .mapToDouble(Canary::nanos)
                .min()
                .orElse(0);
        return threads == 1 || medianCanary(threads) <= TOLERANCE * best;
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
