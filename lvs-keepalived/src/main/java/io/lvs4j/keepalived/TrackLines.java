package io.lvs4j.keepalived;

import io.lvs4j.keepalived.TrackFileKeywords.TrackFile;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.vrrp.TrackProcess;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.Tracked;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The lines of {@code track_interface}, {@code track_script}, {@code track_process}, {@code track_file} and {@code track_bfd}: {@code name
 * [weight number [reverse|noreverse]]}. What a line names must stand before it in the file, as keepalived demands.
 */
final class TrackLines {
    private static final int MOST = 254;

    private TrackLines() {}

    /** A draft that a table reads into, with what it may look at. */
    interface Owner {
        TrackingDraft tracking();

        ConfigDraft config();
    }

    /** Adds the keywords. */
    static <T extends Owner> void keywords(Keywords.Builder<T> table) {
        block(
                table,
                "track_interface",
                owner -> owner.tracking().interfaces,
                (owner, name) -> Optional.of(Tracked.of(name)));
        block(
                table,
                "track_script",
                owner -> owner.tracking().scripts,
                (owner, name) -> Optional.ofNullable(owner.config().vrrp.scripts.get(name))
                        .map(TrackLines::tracked));
        block(
                table,
                "track_process",
                owner -> owner.tracking().processes,
                (owner, name) -> Optional.ofNullable(
                                owner.config().vrrp.processes.get(name))
                        .map(TrackLines::tracked));
        block(
                table,
                "track_file",
                owner -> owner.tracking().files,
                (owner, name) ->
                        Optional.ofNullable(owner.config().trackFiles.get(name)).map(TrackLines::tracked));
        block(
                table,
                "track_bfd",
                owner -> new HashMap<>(),
                (owner, name) ->
                        owner.config().bfdInstances.contains(name) ? Optional.of(Tracked.of(name)) : Optional.empty());
        table.notCarriedOut("there is no BFD");
    }

    private static Tracked tracked(TrackScript script) {
        return new Tracked(script.name(), script.weight(), script.reverse());
    }

    private static Tracked tracked(TrackProcess process) {
        return new Tracked(process.name(), process.weight(), process.reverse());
    }

    private static Tracked tracked(TrackFile file) {
        return new Tracked(file.name, file.weight.value(), file.weight.isReverse());
    }

    private static <T extends Owner> void block(
            Keywords.Builder<T> table,
            String keyword,
            Function<T, Map<String, Tracked>> into,
            BiFunction<T, String, Optional<Tracked>> find) {
        VrrpBlocks.lines(table, keyword, (owner, arguments) -> {
            for (Statement line : lines(arguments)) {
                read(
                        new Arguments(line, arguments.reading()),
                        keyword,
                        into.apply(owner),
                        name -> find.apply(owner, name));
            }
        });
    }

    static List<Statement> lines(Arguments block) {
        return block.statement().block().map(Block::statements).orElse(List.of());
    }

    private static void read(
            Arguments line, String keyword, Map<String, Tracked> into, Function<String, Optional<Tracked>> find) {
        Reading reading = line.reading();
        String name = line.keyword();
        String shown = keyword + ": " + Reading.shown(name);
        if (keyword.equals("track_interface")
                && !Interfaces.isName(line.statement().keyword(), keyword, reading)) {
            return;
        }
        Optional<Tracked> found = find.apply(name);
        if (found.isEmpty()) {
            reading.error("unknown-name", line.at(), shown + " (expected: one that the file describes before this)");
            return;
        }
        if (into.containsKey(name)) {
            reading.corrected(
                    "duplicate", line.at(), shown + " is there twice (expected: once)", "the first one counts");
            return;
        }
        weighted(line, shown, found.get(), keyword).ifPresent(tracked -> into.put(name, tracked));
    }

    private static Optional<Tracked> weighted(Arguments line, String shown, Tracked tracked, String keyword) {
        if (line.count() == 0) {
            return Optional.of(tracked);
        }
        if (line.value(0, Value.oneOf("weight")).isEmpty()) {
            return Optional.empty();
        }
        if (line.count() == 1) {
            line.error("missing-value", 0, "weight without a value (expected: -253..253)");
            return Optional.empty();
        }
        int most = keyword.equals("track_bfd") ? MOST - 1 : MOST;
        int weight = line.value(1, Value.integer(-most, most)).orElse(0);
        boolean narrow = keyword.equals("track_interface") || keyword.equals("track_script");
        if (narrow && Math.abs(weight) == MOST) {
            line.reading()
                    .corrected(
                            "out-of-range",
                            line.word(1).at(),
                            shown + ": weight " + weight + " (expected: -253..253)",
                            "it is one less");
            weight -= Integer.signum(weight);
        }
        boolean reverse = tracked.reverse();
        if (line.count() > 2) {
            String[] words = keyword.equals("track_interface")
                    ? new String[] {"reverse"}
                    : new String[] {"reverse", "noreverse"};
            reverse = line.value(2, Value.oneOf(words)).orElse("noreverse").equals("reverse");
        }
        return Optional.of(new Tracked(tracked.name(), weight, reverse));
    }
}
