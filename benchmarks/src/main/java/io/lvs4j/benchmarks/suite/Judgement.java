package io.lvs4j.benchmarks.suite;

import io.lvs4j.benchmarks.suite.Results.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A gate and what became of it.
 *
 * @param gate the gate
 * @param verdict what became of it
 * @param row what was measured
 * @param reference what it is held against; empty for a gate in units
 * @param ratio row to reference, or the row itself for a gate in units; NaN if something was not measured
 */
record Judgement(Gate gate, Verdict verdict, Optional<Reading> row, Optional<Reading> reference, double ratio) {

    /** What may become of a gate. */
    enum Verdict {
        PASS("pass"),
        MISS("miss"),
        DISTURBED("disturbed"),
        NOT_JUDGED("not judged"),
        NOT_MEASURED("not measured");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Judgement of(Gate gate, Results results) {
        Optional<Reading> row = results.read(gate.row());
        Optional<Reading> reference = gate.absolute() ? Optional.empty() : results.read(gate.reference());
        if (row.isEmpty() || (reference.isEmpty() && !gate.absolute())) {
            return new Judgement(gate, Verdict.NOT_MEASURED, row, reference, Double.NaN);
        }
        double ratio = row.get().value().amount()
                / reference.map(reading -> reading.value().amount()).orElse(1.0);
        return new Judgement(gate, verdict(gate, results, row.get(), reference, ratio), row, reference, ratio);
    }

    private static Verdict verdict(Gate gate, Results results, Reading row, Optional<Reading> reference, double ratio) {
        if (!results.judged(gate.row().threads())) {
            return Verdict.NOT_JUDGED;
        }
        // Bytes of heap do not depend on who else uses the cores.
        boolean time = !"B".equals(gate.reference().row());
        if (time && (row.disturbed() || reference.map(Reading::disturbed).orElse(false))) {
            return Verdict.DISTURBED;
        }
        return ratio <= gate.limit() ? Verdict.PASS : Verdict.MISS;
    }

    /** {@return the schedulers' rows that allocate, which none may} */
    static List<Key> allocating(Results results, List<String> schedulers) {
        List<Key> allocating = new ArrayList<>();
        for (Key key : choices(results, schedulers)) {
            if (results.read(key).orElseThrow().value().allocates()) {
                allocating.add(key);
            }
        }
        return allocating;
    }

    /** {@return the schedulers' rows that are choices or connections, not changes} */
    static List<Key> choices(Results results, List<String> schedulers) {
        Set<String> known = Set.copyOf(schedulers);
        Set<String> questions = Set.of("pick", "skewed", "open-close", "open-close-same", "quiesced", "overloaded");
        return results.keys().stream()
                .filter(key -> {
                    String[] parts = key.row().split("\\.", 2);
                    return parts.length == 2 && known.contains(parts[0]) && questions.contains(parts[1]);
                })
                .toList();
    }
}
