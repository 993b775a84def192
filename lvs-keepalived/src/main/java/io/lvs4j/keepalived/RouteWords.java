package io.lvs4j.keepalived;

import static io.lvs4j.keepalived.LineWords.flag;
import static io.lvs4j.keepalived.LineWords.value;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.LineWords.Taker;
import io.lvs4j.keepalived.RouteLines.Draft;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What each keyword of a route means. What the record has no part for is checked alone: it stays in the record's words. */
final class RouteWords {
    static final Map<String, Taker<Draft>> VIRTUAL;
    static final Map<String, Taker<Draft>> STATIC;

    private static final int MOST_WEIGHT = 256;

    static {
        Map<String, Taker<Draft>> table = new HashMap<>();
        where(table);
        settings(table);
        times(table);
        VIRTUAL = Map.copyOf(table);
        table.put(
                "track_group",
                (draft, keyword, line) -> line.trackGroup(keyword, draft.groups, draft.trackGroup)
                        .ifPresent(name -> draft.trackGroup = name));
        STATIC = Map.copyOf(table);
    }

    private RouteWords() {}

    private static void where(Map<String, Taker<Draft>> table) {
        table.put("inet", (draft, keyword, line) -> draft.families.word(AddressFamily.INET, keyword, line));
        table.put("inet6", (draft, keyword, line) -> draft.families.word(AddressFamily.INET6, keyword, line));
        table.put("via", RouteWords::via);
        table.put("gw", (draft, keyword, line) -> {
            line.corrected("deprecated-keyword", keyword, "gw is deprecated", "write via");
            via(draft, keyword, line);
        });
        table.put("or", (draft, keyword, line) -> {
            line.corrected("deprecated-keyword", keyword, "or is deprecated", "write nexthop via");
            draft.hops = true;
            line.valueOf(keyword, LineValues.address());
        });
        table.put(
                "src",
                (draft, keyword, line) -> address(draft, keyword, line).ifPresent(address -> draft.source = address));
        table.put("from", RouteWords::from);
        table.put("as", RouteWords::as);
        table.put("dev", value(LineValues.device(), (draft, name) -> draft.device = name));
        table.put("oif", value(LineValues.device(), (draft, name) -> draft.device = name));
        table.put("vrf", (draft, keyword, line) -> {
            line.valueOf(keyword, LineValues.device());
            line.reading()
                    .notCarriedOut(
                            "vrf", keyword.at(), line.block() + ": vrf: the host knows the table of an interface");
        });
        table.put("onlink", flag(draft -> {}));
        table.put("encap", (draft, keyword, line) -> Encapsulation.read(keyword, line));
        table.put("nexthop", RouteWords::nexthops);
    }

    private static void settings(Map<String, Taker<Draft>> table) {
        table.put("table", value(LineValues.named(RouteNames.TABLES), (draft, number) -> draft.table = number));
        table.put("scope", value(LineValues.named(RouteNames.SCOPES), (draft, number) -> draft.scope = number));
        table.put("protocol", (draft, keyword, line) -> {
            draft.protocolAt = keyword;
            line.valueOf(keyword, LineValues.named(RouteNames.PROTOCOLS)).ifPresent(number -> draft.protocol = number);
        });
        for (String word : new String[] {"metric", "priority", "preference"}) {
            table.put(word, value(Value.number(0, Value.MAX), (draft, number) -> draft.metric = number));
        }
        for (String word : new String[] {"tos", "dsfield"}) {
            table.put(word, value(LineValues.named(RouteNames.SERVICES), (draft, number) -> {}));
        }
        table.put("realms", (draft, keyword, line) -> {
            line.valueOf(keyword, LineValues.realms());
            draft.families.require(AddressFamily.INET, keyword, line);
        });
        for (String word : new String[] {"window", "initcwnd", "initrwnd"}) {
            table.put(word, value(Value.number(0, Value.MAX), (draft, number) -> {}));
        }
        for (String word : new String[] {"mtu", "advmss", "reordering", "cwnd", "ssthresh"}) {
            table.put(word, lockable(Value.number(0, Value.MAX)));
        }
        table.put("congctl", lockable(Value.text()));
        table.put("hoplimit", value(Value.number(0, 255), (draft, number) -> {}));
        table.put("quickack", value(Value.number(0, 1), (draft, number) -> {}));
        table.put("fastopen_no_cookie", value(Value.number(0, 1), (draft, number) -> {}));
        table.put("features", value(Value.oneOf("ecn"), (draft, text) -> {}));
        table.put("ttl-propagate", value(Value.oneOf("enabled", "disabled"), (draft, text) -> {}));
        table.put("expires", (draft, keyword, line) -> {
            draft.families.require(AddressFamily.INET6, keyword, line);
            line.valueOf(keyword, Value.number(0, Value.MAX));
        });
        table.put("pref", RouteWords::preference);
        for (String word : new String[] {"add", "prepend", "append"}) {
            table.put(word, flag(draft -> {}));
        }
        table.put("no_track", flag(draft -> draft.tracked = false));
    }

    private static void times(Map<String, Taker<Draft>> table) {
        table.put("rtt", lockable(LineValues.rtt(8)));
        table.put("rttvar", lockable(LineValues.rtt(4)));
        table.put("rto_min", lockable(LineValues.rtt(1)));
    }

    /** {@return what takes {@code [lock] value}} */
    private static <V> Taker<Draft> lockable(Value<V> form) {
        return (draft, keyword, line) -> {
            Word before = line.isNext("lock") ? line.next() : keyword;
            line.valueOf(before).ifPresent(word -> line.parse(keyword, word, form));
        };
    }

    private static Optional<InetAddress> address(Draft draft, Word keyword, LineWords line) {
        Optional<Word> word = line.valueOf(keyword);
        Optional<InetAddress> address = word.flatMap(found -> line.parse(keyword, found, LineValues.address()));
        address.ifPresent(found -> draft.families.meet(AddressFamily.of(found), word.get(), line));
        return address;
    }

    private static void via(Draft draft, Word keyword, LineWords line) {
        Word before = keyword;
        if (line.isNext("inet") || line.isNext("inet6")) {
            before = line.next();
            AddressFamily said = before.text().equals("inet") ? AddressFamily.INET : AddressFamily.INET6;
            draft.families.meet(said, before, line);
        }
        address(draft, before, line).ifPresent(address -> draft.gateway = address);
    }

    private static void from(Draft draft, Word keyword, LineWords line) {
        Optional<Word> word = line.valueOf(keyword);
        word.flatMap(found -> line.parse(keyword, found, LineValues.place())).ifPresent(place -> {
            if (!place.family().equals(Optional.of(AddressFamily.INET6))) {
                line.error(
                        "family-mismatch",
                        word.get(),
                        "from: " + Reading.shown(word.get().text()) + " (expected: an IPv6 network)");
            } else {
                draft.families.meet(AddressFamily.INET6, word.get(), line);
            }
        });
    }

    private static void as(Draft draft, Word keyword, LineWords line) {
        Word before = line.isNext("to") ? line.next() : keyword;
        line.valueOf(before);
        line.error("unsupported", keyword, "as (expected: nothing, it is for MPLS alone)");
    }

    private static void preference(Draft draft, Word keyword, LineWords line) {
        draft.families.require(AddressFamily.INET6, keyword, line);
        line.valueOf(keyword).ifPresent(word -> {
            if (!word.text().matches("low|medium|high")) {
                line.parse(keyword, word, Value.number(0, 255));
            }
        });
    }

    /** Takes the hops, with which a line ends. */
    private static void nexthops(Draft draft, Word first, LineWords line) {
        if (draft.hops) {
            line.error("conflict", first, "nexthop after or (expected: one of them)");
        }
        draft.hops = true;
        while (line.hasNext()) {
            Word word = line.next();
            Taker<Draft> taker = Hops.TABLE.get(word.text());
            if (taker == null) {
                line.unknown(word, Hops.TABLE.keySet());
            } else {
                taker.take(draft, word, line);
            }
        }
    }

    /** What each keyword after {@code nexthop} means. */
    private static final class Hops {
        static final Map<String, Taker<Draft>> TABLE = Map.of(
                "nexthop",
                flag(draft -> {}),
                "via",
                RouteWords::hopVia,
                "dev",
                value(LineValues.device(), (draft, name) -> {}),
                "weight",
                value(Value.number(1, MOST_WEIGHT), (draft, number) -> {}),
                "onlink",
                flag(draft -> {}),
                "encap",
                (draft, keyword, line) -> Encapsulation.read(keyword, line),
                "realms",
                (draft, keyword, line) -> {
                    line.valueOf(keyword, LineValues.realms());
                    draft.families.require(AddressFamily.INET, keyword, line);
                },
                "as",
                RouteWords::as);

        private Hops() {}
    }

    private static void hopVia(Draft draft, Word keyword, LineWords line) {
        InetAddress gateway = draft.gateway;
        via(draft, keyword, line);
        draft.gateway = gateway;
    }
}
