package io.lvs4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The story that {@code lvs pair} tells: two directors, one address. It waits for what happens, never for time to pass. It may be closed by
 * another thread at any time, also while it starts; its lock is held while something is made or removed.
 */
final class Pair implements AutoCloseable {
    private static final String VIP = "10.100.5.11";
    private static final String CONFIG = "/keepalived/web-pair.conf";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ENOUGH = 8;

    private final PrintWriter out;
    private final String backend;
    private final Map<String, String> hosts = new LinkedHashMap<>();
    private final Map<String, PairProcess> directors = new LinkedHashMap<>();
    private final Deque<AutoCloseable> others = new ArrayDeque<>();
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Map<String, Long> masterSince = new ConcurrentHashMap<>();
    private final List<Answer> answers = new CopyOnWriteArrayList<>();

    @Nullable
    private PairNetwork network;

    @Nullable
    private Path directory;

    private volatile boolean closed;

    /** What the client has been answered, and when. */
    private record Answer(long nanos, String by) {
        boolean isOne() {
            return !by.equals(AskCommand.NOBODY);
        }
    }

    /** Makes nothing yet. */
    Pair(PrintWriter out, String backend) {
        this.out = out;
        this.backend = backend;
        hosts.put("one", "10.100.0.2/21");
        hosts.put("two", "10.100.0.3/21");
        hosts.put("web1", "10.100.0.11/21");
        hosts.put("web2", "10.100.0.21/21");
        hosts.put("client", "10.100.0.99/21");
    }

    /**
     * Starts everything. Whatever becomes of it, close it.
     *
     * @throws IllegalArgumentException if there can be no namespaces here
     * @throws IllegalStateException if it has been closed
     */
    synchronized void start() throws IOException {
        requireOpen();
        network = new PairNetwork(hosts);
        directory = Files.createTempDirectory("lvs-pair");
        writeConfigurations();
        for (String web : List.of("web1", "web2")) {
            String address = web.equals("web1") ? "10.100.0.11:80" : "10.100.0.21:80";
            others.push(startProcess(web, line -> {}, "pair-web", web, address));
        }
        startDirector("one");
        startDirector("two");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("it has been closed");
        }
    }

    private synchronized PairProcess startProcess(String host, Consumer<String> lines, String... arguments)
            throws IOException {
        requireOpen();
        return PairProcess.start(network(), host, lines, arguments);
    }

    private synchronized PairNetwork network() {
        return Objects.requireNonNull(network, "started");
    }

    private List<String> holders() {
        return network().holders(VIP);
    }

    /** The second director's file is the first one's, but for what must differ. */
    private void writeConfigurations() throws IOException {
        String first;
        try (InputStream in = Pair.class.getResourceAsStream(CONFIG)) {
            if (in == null) {
                throw new IllegalStateException(CONFIG + " is not in the jar");
            }
            first = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Files.writeString(file("one"), first);
        Files.writeString(
                file("two"), first.replace("state MASTER", "state BACKUP").replace("priority 100", "priority 90"));
    }

    private Path file(String director) {
        return Objects.requireNonNull(directory, "started").resolve(director + ".conf");
    }

    private synchronized void startDirector(String name) throws IOException {
        directors.put(
                name,
                startProcess(
                        name,
                        line -> heard(name, line),
                        "run",
                        "--config",
                        file(name).toString(),
                        "--backend",
                        backend,
                        "--drain-timeout",
                        "1s"));
    }

    private void heard(String director, String line) {
        out.println("    " + director + ": " + line);
        int state = line.indexOf("web: ");
        if (state >= 0 && line.matches(".*web: [A-Z]+.*")) {
            String name = line.substring(state + 5).split("\\W", 2)[0];
            if (name.equals("MASTER")) {
                masterSince.put(director, System.nanoTime());
            }
            states.put(director, name);
        }
    }

    void tell() throws IOException, InterruptedException {
        out.println("Two directors, one and two, share " + VIP
                + "; behind them are two web servers. Each is a network namespace.");
        await(
                "the first is master",
                () -> isMaster("one") && states.getOrDefault("two", "").equals("BACKUP"));
        startClient();
        await("the client is answered", () -> distinctAnswers(0) == 2);
        out.println(VIP + " is on " + holders() + "; a client asks it, and both web servers answer.");
        out.println();

        killed();
        returned();
        terminated();
    }

    private synchronized void startClient() throws IOException {
        others.push(startProcess("client", this::answered, "pair-ask", VIP + ":80"));
    }

    private void killed() throws InterruptedException {
        PairProcess one = director("one");
        out.println("kill -9 of one, process " + one.pid() + ":");
        int before = answers.size();
        noLongerWatched("one");
        one.kill();
        states.remove("one");
        await("two is master", () -> isMaster("two"));
        tellOfGap("two", before);
        await("the dead one has lost the address", () -> holders().equals(List.of("two")));
        out.println(VIP + " is on " + holders() + " alone: the kernel has taken it from the one that died.");
        out.println();
    }

    private void returned() throws IOException, InterruptedException {
        out.println("One starts again, and has the higher priority:");
        int before = answers.size();
        startDirector("one");
        await(
                "one is master",
                () -> isMaster("one") && states.getOrDefault("two", "").equals("BACKUP"));
        tellOfGap("one", before);
        out.println();
    }

    private void terminated() throws InterruptedException {
        out.println("SIGTERM to one, which says farewell:");
        int before = answers.size();
        PairProcess one = director("one");
        noLongerWatched("one");
        one.terminate();
        await("two is master", () -> isMaster("two"));
        tellOfGap("two", before);
        out.println(VIP + " is on " + holders() + ".");
    }

    /** From now on it may end, and is closed with the others. */
    private synchronized void noLongerWatched(String name) {
        PairProcess process = directors.remove(name);
        if (process != null) {
            others.push(process);
        }
    }

    synchronized void invite() {
        out.println();
        out.println("They go on (Ctrl-C ends all). Processes: "
                + directors.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue().pid())
                        .toList());
    }

    private synchronized PairProcess director(String name) {
        PairProcess process = directors.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " has not been started");
        }
        return process;
    }

    private boolean isMaster(String director) {
        return states.getOrDefault(director, "").equals("MASTER");
    }

    private void answered(String line) {
        answers.add(new Answer(System.nanoTime(), line));
    }

    private long distinctAnswers(int from) {
        return answers.stream()
                .skip(from)
                .filter(Answer::isOne)
                .map(Answer::by)
                .distinct()
                .count();
    }

    /** Waits until the client is answered steadily, and says how long it was not, and when by the new master. */
    private void tellOfGap(String master, int from) throws InterruptedException {
        long since = masterSince.getOrDefault(master, 0L);
        await("the client is answered again", () -> {
            int size = answers.size();
            return size >= from + ENOUGH
                    && answers.subList(size - ENOUGH, size).stream()
                            .allMatch(each -> each.isOne() && each.nanos() - since > 0);
        });
        List<Answer> got = new ArrayList<>(answers.subList(Math.max(0, from - 1), answers.size()));
        got.removeIf(each -> !each.isOne());
        long longest = 0;
        for (int i = 1; i < got.size(); i++) {
            longest = Math.max(longest, got.get(i).nanos() - got.get(i - 1).nanos());
        }
        long first = answers.stream()
                .filter(each -> each.isOne() && each.nanos() - since > 0)
                .findFirst()
                .map(each -> each.nanos() - since)
                .orElseThrow();
        out.println(
                "  the client had no answer for " + TimeUnit.NANOSECONDS.toMillis(longest) + " ms; the first one came "
                        + TimeUnit.NANOSECONDS.toMillis(first) + " ms after " + master + " was master");
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            requireRunning();
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private synchronized void requireRunning() {
        requireOpen();
        directors.forEach((name, process) -> {
            if (!process.isAlive()) {
                throw new IllegalArgumentException(
                        "director " + name + ": it has ended (expected: to run; see above why it does not)");
            }
        });
    }

    /** Returns whether it is closed or being closed. */
    boolean isClosed() {
        return closed;
    }

    /** Ends and removes what there is, once; returns when it is done, by whomever. */
    @Override
    public void close() {
        closed = true; // whoever is starting something learns it without the lock
        removeAll();
    }

    private synchronized void removeAll() {
        directors.values().forEach(PairProcess::close);
        directors.clear();
        while (!others.isEmpty()) {
            try {
                others.pop().close();
            } catch (Exception e) {
                out.println("not ended: " + e.getMessage());
            }
        }
        try {
            if (directory != null) {
                Files.deleteIfExists(file("one"));
                Files.deleteIfExists(file("two"));
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            out.println("not removed: " + e.getMessage());
        }
        if (network != null) {
            network.close();
        }
    }
}
