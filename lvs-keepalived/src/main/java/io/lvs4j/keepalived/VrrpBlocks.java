package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The blocks of virtual routers that stand outside of every block. */
final class VrrpBlocks {
    private static final String NO_INTERFACES = "interfaces are not looked at";
    /** So many routers are read, and so many groups. */
    private static final int MOST = 2048;

    private VrrpBlocks() {}

    /** Adds a keyword with a block of lines, which has no values of its own. */
    static <T> void lines(Keywords.Builder<T> table, String name, Keyword.Handler<T> handler) {
        table.lines(name, 0, Integer.MAX_VALUE, (into, arguments) -> {
            if (arguments.count() > 0) {
                arguments.error(
                        "too-many-values",
                        0,
                        Reading.shown(arguments.word(0).text()) + " before the block (expected: nothing)");
            }
            handler.read(into, arguments);
        });
    }

    /** Adds the keywords. */
    static void keywords(Keywords.Builder<ConfigDraft> table) {
        table.block(
                        "vrrp_instance",
                        1,
                        Integer.MAX_VALUE,
                        RouterKeywords.TABLE,
                        (config, arguments) -> begin(config.vrrp.routers, arguments, RouterDraft::new)
                                .map(draft -> new RouterKeywords.Router(draft, config)),
                        (config, router, arguments) -> {
                            RouterDraft draft = router.draft();
                            draft.faulty = arguments.reading().errors() > draft.errorsBefore;
                            config.vrrp.routers.put(draft.name, draft);
                        })
                .block(
                        "vrrp_sync_group",
                        1,
                        Integer.MAX_VALUE,
                        SyncGroupKeywords.TABLE,
                        (config, arguments) -> begin(config.vrrp.groups, arguments, SyncGroupDraft::new)
                                .map(draft -> new SyncGroupKeywords.Group(draft, config)),
                        (config, group, arguments) -> {
                            SyncGroupDraft draft = group.draft();
                            draft.faulty = arguments.reading().errors() > draft.errorsBefore;
                            config.vrrp.groups.put(draft.name, draft);
                        })
                .block(
                        "vrrp_script",
                        1,
                        1,
                        TrackScriptKeywords.TABLE,
                        (config, arguments) -> Optional.of(new TrackScriptKeywords.Draft(arguments)),
                        TrackScriptKeywords::end)
                .block(
                        "vrrp_track_process",
                        1,
                        1,
                        TrackProcessKeywords.TABLE,
                        (config, arguments) -> Optional.of(new TrackProcessKeywords.Draft(arguments)),
                        TrackProcessKeywords::end)
                .block(
                        "track_group",
                        1,
                        Integer.MAX_VALUE,
                        trackGroup(),
                        (config, arguments) -> begin(config.vrrp.trackGroups, arguments, it -> new ArrayList<String>()),
                        (config, members, arguments) ->
                                config.vrrp.trackGroups.put(arguments.word(0).text(), members))
                .block(
                        "garp_group",
                        0,
                        0,
                        garpGroup(),
                        (config, it) -> Optional.of(new boolean[1]),
                        VrrpBlocks::garpEnd)
                .notCarriedOut(NO_INTERFACES);
        fixed(
                table,
                "static_ipaddress",
                (vrrp, block) -> AddressLines.read(block, vrrp.staticAddresses, vrrp.trackGroups.keySet()));
        fixed(
                table,
                "static_routes",
                (vrrp, block) -> RouteLines.read(block, vrrp.staticRoutes, vrrp.trackGroups.keySet()));
        fixed(
                table,
                "static_rules",
                (vrrp, block) -> RuleLines.read(block, vrrp.staticRules, vrrp.trackGroups.keySet()));
        lines(table, "interface_up_down_delays", (config, arguments) -> delays(arguments));
        table.notCarriedOut(NO_INTERFACES);
        lines(table, "linkbeat_interfaces", (config, arguments) -> linkbeats(arguments));
        table.notCarriedOut("links are not polled");
    }

    /** Adds a block of what the host has whichever router is the master. */
    private static void fixed(Keywords.Builder<ConfigDraft> table, String name, Keyword.Handler<VrrpDraft> read) {
        lines(table, name, (config, block) -> read.read(config.vrrp, block));
        table.notCarriedOut("what is always there is left to the host's own configuration");
    }

    /** {@return a draft of what has one name that no other has} */
    private static <D> Optional<D> begin(Map<String, ?> there, Arguments arguments, Function<Arguments, D> make) {
        String name = arguments.word(0).text();
        if (arguments.count() > 1) {
            arguments.error(
                    "too-many-values", 1, Reading.shown(arguments.word(1).text()) + " (expected: one name)");
            return Optional.empty();
        }
        if (there.containsKey(name)) {
            arguments.error("duplicate", 0, Reading.shown(name) + " is there already (expected: another name)");
            return Optional.empty();
        }
        if (there.size() == MOST) {
            arguments.error(
                    "too-large", 0, "more than " + MOST + " of a kind: " + Reading.shown(name) + " is left out");
            return Optional.empty();
        }
        return Optional.of(make.apply(arguments));
    }

    private static Keywords<List<String>> trackGroup() {
        Keywords.Builder<List<String>> table = Keywords.in("track_group");
        lines(table, "group", (members, arguments) -> {
            for (Statement line : TrackLines.lines(arguments)) {
                line.words().stream().map(Word::text).forEach(members::add);
            }
            if (members.isEmpty()) {
                arguments
                        .reading()
                        .error("missing-value", arguments.at(), "group is empty (expected: names of vrrp_instances)");
            }
        });
        return table.once().build();
    }

    private static Keywords<boolean[]> garpGroup() {
        Value<Duration> interval = Value.seconds(0, Integer.MAX_VALUE);
        Keywords.Builder<boolean[]> table = Keywords.<boolean[]>in("garp_group")
                .value("garp_interval", interval, (has, time) -> has[0] = true)
                .value("gna_interval", interval, (has, time) -> has[0] = true)
                .value("interface", Interfaces.name(), (has, name) -> {})
                .adds();
        lines(table, "interfaces", (has, arguments) -> {
            boolean empty = arguments
                    .statement()
                    .block()
                    .map(Block::statements)
                    .orElse(List.of())
                    .isEmpty();
            if (empty) {
                arguments
                        .reading()
                        .error("missing-value", arguments.at(), "interfaces is empty (expected: names of interfaces)");
            }
        });
        return table.build();
    }

    private static void garpEnd(ConfigDraft config, boolean[] has, Arguments arguments) {
        if (!has[0]) {
            arguments
                    .reading()
                    .corrected(
                            "missing-keyword",
                            arguments.at(),
                            "garp_group has neither garp_interval nor gna_interval (expected: one)",
                            "it is ignored");
        }
    }

    /** Lines of {@code interface down [up]}; what is wrong with the times is only logged by keepalived. */
    private static void delays(Arguments arguments) {
        Reading reading = arguments.reading();
        for (Statement line : TrackLines.lines(arguments)) {
            Interfaces.isName(line.keyword(), arguments.keyword(), reading);
            if (line.words().size() < 2 || line.words().size() > 3) {
                reading.warning(
                        "missing-value",
                        line.keyword().at(),
                        "interface_up_down_delays: " + (line.words().size() - 1) + " times (expected: 1 or 2)");
            }
        }
    }

    private static void linkbeats(Arguments arguments) {
        for (Statement line : TrackLines.lines(arguments)) {
            Arguments each = new Arguments(line, arguments.reading());
            Interfaces.isName(line.keyword(), arguments.keyword(), arguments.reading());
            if (each.count() > 0) {
                each.value(0, Value.oneOf("MII", "ETHTOOL", "IOCTL"));
            }
            if (each.count() > 1) {
                each.error("too-many-values", 1, Reading.shown(each.word(1).text()) + " (expected: one word)");
            }
        }
    }
}
