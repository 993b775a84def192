package io.lvs4j.vrrp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Measures how long elections take, between two speakers in processes of their own, as the kernels of the hosts and the switch see it. Not a test: it takes
 * minutes, and what comes out depends on what else the machine does. Arguments: how many runs of each, and which scenes; none = 20 of all.
 */
final class ElectionTimes implements AutoCloseable {
    private static final int PAUSE_SECONDS = 5;

    private final Random random = new Random();
    private final Map<String, List<Double>> times = new LinkedHashMap<>();
    private final Candidate candidate;
    private final Lan lan = new Lan(2);
    private final Witness witness;
    private final Contender low;
    private Contender high;

    private ElectionTimes(Duration interval) {
        candidate = Candidate.PLAIN.every(interval);
        witness = new Witness(lan, candidate);
        low = Contender.speaker(lan, candidate.on(2, 100));
        high = Contender.speaker(lan, candidate.on(1, 150));
    }

    public static void main(String[] arguments) throws IOException {
        int runs = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
        List<String> scenes = arguments.length < 2
                ? List.of("kill", "kill100", "unplug", "end", "heal", "heal100", "freeze", "freeze100")
                : List.of(arguments).subList(1, arguments.length);
        for (String scene : scenes) {
            try (ElectionTimes each = new ElectionTimes(Duration.ofMillis(scene.endsWith("100") ? 100 : 1000))) {
                for (int i = 0; i < runs; i++) {
                    each.run(scene.replace("100", ""));
                }
                each.print(scene);
            }
        }
    }

    private void run(String scene) {
        witness.awaitLasting(Set.of(1), high, low);
        LockSupport.parkNanos(random.nextInt((int) candidate.interval().toNanos())); // at any time between two adverts
        long begin = System.nanoTime();
        switch (scene) {
            case "kill" -> {
                high.kill();
                witness.await(Set.of(2), high, low);
                note("kill -9 -> other has address", begin, when(begin, 2, true));
                note("kill -9 -> address gone", begin, when(begin, 1, false));
                long advert = lastAdvert(begin, 150);
                note("last advert -> other has address", advert, when(begin, 2, true));
                again();
            }
            case "end" -> {
                high.terminate();
                witness.await(Set.of(2), high, low);
                note("SIGTERM -> other has address", begin, when(begin, 2, true));
                note("farewell -> other's first advert", firstAdvert(begin, 0), firstAdvert(begin, 100));
                note("farewell -> other has address", firstAdvert(begin, 0), when(begin, 2, true));
                again();
            }
            case "unplug" -> {
                lan.plug(1, false);
                long unplugged = System.nanoTime();
                witness.await(Set.of(2), high, low);
                long taken = when(begin, 2, true);
                note("link down (begun) -> other has address", begin, taken);
                note("link down (done) -> other has address", unplugged, taken);
                note("last advert -> other has address", lastAdvert(taken, 150), taken);
                lan.plug(1, true);
            }
            case "heal" -> {
                lan.divide(1, true);
                witness.await(Set.of(1, 2), high, low);
                LockSupport.parkNanos(random.nextInt((int) candidate.interval().toNanos()));
                begin = System.nanoTime();
                lan.divide(1, false);
                long joined = System.nanoTime();
                witness.await(Set.of(1), high, low);
                note("heal (begun) -> one master", begin, when(begin, 2, false));
                note("heal (done) -> one master", joined, when(begin, 2, false));
            }
            case "freeze" -> {
                high.freeze();
                long frozen = System.nanoTime();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(PAUSE_SECONDS));
                long awake = System.nanoTime();
                high.thaw();
                witness.awaitLasting(Set.of(1), high, low);
                note("SIGSTOP -> other has address", frozen, when(begin, 2, true));
                note("last advert -> other has address", lastAdvert(when(begin, 2, true), 150), when(begin, 2, true));
                note("SIGSTOP -> address gone", frozen, when(begin, 1, false));
                double both = TimeUnit.NANOSECONDS.toMicros(witness.longestOfTwo(awake)) / 1e3;
                note("after SIGCONT: both have address for", both);
                note(
                        "during SIGSTOP: both have address for",
                        TimeUnit.NANOSECONDS.toMicros(witness.longestOfTwo(begin)) / 1e3);
            }
            default -> throw new IllegalArgumentException("scene: " + scene);
        }
    }

    private void again() {
        high.close();
        high = Contender.speaker(lan, candidate.on(1, 150));
    }

    private void note(String what, long begin, long end) {
        note(what, TimeUnit.NANOSECONDS.toMicros(end - begin) / 1e3);
    }

    private void note(String what, double millis) {
        times.computeIfAbsent(what, key -> new ArrayList<>()).add(millis);
    }

    /** Returns when a host got or lost the address first, after some time. */
    private long when(long begin, int host, boolean holds) {
        return first(
                begin,
                sight ->
                        sight instanceof Witness.Holding holding && holding.host() == host && holding.holds() == holds);
    }

    private long firstAdvert(long begin, int priority) {
        return first(begin, sight -> sight instanceof Witness.Advert advert && advert.priority() == priority);
    }

    private long lastAdvert(long end, int priority) {
        return witness.sights().stream()
                .filter(sight -> sight instanceof Witness.Advert advert && advert.priority() == priority)
                .mapToLong(Witness.Sight::nanos)
                .filter(at -> at - end <= 0)
                .max()
                .orElseThrow();
    }

    private long first(long begin, Predicate<Witness.Sight> which) {
        return witness.sights().stream()
                .filter(sight -> sight.nanos() - begin >= 0)
                .filter(which)
                .mapToLong(Witness.Sight::nanos)
                .findFirst()
                .orElseThrow();
    }

    private void print(String scene) throws IOException {
        String load = Files.readString(Path.of("/proc/loadavg")).trim();
        times.forEach((what, values) -> {
            Collections.sort(values);
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-9s %-40s runs %d  least %.0f  median %.0f  most %.0f ms  (load %s)",
                    scene,
                    what,
                    values.size(),
                    values.get(0),
                    values.get(values.size() / 2),
                    values.get(values.size() - 1),
                    load));
        });
    }

    @Override
    public void close() {
        high.close();
        low.close();
        witness.close();
        lan.close();
    }
}
