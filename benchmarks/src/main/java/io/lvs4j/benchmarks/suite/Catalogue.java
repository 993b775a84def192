package io.lvs4j.benchmarks.suite;

import io.lvs4j.benchmarks.suite.Group.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All rows there are, for the schedulers that there are, in the order in which they are measured. */
final class Catalogue {
    static final List<Integer> SIZES = List.of(3, 16, 100, 1000);
    static final String MAGLEV_ENTRIES = "4093"; // mh's default table

    private static final List<String> TURNS = List.of("rr", "wrr");
    static final List<String> COUNTING = List.of("lc", "wlc", "sed", "nq", "twos", "ovf");
    private static final List<String> BY_FLOW = List.of("sh", "dh", "mh", "lblc", "lblcr");

    private final List<String> schedulers;
    private final int threads;

    /**
     * Creates a catalogue.
     *
     * @param schedulers the names of the schedulers that exist
     * @param threads how many threads share what is measured
     */
    Catalogue(List<String> schedulers, int threads) {
        this.schedulers = schedulers;
        this.threads = threads;
    }

    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        groups.add(turns());
        for (int n : SIZES) {
            groups.add(counting(n));
        }
        groups.add(hashing());
        groups.add(locality());
        groups.add(otherPicks());
        groups.add(otherConnections());
        groups.add(nobody());
        groups.add(tables());
        if (threads == 1) {
            groups.add(size());
            groups.add(changes());
        }
        return groups;
    }

    Task canary() {
        return task("canary", 0, "Floors.canary", Map.of());
    }

    private Task floor(String name) {
        return task(name, 0, "Floors." + name.toLowerCase(java.util.Locale.ROOT), Map.of());
    }

    private Task f2(int n) {
        return task("F2", n, "Floors.f2", Map.of());
    }

    private Group turns() {
        List<Task> tasks = new ArrayList<>();
        for (int n : SIZES) {
            for (String scheduler : existing(TURNS)) {
                tasks.add(pick(scheduler, n));
            }
            tasks.add(task("grpc.round_robin", n, "GrpcBenchmark.roundRobin", Map.of()));
            tasks.add(armeria("roundRobin", n));
            tasks.add(armeria("weightedRoundRobin", n));
            tasks.add(task("grpc.static_stride", n, "GrpcBenchmark.staticStride", Map.of()));
        }
        for (String scheduler : existing(List.of("wrr"))) {
            Map<String, String> params = Map.of("scheduler", scheduler, "weights", "skewed");
            tasks.add(task(scheduler + ".skewed", 1000, "PickBenchmark.pick", params));
        }
        return new Group("Taking turns", List.of(floor("F1")), tasks, Pace.NORMAL);
    }

    private Group counting(int n) {
        List<Task> tasks = new ArrayList<>();
        for (String scheduler : existing(COUNTING)) {
            tasks.add(openClose(scheduler, n));
        }
        tasks.add(task("scan.open-close", n, "ScanBenchmark.openClose", Map.of()));
        tasks.add(task("count-only", n, "OpenCloseBenchmark.countOnly", Map.of("scheduler", "rr")));
        for (String scheduler : existing(List.of("twos"))) {
            Map<String, String> params = Map.of("scheduler", scheduler);
            tasks.add(task(scheduler + ".open-close-same", n, "OpenCloseBenchmark.openCloseSame", params));
        }
        tasks.add(task("grpc.least_request", n, "GrpcBenchmark.leastRequest", Map.of()));
        return new Group("Counting connections", List.of(f2(n)), tasks, Pace.NORMAL);
    }

    private Group hashing() {
        List<Task> tasks = new ArrayList<>();
        for (int n : SIZES) {
            for (String scheduler : existing(List.of("fo", "sh", "dh", "mh"))) {
                tasks.add(pick(scheduler, n));
            }
            tasks.add(armeria("sticky", n));
            tasks.add(task("grpc.ring_hash", n, "GrpcBenchmark.ringHash", Map.of()));
        }
        return new Group("Hashing, and the fixed choice", List.of(floor("F0")), tasks, Pace.NORMAL);
    }

    private Group locality() {
        List<Task> tasks = new ArrayList<>();
        for (int n : SIZES) {
            for (String scheduler : existing(List.of("lblc", "lblcr"))) {
                tasks.add(pick(scheduler, n));
            }
        }
        tasks.add(task("map.find", 0, "LocalityBenchmark.concurrentHashMap", Map.of()));
        tasks.add(task("caffeine.find", 0, "LocalityBenchmark.caffeine", Map.of()));
        return new Group("Locality", List.of(floor("F0")), tasks, Pace.NORMAL);
    }

    /** Choices of schedulers whose gates are about more than the choice. */
    private Group otherPicks() {
        List<Task> tasks = new ArrayList<>();
        for (int n : SIZES) {
            for (String scheduler : existing(COUNTING)) {
                tasks.add(pick(scheduler, n));
            }
        }
        return new Group("The choice alone", List.of(floor("F1")), tasks, Pace.NORMAL);
    }

    /** Connections of schedulers whose gates are about the choice alone. */
    private Group otherConnections() {
        List<Task> tasks = new ArrayList<>();
        for (int n : SIZES) {
            for (String scheduler : schedulers) {
                if (!COUNTING.contains(scheduler)) {
                    tasks.add(openClose(scheduler, n));
                }
            }
        }
        return new Group("Connections of the other schedulers", List.of(f2(16)), tasks, Pace.NORMAL);
    }

    private Group nobody() {
        List<Task> tasks = new ArrayList<>();
        for (int n : List.of(16, 1000)) {
            for (String reason : List.of("quiesced", "overloaded")) {
                for (String scheduler : schedulers) {
                    Map<String, String> params = Map.of("scheduler", scheduler, "reason", reason);
                    tasks.add(task(scheduler + "." + reason, n, "NobodyBenchmark.pick", params));
                }
            }
        }
        return new Group("Nobody available", List.of(), tasks, Pace.BRISK);
    }

    private Group tables() {
        List<Task> tasks = new ArrayList<>();
        tasks.add(task("memory.load", 0, "ChaseBenchmark.load", Map.of()));
        for (String question : List.of("hit", "hot", "miss", "flood")) {
            tasks.add(table("persistence", "lvs4j", question));
            tasks.add(table("caffeine-expiry", "caffeine-expiry", question));
            tasks.add(table("caffeine-access", "caffeine-access", question));
            tasks.add(table("map", "concurrent-hash-map", question));
        }
        tasks.add(table("persistence", "lvs4j", "connection"));
        return new Group("Tables of 1M clients", List.of(floor("F1")), tasks, Pace.LONG);
    }

    private Group size() {
        List<Task> tasks = new ArrayList<>();
        for (Map.Entry<String, String> table : List.of(
                Map.entry("persistence", "lvs4j"),
                Map.entry("caffeine-expiry", "caffeine-expiry"),
                Map.entry("caffeine-access", "caffeine-access"),
                Map.entry("map", "concurrent-hash-map"))) {
            Map<String, String> params = Map.of("table", table.getValue());
            tasks.add(task(table.getKey() + ".size", 0, "TableSizeBenchmark.fill", params));
        }
        return new Group("Bytes per entry", List.of(), tasks, Pace.ONCE);
    }

    private Group changes() {
        List<Task> tasks = new ArrayList<>();
        for (String scheduler : schedulers) {
            for (String question : List.of("weight", "rebuild", "configureWeight", "configureAll")) {
                Map<String, String> params = Map.of("scheduler", scheduler);
                tasks.add(task(scheduler + "." + question, 1000, "ChangeBenchmark." + question, params));
            }
        }
        if (schedulers.contains("mh")) {
            Map<String, String> params = Map.of("scheduler", "mh", "n", "1000");
            Key key = new Key("mh.build-entry", 1000, threads);
            tasks.add(new Task(key, "ChangeBenchmark.rebuild", params, Integer.parseInt(MAGLEV_ENTRIES)));
        }
        return new Group("Changes", List.of(), tasks, Pace.NORMAL);
    }

    // ---------------------------------------------------------------- rows

    private List<String> existing(List<String> wanted) {
        return wanted.stream().filter(Set.copyOf(schedulers)::contains).toList();
    }

    private Task pick(String scheduler, int n) {
        String method = BY_FLOW.contains(scheduler) ? "pickForAnyFlow" : "pick";
        return task(scheduler + ".pick", n, "PickBenchmark." + method, Map.of("scheduler", scheduler));
    }

    private Task openClose(String scheduler, int n) {
        String method = BY_FLOW.contains(scheduler) ? "openCloseForAnyFlow" : "openClose";
        return task(scheduler + ".open-close", n, "OpenCloseBenchmark." + method, Map.of("scheduler", scheduler));
    }

    private Task armeria(String strategy, int n) {
        return task("armeria." + strategy, n, "ArmeriaBenchmark.select", Map.of("strategy", strategy));
    }

    private Task table(String row, String table, String question) {
        return task(row + "." + question, 0, "TableBenchmark." + question, Map.of("table", table));
    }

    private Task task(String row, int n, String benchmark, Map<String, String> params) {
        Map<String, String> all = new java.util.TreeMap<>(params);
        if (n > 0) {
            all.put("n", String.valueOf(n));
        }
        return new Task(new Key(row, n, threads), benchmark, all, 1);
    }
}
