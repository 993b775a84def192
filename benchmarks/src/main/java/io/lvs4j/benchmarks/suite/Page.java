package io.lvs4j.benchmarks.suite;

import io.lvs4j.benchmarks.suite.Judgement.Verdict;
import io.lvs4j.benchmarks.suite.Results.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of results, in Markdown. */
final class Page {
    private final Results results;
    private final List<Judgement> judgements;
    private final List<String> schedulers;
    private final StringBuilder text = new StringBuilder();

    /**
     * Creates a page.
     *
     * @param results what was measured
     * @param gates what it is held against
     * @param schedulers the names of the schedulers that exist
     */
    Page(Results results, List<Gate> gates, List<String> schedulers) {
        this.results = results;
        this.judgements =
                gates.stream().map(gate -> Judgement.of(gate, results)).toList();
        this.schedulers = schedulers;
    }

    /** {@return whether a gate that could be judged was missed, or a choice allocates} */
    boolean missed() {
        return count(Verdict.MISS) > 0
                || !Judgement.allocating(results, schedulers).isEmpty();
    }

    /** {@return the gates in one line} */
    String summary() {
        String gates = Stream.of(Verdict.values())
                .filter(verdict -> count(verdict) > 0)
                .map(verdict -> count(verdict) + " " + verdict)
                .collect(Collectors.joining(", "));
        int choices = Judgement.choices(results, schedulers).size();
        int allocating = Judgement.allocating(results, schedulers).size();
        return "Gates: " + (gates.isEmpty() ? "none" : gates) + ". Allocating: " + allocating + " of " + choices
                + " rows of choices and connections.";
    }

    private long count(Verdict verdict) {
        return judgements.stream()
                .filter(judgement -> judgement.verdict() == verdict)
                .count();
    }

    /**
     * {@return the page}
     *
     * @param about facts about the run and the machine, by name
     * @param groups what was measured together; a title may come several times
     * @param plot name of the plot's file beside the page, if there is one
     * @param failures rows that could not be measured, and why
     */
    String render(Map<String, String> about, List<Group> groups, Optional<String> plot, List<String> failures) {
        line("# Benchmark results");
        line("");
        line("Written by `benchmarks/run`; [how to read it](../README.md).");
        line("");
        line(summary());
        line("");
        about.forEach((name, fact) -> line("- " + name + ": " + fact));
        canary();
        plot.ifPresent(file -> {
            line("");
            line("![Time against the number of servers](" + file + ")");
        });
        for (int threads : threads()) {
            gates(threads);
        }
        allocation();
        for (int threads : threads()) {
            rows(groups, threads);
        }
        if (!failures.isEmpty()) {
            heading("Not measured");
            failures.forEach(failure -> line("- " + failure));
        }
        return text.toString();
    }

    private TreeSet<Integer> threads() {
        return results.keys().stream().map(Key::threads).collect(Collectors.toCollection(TreeSet::new));
    }

    private void canary() {
        for (int threads : List.of(1, 2)) {
            if (results.canaries(threads) > 0) {
                line("- Canary, " + threads(threads) + ": best of run " + number(results.bestCanary()) + " ns, median "
                        + number(results.medianCanary(threads)) + " ns, too slow "
                        + results.disturbedCanaries(threads) + " of " + results.canaries(threads) + " times"
                        + (results.judged(threads) ? "" : ": **gates with " + threads(threads) + " are not judged**"));
            }
        }
    }

    private void gates(int threads) {
        List<Judgement> shown = judgements.stream()
                .filter(judgement -> judgement.gate().row().threads() == threads)
                .filter(judgement -> judgement.verdict() != Verdict.NOT_MEASURED)
                .toList();
        if (!shown.isEmpty()) {
            heading("Gates, " + threads(threads));
            line("| row | n | ns/op | B/op | reference | ns/op | ratio | gate | |");
            line("|---|---:|---:|---:|---|---:|---:|---:|---|");
            shown.forEach(this::gate);
        }
        String missing = judgements.stream()
                .filter(judgement -> judgement.gate().row().threads() == threads)
                .filter(judgement -> judgement.verdict() == Verdict.NOT_MEASURED)
                .map(judgement -> "`" + judgement.gate().row().row() + "` to "
                        + judgement.gate().reference().row())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            line("");
            line("Gates of which one side was not measured: " + missing + ".");
        }
    }

    private void gate(Judgement judgement) {
        Gate gate = judgement.gate();
        Value row = judgement.row().orElseThrow().value();
        boolean bytes = "B".equals(gate.reference().row());
        String reference = gate.absolute() ? "" : referenceName(gate);
        line("| "
                + String.join(
                        " | ",
                        "`" + gate.row().row() + "`",
                        gate.row().n() == 0 ? "" : String.valueOf(gate.row().n()),
                        bytes ? "" : time(row.amount()),
                        bytes ? "" : bytes(row),
                        reference,
                        judgement
                                .reference()
                                .map(reading -> time(reading.value().amount()))
                                .orElse(""),
                        number(judgement.ratio())
                                + (gate.absolute() ? " " + gate.reference().row() : ""),
                        number(gate.limit())
                                + (gate.absolute() ? " " + gate.reference().row() : ""),
                        judgement.verdict() == Verdict.MISS
                                ? "**miss**"
                                : judgement.verdict().toString())
                + " |");
    }

    private static String referenceName(Gate gate) {
        boolean sameThreads = gate.reference().threads() == gate.row().threads();
        return gate.reference().row()
                + (sameThreads ? "" : ", " + threads(gate.reference().threads()));
    }

    private void allocation() {
        heading("Allocation");
        List<Key> allocating = Judgement.allocating(results, schedulers);
        int choices = Judgement.choices(results, schedulers).size();
        boolean nobody = results.keys().stream().anyMatch(key -> key.row().endsWith(".overloaded"));
        if (allocating.isEmpty()) {
            line("0 B/op in all " + choices + " rows of choices and connections"
                    + (nobody ? ", also where nobody is available." : "."));
        } else {
            line("Rows of choices and connections that allocate, which none may:");
            line("");
            allocating.forEach(key -> line(
                    "- `" + key + "`: " + bytes(results.read(key).orElseThrow().value()) + " B/op"));
        }
    }

    // ---------------------------------------------------------------- all rows

    private void rows(List<Group> groups, int threads) {
        Map<String, List<Group>> byTitle = groups.stream()
                .filter(group ->
                        group.tasks().stream().anyMatch(task -> task.key().threads() == threads))
                .collect(Collectors.groupingBy(Group::title, LinkedHashMap::new, Collectors.toList()));
        byTitle.forEach((title, parts) -> table(title, parts, threads));
    }

    private void table(String title, List<Group> parts, int threads) {
        List<Task> floors =
                parts.stream().flatMap(part -> part.floors().stream()).toList();
        List<Key> keys = Stream.concat(floors.stream(), parts.stream().flatMap(part -> part.tasks().stream()))
                .map(Task::key)
                .filter(key -> results.read(key).isPresent())
                .distinct()
                .toList();
        if (keys.isEmpty()) {
            return;
        }
        TreeSet<Integer> sizes = keys.stream().map(Key::n).collect(Collectors.toCollection(TreeSet::new));
        if (sizes.size() > 1) {
            sizes.remove(0); // what does not depend on n stands in the first column
        }
        String floor = floors.isEmpty() ? "" : floors.get(0).key().row();
        boolean size = parts.get(0).pace() == Group.Pace.ONCE;
        heading(title + ", " + threads(threads));
        line(size ? "Bytes." : "ns/op" + (floor.isEmpty() ? "." : " (ratio to " + floor + ").") + " ~ = disturbed.");
        line("");
        line("| row |"
                + sizes.stream().map(n -> n == 0 ? " |" : " n=" + n + " |").collect(Collectors.joining())
                + (size ? "" : " B/op |"));
        line("|---|" + "---:|".repeat(sizes.size() + (size ? 0 : 1)));
        keys.stream().map(Key::row).distinct().forEach(row -> {
            List<String> cells = new ArrayList<>();
            for (int n : sizes) {
                int shown = n == sizes.first() && keys.contains(new Key(row, 0, threads)) ? 0 : n;
                Key key = new Key(row, shown, threads);
                cells.add(keys.contains(key) ? cell(key, floor, !size) : "");
            }
            if (!size) {
                cells.add(mostBytes(keys, row));
            }
            line("| `" + row + "` | " + String.join(" | ", cells) + " |");
        });
    }

    private String cell(Key key, String floor, boolean timed) {
        Reading reading = results.read(key).orElseThrow();
        String ratio = results.read(new Key(floor, key.n(), key.threads()))
                .map(reference -> " ("
                        + number(reading.value().amount() / reference.value().amount()) + ")")
                .orElse("");
        return (reading.disturbed() && timed ? "~" : "") + time(reading.value().amount()) + ratio;
    }

    private String mostBytes(List<Key> keys, String row) {
        return keys.stream()
                .filter(key -> key.row().equals(row))
                .map(key -> results.read(key).orElseThrow().value())
                .max(java.util.Comparator.comparingDouble(value -> value.allocates() ? value.bytes() : 0))
                .map(Page::bytes)
                .orElse("");
    }

    // ---------------------------------------------------------------- text

    private void heading(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }

    private static String bytes(Value value) {
        return value.allocates() ? number(value.bytes()) : "0";
    }

    /** Nanoseconds, with thousands apart. */
    private static String time(double nanos) {
        return nanos >= 10_000 ? String.format(Locale.ROOT, "%,.0f", nanos).replace(',', ' ') : number(nanos);
    }

    /** Three digits or so. */
    private static String number(double value) {
        double magnitude = Math.abs(value);
        String format = magnitude >= 100 ? "%.0f" : magnitude >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
