package io.lvs4j;

import java.util.List;
import java.util.stream.Stream;

/**
 * Connections and persistence templates, as many of them as were asked for. They are looked at one after the other while others come
 * and go: each was there at some moment, and what comes or goes meanwhile may be missing.
 *
 * @param entries the connections, in no order
 * @param more how many more there were; 0 = none
 */
public record ConnectionEntries(List<ConnectionEntry> entries, int more) {
    /** How many can be asked for at a time. */
    public static final int MAX = 65_536;

    private static final ConnectionEntries NONE = new ConnectionEntries(List.of(), 0);

    /** Copies the list, and refuses less than none. */
    public ConnectionEntries {
        entries = List.copyOf(entries);
        if (more < 0) {
            throw new IllegalArgumentException("more: " + more + " (expected: 0 or more)");
        }
    }

    /** {@return no connections} */
    public static ConnectionEntries none() {
        return NONE;
    }

    /**
     * {@return these and others, as long as there are not too many; those that are left out are counted}
     *
     * @param others what comes after these
     * @param most how many to keep, 1..{@value #MAX}
     */
    public ConnectionEntries plus(ConnectionEntries others, int most) {
        requireMost(most);
        List<ConnectionEntry> kept = Stream.concat(entries.stream(), others.entries.stream())
                .limit(most)
                .toList();
        long leftOut = (long) entries.size() + others.entries.size() - kept.size();
        return new ConnectionEntries(kept, (int) Math.min(Integer.MAX_VALUE, leftOut + more + others.more));
    }

    static void requireMost(int most) {
        if (most < 1 || most > MAX) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1.." + MAX + ")");
        }
    }
}
