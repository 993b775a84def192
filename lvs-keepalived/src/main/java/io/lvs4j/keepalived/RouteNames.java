package io.lvs4j.keepalived;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names that a host has for numbers of routing, in {@code /etc/iproute2}, and those that are there without such files. A file is read each
 * time that a name is looked for which is not among those: names are rare, and the files are small. Thread-safe.
 */
final class RouteNames {
    static final RouteNames TABLES =
            new RouteNames("rt_tables", 0xffff_ffffL, Map.of("default", 253L, "main", 254L, "local", 255L));
    static final RouteNames SCOPES = new RouteNames(
            "rt_scopes", 255, Map.of("global", 0L, "site", 200L, "link", 253L, "host", 254L, "nowhere", 255L));
    static final RouteNames PROTOCOLS = new RouteNames(
            "rt_protos",
            255,
            Map.ofEntries(
                    Map.entry("none", 0L),
                    Map.entry("redirect", 1L),
                    Map.entry("kernel", 2L),
                    Map.entry("boot", 3L),
                    Map.entry("static", 4L),
                    Map.entry("gated", 8L),
                    Map.entry("ra", 9L),
                    Map.entry("mrt", 10L),
                    Map.entry("zebra", 11L),
                    Map.entry("bird", 12L),
                    Map.entry("dnrouted", 13L),
                    Map.entry("xorp", 14L),
                    Map.entry("ntk", 15L),
                    Map.entry("dhcp", 16L),
                    Map.entry("babel", 42L)));
    static final RouteNames SERVICES = new RouteNames("rt_dsfield", 255, Map.of());
    static final RouteNames REALMS = new RouteNames("rt_realms", 255, Map.of());
    static final RouteNames GROUPS = new RouteNames("group", Integer.MAX_VALUE, Map.of());

    private static final int LARGEST = 65_536;

    private final Path file;
    private final long max;
    private final Map<String, Long> builtIn;

    private RouteNames(String file, long max, Map<String, Long> builtIn) {
        this.file = Path.of("/etc/iproute2", file);
        this.max = max;
        this.builtIn = builtIn;
    }

    Path file() {
        return file;
    }

    /** {@return the greatest number} */
    long max() {
        return max;
    }

    /** {@return the names that a host without files has} */
    Set<String> names() {
        return builtIn.keySet();
    }

    /** {@return the number that a name stands for; empty = the host does not know it} */
    Optional<Long> find(String name) {
        return Optional.ofNullable(builtIn.get(name))
                .or(() -> Optional.ofNullable(read(file, max).get(name)));
    }

    /** {@return the names of a file with lines {@code number name}; none if it cannot be read} */
    static Map<String, Long> read(Path file, long max) {
        Map<String, Long> names = new HashMap<>();
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                String[] words = line.replaceFirst("[#!].*", "").strip().split("\\s+");
                if (words.length == 2) {
                    number(words[0]).filter(number -> number <= max).ifPresent(number -> names.put(words[1], number));
                }
            }
        } catch (IOException e) {
            return Map.of(); // as keepalived, which has the built-in names alone then
        }
        return names;
    }

    private static Optional<Long> number(String text) {
        if (!text.matches("(0[xX])?[0-9a-fA-F]{1,10}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.decode(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
