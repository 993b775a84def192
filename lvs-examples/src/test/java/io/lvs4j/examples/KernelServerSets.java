package io.lvs4j.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server sets that stood in the kernel, for each service: what {@code /proc/net/ip_vs} shows, looked at again and again. A set
 * that makes room for another at once is a change under way, and left out.
 */
final class KernelServerSets implements AutoCloseable {
    private static final Path TABLE = Path.of("/proc/net/ip_vs");
    private static final long STANDS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Map<String, List<Seen>> seen = new ConcurrentHashMap<>();
    private final Map<String, String> names;
    private final Thread watcher;
    private volatile boolean closed;

    /** One server set, and since when. */
    private record Seen(String set, long sinceNanos) {}

    /** @param names what to call servers, by address and port in the kernel's hexadecimal digits */
    KernelServerSets(Map<String, String> names) {
        this.names = Map.copyOf(names);
        this.watcher = new Thread(this::watch, "kernel-server-sets");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private void look() {
        long now = System.nanoTime();
        current().forEach((service, set) -> {
            List<Seen> sets = seen.computeIfAbsent(service, key -> new ArrayList<>());
            synchronized (sets) {
                if (sets.isEmpty() || !sets.get(sets.size() - 1).set.equals(set)) {
                    sets.add(new Seen(set, now));
                }
            }
        });
    }

    /** Returns the server set of each service as it is now, such as {@code A:1 B:0}. */
    private Map<String, String> current() {
        Map<String, Map<String, String>> services = new TreeMap<>();
        String service = "";
        try {
            for (String line : Files.readAllLines(TABLE)) {
                String[] words = line.trim().split("\\s+");
                if (words[0].equals("TCP")) {
                    service = words[1];
                    services.put(service, new TreeMap<>());
                } else if (words[0].equals("->") && names.containsKey(words[1])) {
                    services.get(service).put(names.get(words[1]), words[3]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> sets = new TreeMap<>();
        services.forEach((key, servers) -> {
            List<String> texts = new ArrayList<>();
            servers.forEach((name, weight) -> texts.add(name + ":" + weight));
            sets.put(key, String.join(" ", texts));
        });
        return sets;
    }

    /** Returns whether this set is the present one of a service and has stood for a while. */
    boolean stands(String service, String set) {
        List<Seen> sets = seen.getOrDefault(service, List.of());
        synchronized (sets) {
            return !sets.isEmpty()
                    && sets.get(sets.size() - 1).set.equals(set)
                    && System.nanoTime() - sets.get(sets.size() - 1).sinceNanos > STANDS_NANOS;
        }
    }

    /** Returns the sets of a service that stood, in their order. */
    List<String> stood(String service) {
        List<Seen> sets = seen.getOrDefault(service, List.of());
        List<String> stood = new ArrayList<>();
        synchronized (sets) {
            for (int i = 0; i < sets.size(); i++) {
                boolean last = i == sets.size() - 1;
                boolean lasting = last || sets.get(i + 1).sinceNanos - sets.get(i).sinceNanos > STANDS_NANOS;
                String set = sets.get(i).set;
                if (lasting && (stood.isEmpty() || !stood.get(stood.size() - 1).equals(set))) {
                    stood.add(set);
                }
            }
        }
        return stood;
    }

    @Override
    public void close() {
        closed = true;
    }
}
