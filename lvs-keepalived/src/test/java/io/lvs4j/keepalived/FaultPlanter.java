package io.lvs4j.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Plants one fault into a configuration, and lays its lines out as people do. */
final class FaultPlanter {
    /** What is planted. */
    enum Kind {
        MISSPELT,
        WRONG_CASE,
        OUT_OF_RANGE,
        NO_VALUE,
        NO_OPENING_BRACE,
        NO_CLOSING_BRACE,
        SURPLUS_BRACE,
        MOVED_BRACE,
        UNKNOWN_BLOCK,
        OPEN_QUOTE,
        WRONG_PLACE,
        DUPLICATE
    }

    private static final Set<String> WITHOUT_RANGE = Set.of("require_reply", "payload");
    private static final Set<String> WITH_VALUE = Set.of(
            "router_id",
            "smtp_connect_timeout",
            "checker_priority",
            "lb_algo",
            "lvs_sched",
            "lb_kind",
            "lvs_method",
            "protocol",
            "delay_loop",
            "retry",
            "delay_before_retry",
            "warmup",
            "connect_timeout",
            "connect_ip",
            "connect_port",
            "fwmark",
            "persistence_granularity",
            "virtualhost",
            "quorum_up",
            "quorum_down",
            "quorum",
            "sorry_server",
            "weight",
            "uthreshold",
            "lthreshold",
            "notify_up",
            "notify_down",
            "helo_name",
            "type",
            "payload",
            "misc_path",
            "path",
            "digest",
            "http_protocol");
    private static final Set<String> ONCE = Set.of("quorum_up", "quorum_down", "notify_up", "notify_down", "digest");

    private final Random random;

    FaultPlanter(long seed) {
        random = new Random(seed);
    }

    /**
     * Lines with a fault.
     *
     * @param kind what it is
     * @param lines the lines
     * @param first the number of the line that it is in, from 1
     * @param last of several lines the last one
     */
    record Planted(Kind kind, List<String> lines, int first, int last) {}

    /** {@return the lines with a fault somewhere in them} */
    Planted plant(Kind kind, List<String> good) {
        while (true) {
            int at = random.nextInt(good.size());
            Optional<Planted> planted = plant(kind, good, at);
            if (planted.isPresent()) {
                return laidOut(planted.get());
            }
        }
    }

    private Optional<Planted> plant(Kind kind, List<String> good, int at) {
        String line = good.get(at);
        String text = line.strip();
        String[] words = text.split(" ");
        boolean opens = text.endsWith("{");
        boolean closes = text.equals("}");
        String indent = line.substring(0, line.indexOf(text));
        boolean keyword = words[0].matches("[a-zA-Z_]{4,}");
        return switch (kind) {
            case MISSPELT -> replaced(kind, good, at, keyword, line.replaceFirst(words[0], misspelt(words[0])));
            case WRONG_CASE -> {
                String other = words[0].equals(words[0].toLowerCase(Locale.ROOT))
                        ? words[0].toUpperCase(Locale.ROOT)
                        : words[0].toLowerCase(Locale.ROOT);
                yield replaced(kind, good, at, keyword, line.replaceFirst(words[0], other));
            }
            case OUT_OF_RANGE ->
                replaced(
                        kind,
                        good,
                        at,
                        words.length > 1 && text.matches(".* [0-9]+") && !WITHOUT_RANGE.contains(words[0]),
                        line.replaceFirst("[0-9]+$", "99999999999"));
            case NO_VALUE ->
                replaced(
                        kind, good, at, !opens && words.length > 1 && WITH_VALUE.contains(words[0]), indent + words[0]);
            case NO_OPENING_BRACE -> replaced(kind, good, at, opens, line.replace(" {", ""));
            case NO_CLOSING_BRACE ->
                Optional.of(changed(kind, good, at, 1, List.of(), 1)).filter(it -> closes);
            case SURPLUS_BRACE ->
                Optional.of(changed(kind, good, at, 1, List.of(line, line), 2)).filter(it -> closes);
            case MOVED_BRACE -> {
                String next = at + 1 < good.size() ? good.get(at + 1) : "}";
                yield Optional.of(changed(kind, good, at, 2, List.of(line.replace(" {", ""), next + " {"), 2))
                        .filter(it -> opens && !next.endsWith("{") && !next.endsWith("}"));
            }
            case UNKNOWN_BLOCK ->
                Optional.of(changed(
                                kind,
                                good,
                                at,
                                0,
                                List.of(indent + "bogus_block 1 {", indent + "    x 1", indent + "}"),
                                1))
                        .filter(it -> !closes && !good.get(Math.max(0, at - 1)).contains("virtual_server_group"));
            case OPEN_QUOTE -> {
                int quote = random.nextBoolean() ? line.indexOf('"') : line.lastIndexOf('"');
                yield replaced(
                        kind, good, at, quote >= 0, line.substring(0, Math.max(0, quote)) + line.substring(quote + 1));
            }
            case WRONG_PLACE -> {
                String block = indent.length() == 4 ? "TCP_CHECK" : "real_server 192.168.9.9 80";
                yield Optional.of(changed(kind, good, at, 0, List.of(indent + block + " {", indent + "}"), 1))
                        .filter(it -> !closes);
            }
            case DUPLICATE ->
                Optional.of(changed(kind, good, at, 1, List.of(line, line), 2)).filter(it -> ONCE.contains(words[0]));
        };
    }

    private static Optional<Planted> replaced(Kind kind, List<String> good, int at, boolean possible, String line) {
        return possible ? Optional.of(changed(kind, good, at, 1, List.of(line), 1)) : Optional.empty();
    }

    private static Planted changed(Kind kind, List<String> good, int at, int taken, List<String> put, int faulty) {
        List<String> lines = new ArrayList<>(good);
        lines.subList(at, Math.min(good.size(), at + taken)).clear();
        lines.addAll(at, put);
        return new Planted(kind, lines, at + 1, at + faulty);
    }

    private String misspelt(String word) {
        int at = random.nextInt(Math.max(1, word.length() - 1));
        return switch (random.nextInt(3)) {
            case 0 -> word.substring(0, at) + word.substring(at + 1);
            case 1 -> word.substring(0, at) + 'q' + word.substring(at);
            default -> word.substring(0, at) + 'q' + word.substring(at + 1);
        };
    }

    /** Indented by blanks, tabs or not at all; opening braces on lines of their own; and comments, but not beside the fault. */
    private Planted laidOut(Planted planted) {
        int layout = random.nextInt(4);
        boolean commented = random.nextInt(3) == 0;
        List<String> lines = new ArrayList<>();
        int first = 0;
        int last = 0;
        for (int i = 1; i <= planted.lines.size(); i++) {
            String line = planted.lines.get(i - 1);
            String indent = line.substring(0, line.indexOf(line.strip()));
            boolean near = i >= planted.first - 2 && i <= planted.last + 2;
            if (commented && !near && random.nextInt(5) == 0) {
                lines.add("    # what follows { is \"right");
            }
            if (i == planted.first) {
                first = lines.size() + 1;
            }
            if (layout == 1) {
                line = line.replace("    ", "\t");
            } else if (layout == 2) {
                line = line.strip();
            }
            if (layout == 3 && line.endsWith(" {")) {
                lines.add(line.substring(0, line.length() - 2));
                lines.add(indent + "{");
            } else {
                lines.add(commented && !near && random.nextInt(5) == 0 ? line + " ! so }" : line);
            }
            if (i == planted.last) {
                last = lines.size();
            }
        }
        return new Planted(planted.kind, lines, first == 0 ? lines.size() : first, last == 0 ? lines.size() : last);
    }
}
