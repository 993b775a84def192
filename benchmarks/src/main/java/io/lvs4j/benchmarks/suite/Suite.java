package io.lvs4j.benchmarks.suite;

import io.lvs4j.benchmarks.suite.Group.Pace;
import io.lvs4j.scheduler.Schedulers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs the suite and writes the page. {@code benchmarks/run} builds and starts it; {@link #USAGE} says how.
 *
 * <p>Order: the canary, a group's floors, its rows with the canary after every {@value #ROWS_PER_CANARY}, its floors again,
 * and so on. So floors are measured beside the rows that are held against them, and again and again; their median counts.
 */
public final class Suite {
    private static final int ROWS_PER_CANARY = 8;
    private static final String USAGE = String.join(
            System.lineSeparator(),
            "usage: benchmarks/run short|full [options]",
            "  short            what the gates need, with one thread; a few minutes",
            "  full             everything, with one thread and with two",
            "  --gate           exit with 1 if a gate is missed or a choice allocates",
            "  --only REGEX     only rows whose name (rr.pick, F2, ...) is found by this, and their floors",
            "  --output FILE    the page; the plot lies beside it. Default: benchmarks/results/RESULTS.md",
            "  --list           say what would be measured, and stop",
            "FILE is relative to the top of the source tree.");

    private final Meter meter;
    private final Results results = new Results();
    private final List<String> failures = new ArrayList<>();
    private int done;
    private int total;

    private Suite(boolean thorough) {
        this.meter = new Meter(thorough);
    }

    /** What the command line asks for. */
    private record Wish(boolean full, boolean gate, boolean list, Pattern only, Path output) {
        static Wish parse(String[] args) {
            if (args.length == 0 || !List.of("short", "full").contains(args[0])) {
                throw new IllegalArgumentException(USAGE);
            }
            Wish wish = new Wish(
                    "full".equals(args[0]),
                    false,
                    false,
                    Pattern.compile(""),
                    Path.of("benchmarks", "results", "RESULTS.md"));
            for (int i = 1; i < args.length; i++) {
                wish = switch (args[i]) {
                    case "--gate" -> new Wish(wish.full, true, wish.list, wish.only, wish.output);
                    case "--list" -> new Wish(wish.full, wish.gate, true, wish.only, wish.output);
                    case "--only" ->
                        new Wish(wish.full, wish.gate, wish.list, Pattern.compile(value(args, ++i)), wish.output);
                    case "--output" -> new Wish(wish.full, wish.gate, wish.list, wish.only, Path.of(value(args, ++i)));
                    default -> throw new IllegalArgumentException(USAGE);
                };
            }
            return wish;
        }

        private static String value(String[] args, int i) {
            if (i == args.length) {
                throw new IllegalArgumentException(USAGE);
            }
            return args[i];
        }
    }

    /** Runs it; the exit code is 0, 1 with {@code --gate} if a gate was missed, or 2 for a wrong argument. */
    public static void main(String[] args) throws IOException {
        if (List.of(args).contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        Wish wish;
        try {
            wish = Wish.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        List<Gate> gates = Gate.parse(gatesTable());
        List<Group> groups = plan(wish, gates);
        if (wish.list) {
            groups.forEach(group -> group.tasks().forEach(task -> System.out.println(task.key())));
            return;
        }
        boolean missed = new Suite(wish.full).run(wish, gates, groups);
        System.exit(wish.gate && missed ? 1 : 0);
    }

    static List<String> gatesTable() {
        try (InputStream in = Objects.requireNonNull(Suite.class.getResourceAsStream("gates.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Group> plan(Wish wish, List<Gate> gates) {
        List<Group> groups = new ArrayList<>(plan(wish.full, 1, gates));
        if (wish.full) {
            groups.addAll(plan(true, 2, gates));
        }
        Predicate<Key> wanted = key -> wish.only.matcher(key.row()).find();
        return groups.stream()
                .map(group -> group.only(wanted))
                .filter(group -> !group.tasks().isEmpty())
                .toList();
    }

    /** The short suite is what gates need, what counting costs without a choice, and nobody available in few servers. */
    static List<Group> plan(boolean full, int threads, List<Gate> gates) {
        Predicate<Key> wanted = key -> full
                || gates.stream().anyMatch(gate -> gate.row().threads() == threads && gate.needs(key))
                || (key.n() == 16
                        && (key.row().endsWith(".quiesced") || key.row().endsWith(".overloaded")));
        return new Catalogue(Schedulers.names(), threads)
                .groups().stream()
                        .map(group -> group.only(wanted))
                        .filter(group -> !group.tasks().isEmpty())
                        .toList();
    }

    // ---------------------------------------------------------------- running

    private boolean run(Wish wish, List<Gate> gates, List<Group> groups) throws IOException {
        long start = System.nanoTime();
        total = groups.stream().mapToInt(Suite::rows).sum();
        for (int threads : List.of(1, 2)) {
            List<Group> ofThreads = groups.stream()
                    .filter(group -> group.tasks().get(0).key().threads() == threads)
                    .toList();
            if (!ofThreads.isEmpty()) {
                run(ofThreads, new Catalogue(List.of(), threads).canary());
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        Map<String, String> about = new LinkedHashMap<>();
        about.put(
                "Suite",
                (wish.full ? "full" : "short") + ", " + LocalDate.now(ZoneOffset.UTC) + ", " + took.toMinutes()
                        + " min " + took.toSecondsPart() + " s");
        about.putAll(Machine.facts());
        Page page = new Page(results, gates, Schedulers.names());
        write(page, about, groups, wish.output);
        System.out.println(page.summary());
        System.out.println("Results: " + wish.output);
        return page.missed();
    }

    private static int rows(Group group) {
        return group.tasks().size() + 2 * group.floors().size();
    }

    private void run(List<Group> groups, Task canary) {
        canary(canary);
        for (Group group : groups) {
            measure(group.floors(), Pace.NORMAL);
            for (int i = 0; i < group.tasks().size(); i += ROWS_PER_CANARY) {
                List<Task> some = group.tasks()
                        .subList(i, Math.min(i + ROWS_PER_CANARY, group.tasks().size()));
                measure(some, group.pace());
                if (i + ROWS_PER_CANARY < group.tasks().size()) {
                    canary(canary);
                }
            }
            measure(group.floors(), Pace.NORMAL);
            canary(canary);
        }
    }

    private void canary(Task canary) {
        try {
            double nanos = meter.measure(canary, Pace.NORMAL).amount();
            results.canary(canary.key().threads(), nanos);
            System.out.printf(Locale.ROOT, "          canary %.2f ns%n", nanos);
        } catch (RunnerException e) {
            throw new IllegalStateException("The canary could not be measured", e);
        }
    }

    private void measure(List<Task> tasks, Pace pace) {
        for (Task task : tasks) {
            done++;
            try {
                Value value = meter.measure(task, pace);
                results.add(task.key(), value);
                System.out.printf(Locale.ROOT, "[%3d/%3d] %-34s %10.2f%n", done, total, task.key(), value.amount());
            } catch (RunnerException e) {
                failures.add("`" + task.key() + "`: " + reason(e));
                System.out.printf(Locale.ROOT, "[%3d/%3d] %-34s %s%n", done, total, task.key(), reason(e));
            }
        }
    }

    /** Returns what was at the bottom of it; JMH hands on what was thrown in the other JVM as suppressed. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null || cause.getSuppressed().length > 0) {
            cause = cause.getCause() != null ? cause.getCause() : cause.getSuppressed()[0];
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
    }

    private void write(Page page, Map<String, String> about, List<Group> groups, Path output) throws IOException {
        Path absolute = output.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        String name = absolute.getFileName().toString().replaceFirst("\\.md$", "") + ".svg";
        Files.writeString(absolute.resolveSibling(name), new Plot(results).render(Schedulers.names()));
        Files.writeString(absolute, page.render(about, groups, Optional.of(name), failures));
    }
}
