package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.LineWords.flag;
import static io.lvs4j.keepalived.LineWords.value;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.LineValues.Place;
import io.lvs4j.keepalived.LineWords.Taker;
import io.lvs4j.keepalived.syntax.Word;
import io.lvs4j.vrrp.VirtualRoute;
import io.lvs4j.vrrp.VirtualRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The lines of {@code virtual_rules} and {@code static_rules}: the words of {@code ip rule}, and some of keepalived's. */
final class RuleLines {
    private static final Pattern PORTS = Pattern.compile("\\s*([0-9]{1,5})-([0-9]{1,5})");
    private static final Pattern USERS = Pattern.compile("\\s*([0-9]{1,10})-([0-9]{1,10})");
    private static final Set<VirtualRoute.Type> ACTIONS =
            Set.of(VirtualRoute.Type.BLACKHOLE, VirtualRoute.Type.UNREACHABLE, VirtualRoute.Type.PROHIBIT);
    private static final Map<String, Integer> PROTOCOLS = Map.ofEntries(
            Map.entry("ip", 0),
            Map.entry("icmp", 1),
            Map.entry("igmp", 2),
            Map.entry("ipencap", 4),
            Map.entry("tcp", 6),
            Map.entry("udp", 17),
            Map.entry("dccp", 33),
            Map.entry("ipv6", 41),
            Map.entry("gre", 47),
            Map.entry("esp", 50),
            Map.entry("ah", 51),
            Map.entry("ipv6-icmp", 58),
            Map.entry("ospf", 89),
            Map.entry("ipip", 94),
            Map.entry("pim", 103),
            Map.entry("vrrp", 112),
            Map.entry("l2tp", 115),
            Map.entry("sctp", 132),
            Map.entry("udplite", 136));

    private static final Map<String, Taker<Draft>> VIRTUAL = new HashMap<>();
    private static final Map<String, Taker<Draft>> STATIC = new HashMap<>();

    static {
        VIRTUAL.put("inet", (draft, keyword, line) -> draft.families.word(AddressFamily.INET, keyword, line));
        VIRTUAL.put("inet6", (draft, keyword, line) -> draft.families.word(AddressFamily.INET6, keyword, line));
        VIRTUAL.put("from", place((draft, place) -> draft.from = place));
        VIRTUAL.put("to", place((draft, place) -> draft.to = place));
        for (String word : new String[] {"table", "lookup"}) {
            VIRTUAL.put(word, RuleLines::table);
        }
        VIRTUAL.put("not", flag(draft -> {}));
        for (String word : new String[] {"preference", "order", "priority"}) {
            VIRTUAL.put(word, value(LineValues.based(Value.MAX), (draft, number) -> draft.priority = number));
        }
        for (String word : new String[] {"tos", "dsfield"}) {
            VIRTUAL.put(word, value(LineValues.named(RouteNames.SERVICES), (draft, number) -> {}));
        }
        VIRTUAL.put("fwmark", value(LineValues.mark(), (draft, mark) -> draft.mark = mark));
        VIRTUAL.put("realms", (draft, keyword, line) -> {
            draft.ofTable = keyword;
            line.valueOf(keyword, LineValues.realms());
            draft.families.require(AddressFamily.INET, keyword, line);
        });
        for (String word : new String[] {"suppress_prefixlength", "sup_pl"}) {
            VIRTUAL.put(word, ofTable(Value.number(0, Integer.MAX_VALUE)));
        }
        for (String word : new String[] {"suppress_ifgroup", "sup_group"}) {
            VIRTUAL.put(word, ofTable(LineValues.named(RouteNames.GROUPS)));
        }
        for (String word : new String[] {"dev", "iif"}) {
            VIRTUAL.put(word, value(LineValues.device(), (draft, name) -> draft.input = name));
        }
        VIRTUAL.put("oif", value(LineValues.device(), (draft, name) -> draft.output = name));
        VIRTUAL.put("tunnel-id", value(Encapsulation.unsigned64(), (draft, number) -> {}));
        VIRTUAL.put("uidrange", value(range(USERS, Value.MAX), (draft, text) -> {}));
        VIRTUAL.put("sport", value(range(PORTS, 65535), (draft, text) -> {}));
        VIRTUAL.put("dport", value(range(PORTS, 65535), (draft, text) -> {}));
        VIRTUAL.put("protocol", (draft, keyword, line) -> {
            draft.protocolAt = keyword;
            line.valueOf(keyword, Value.number(0, 255)).ifPresent(number -> draft.protocol = number);
        });
        VIRTUAL.put(
                "ipproto",
                (draft, keyword, line) -> line.valueOf(keyword).ifPresent(word -> {
                    if (!PROTOCOLS.containsKey(word.text())) {
                        line.parse(keyword, word, Value.number(0, 127));
                    }
                }));
        VIRTUAL.put("l3mdev", (draft, keyword, line) -> {
            draft.masterDevice = true;
            act(draft, keyword, line);
        });
        VIRTUAL.put(
                "type",
                (draft, keyword, line) -> line.valueOf(keyword).ifPresent(word -> {
                    if (!action(draft, word, line)) {
                        line.unknown(word, Set.of("goto", "nop", "blackhole", "unreachable", "prohibit"));
                    }
                }));
        for (String word : new String[] {"goto", "nop", "blackhole", "unreachable", "prohibit"}) {
            VIRTUAL.put(word, RuleLines::action);
        }
        VIRTUAL.put("no_track", flag(draft -> draft.tracked = false));
        STATIC.putAll(VIRTUAL);
        STATIC.put(
                "track_group",
                (draft, keyword, line) -> line.trackGroup(keyword, draft.groups, draft.trackGroup)
                        .ifPresent(name -> draft.trackGroup = name));
    }

    /** What a line has said so far. */
    private static final class Draft {
        final Set<String> groups;
        final Families families = new Families();

        @Nullable
        Place from;

        @Nullable
        Place to;

        @Nullable
        String input;

        @Nullable
        String output;

        @Nullable
        String trackGroup;

        @Nullable
        Long mark;

        @Nullable
        Long table;

        @Nullable
        Long target;

        @Nullable
        Long priority;

        @Nullable
        Long protocol;

        @Nullable
        Word protocolAt;
        /** What the rule does, as far as it has been said. */
        @Nullable
        Word action;
        /** What only a rule with a table may say. */
        @Nullable
        Word ofTable;

        boolean masterDevice;
        boolean tracked = true;

        Draft(Set<String> groups) {
            this.groups = groups;
        }
    }

    private RuleLines() {}

    /** Reads the rules of a virtual router. */
    static void read(Arguments block, List<VirtualRule> into) {
        LineWords.each(block, line -> line(line, VIRTUAL, Set.of(), into));
    }

    /** Reads rules that are always there, of which some may be tracked by a group of those that are known. */
    static void read(Arguments block, List<VirtualRule> into, Set<String> groups) {
        LineWords.each(block, line -> line(line, STATIC, groups, into));
    }

    private static void line(
            LineWords line, Map<String, Taker<Draft>> table, Set<String> groups, List<VirtualRule> into) {
        Draft draft = new Draft(groups);
        line.read(draft, table, RuleLines::action);
        if (!line.isFaulty()) {
            finish(draft, line);
        }
        line.finish(into, () -> record(draft, line));
    }

    private static Taker<Draft> place(BiConsumer<Draft, Place> set) {
        return (draft, keyword, line) -> {
            Optional<Word> word = line.valueOf(keyword);
            word.flatMap(found -> line.parse(keyword, found, LineValues.place()))
                    .ifPresent(place -> {
                        set.accept(draft, place);
                        draft.families.meet(place.family().orElse(null), word.get(), line);
                    });
        };
    }

    private static <V> Taker<Draft> ofTable(Value<V> form) {
        return (draft, keyword, line) -> {
            draft.ofTable = keyword;
            line.valueOf(keyword, form);
        };
    }

    private static void table(Draft draft, Word keyword, LineWords line) {
        Optional<Word> word = line.valueOf(keyword);
        Optional<Long> table = word.flatMap(found -> line.parse(keyword, found, LineValues.named(RouteNames.TABLES)));
        if (table.equals(Optional.of(0L))) {
            line.error("out-of-range", word.get(), keyword.text() + ": 0 (expected: 1.." + Value.MAX + ")");
        }
        table.ifPresent(number -> draft.table = number);
        act(draft, keyword, line);
    }

    /** Notes that a word says what the rule does, which only one may. */
    private static void act(Draft draft, Word keyword, LineWords line) {
        if (draft.action != null) {
            line.error(
                    "conflict",
                    keyword,
                    keyword.text() + " after " + draft.action.text()
                            + " (expected: one of table, l3mdev, goto, nop, blackhole, unreachable, prohibit)");
        }
        draft.action = keyword;
    }

    /** Takes {@code goto number} and what becomes of packets without a table; keepalived knows that also by the kernel's numbers. */
    private static boolean action(Draft draft, Word word, LineWords line) {
        if (word.text().equals("goto")) {
            line.valueOf(word, Value.number(0, Value.MAX)).ifPresent(number -> draft.target = number);
        } else if (!word.text().equals("nop")
                && !RouteLines.type(word.text()).filter(ACTIONS::contains).isPresent()) {
            return false;
        }
        act(draft, word, line);
        return true;
    }

    /** {@return two numbers, {@code first-last}} */
    private static Value<String> range(Pattern pattern, long max) {
        return (keyword, word, reading) -> {
            Matcher matcher = pattern.matcher(word.text());
            boolean good = matcher.matches()
                    && Long.parseLong(matcher.group(1)) <= max
                    && Long.parseLong(matcher.group(2)) <= max;
            return good
                    ? Optional.of(word.text())
                    : LineValues.bad("not-a-range", keyword, word, "first-last, of 0.." + max, reading);
        };
    }

    /** Tells what is wrong with a line as a whole. */
    private static void finish(Draft draft, LineWords line) {
        Word action = draft.action;
        if (action == null) {
            line.error(
                    "missing-value",
                    line.first(),
                    "a rule that does nothing (expected: table, l3mdev, goto, nop, blackhole, unreachable or prohibit)");
            return;
        }
        if (draft.target != null && (draft.priority == null || draft.priority >= draft.target)) {
            line.error(
                    "conflict",
                    action,
                    "goto " + draft.target + " of a rule with "
                            + (draft.priority == null ? "no preference" : "preference " + draft.priority)
                            + " (expected: a lower preference)");
        }
        if (draft.ofTable != null && draft.table == null && !draft.masterDevice) {
            line.error(
                    "conflict",
                    draft.ofTable,
                    draft.ofTable.text() + " of a rule without a table (expected: table or l3mdev)");
        }
        if (draft.tracked
                && draft.protocolAt != null
                && draft.protocol != null
                && draft.protocol != RouteLines.KEEPALIVED) {
            line.corrected(
                    "conflict",
                    draft.protocolAt,
                    "protocol " + draft.protocol + " of a rule that is tracked (expected: " + RouteLines.KEEPALIVED
                            + ", or no_track)",
                    "the protocol is " + RouteLines.KEEPALIVED);
        }
        if (draft.trackGroup != null && draft.input == null) {
            line.error("conflict", line.first(), "track_group of a rule without an interface (expected: dev)");
        }
        if (draft.priority == null && !line.isFaulty()) {
            line.corrected(
                    "missing-value",
                    line.first(),
                    "a rule without a preference (expected: one)",
                    "it chooses one, which is probably not what is wanted");
        }
    }

    private static VirtualRule record(Draft draft, LineWords line) {
        return new VirtualRule(
                line.texts(),
                draft.families.orInet(),
                Optional.ofNullable(draft.from).flatMap(Place::subnet).map(each -> RouteLines.network(each, line)),
                Optional.ofNullable(draft.to).flatMap(Place::subnet).map(each -> RouteLines.network(each, line)),
                Optional.ofNullable(draft.input),
                Optional.ofNullable(draft.output),
                number(draft.mark),
                number(draft.table),
                number(draft.priority),
                draft.tracked,
                Optional.ofNullable(draft.trackGroup));
    }

    private static OptionalLong number(@Nullable Long number) {
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
