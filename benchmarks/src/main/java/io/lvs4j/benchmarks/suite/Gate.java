package io.lvs4j.benchmarks.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a row may cost.
 *
 * @param row the row
 * @param limit how many times the reference, or how many units
 * @param reference another row, or one of {@link #UNITS} with 0 servers
 */
record Gate(Key row, double limit, Key reference) {
    /** What a limit may count besides other rows. */
    static final Set<String> UNITS = Set.of("ns", "B");

    boolean absolute() {
        return UNITS.contains(reference.row());
    }

    /** Whether this key is needed to judge the gate. */
    boolean needs(Key key) {
        return key.equals(row) || key.equals(reference) || key.equals(reference.withoutServers());
    }

    /**
     * Reads a table of gates; {@code gates.txt} says what it looks like.
     *
     * @throws IllegalArgumentException if a line is not understood; the message quotes it
     */
    static List<Gate> parse(List<String> lines) {
        List<Gate> gates = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                parse(line, gates);
            }
        }
        return gates;
    }

    private static void parse(String line, List<Gate> gates) {
        String[] columns = line.trim().split("\\s+");
        if (columns.length != 5) {
            throw new IllegalArgumentException(
                    "gate: " + line + " (expected: row, servers, threads, limit, reference)");
        }
        List<Integer> sizes = sizes(columns[1]);
        String[] limits = columns[3].split("/");
        if (limits.length != 1 && limits.length != sizes.size()) {
            throw new IllegalArgumentException(
                    "gate: " + line + " (expected: one limit, or one per number of servers)");
        }
        int threads = Integer.parseInt(columns[2]);
        String[] reference = columns[4].split("@");
        int referenceThreads = reference.length == 2 ? Integer.parseInt(reference[1]) : threads;
        for (int i = 0; i < sizes.size(); i++) {
            gates.add(new Gate(
                    new Key(columns[0], sizes.get(i), threads),
                    Double.parseDouble(limits[limits.length == 1 ? 0 : i]),
                    new Key(reference[0], sizes.get(i), referenceThreads)));
        }
    }

    private static List<Integer> sizes(String column) {
        return switch (column) {
            case "*" -> Catalogue.SIZES;
            case "-" -> List.of(0);
            default -> List.of(column.split("/")).stream().map(Integer::valueOf).toList();
        };
    }
}
