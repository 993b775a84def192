package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.ScriptWords;
import io.lvs4j.vrrp.TrackScript;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code vrrp_script}. */
final class TrackScriptKeywords {
    private static final long MOST_SECONDS = Value.MAX / 1_000_000;
    private static final int MOST_WEIGHT = 253;

    static final Keywords<Draft> TABLE = Keywords.<Draft>in("vrrp_script")
            .words("script", 1, Integer.MAX_VALUE, TrackScriptKeywords::command)
            .words(
                    "interval",
                    1,
                    1,
                    (script, arguments) -> seconds(arguments).ifPresent(interval -> script.interval = interval))
            .words(
                    "timeout",
                    1,
                    1,
                    (script, arguments) -> seconds(arguments).ifPresent(timeout -> script.timeout = timeout))
            .words("weight", 1, 2, (script, arguments) -> script.weight.read(arguments))
            .value("rise", Value.integer(1, Integer.MAX_VALUE), (script, count) -> script.rise = count)
            .value("fall", Value.integer(1, Integer.MAX_VALUE), (script, count) -> script.fall = count)
            .words("user", 1, 2, (script, arguments) -> {
                script.user = arguments.word(0).text();
                script.group = arguments.count() > 1 ? arguments.word(1).text() : null;
            })
            .flag("init_fail", script -> script.beginsDown = true)
            .build();

    private TrackScriptKeywords() {}

    private static void command(Draft script, Arguments arguments) {
        List<String> words = ScriptWords.parse(arguments.statement().rest()).orElse(List.of());
        if (words.size() == 1) {
            words = ScriptWords.parse(words.get(0)).orElse(List.of());
        }
        script.command = words;
    }

    private static Optional<Duration> seconds(Arguments arguments) {
        Optional<Long> seconds = arguments.value(0, Value.number(0, MOST_SECONDS));
        if (seconds.isPresent() && seconds.get() == 0) {
            arguments
                    .reading()
                    .corrected(
                            "out-of-range",
                            arguments.word(0).at(),
                            arguments.keyword() + ": 0 (expected: at least 1)",
                            "it is 1");
        }
        return seconds.map(number -> Duration.ofSeconds(Math.max(1, number)));
    }

    /** Takes a script, which must have a command. */
    static void end(ConfigDraft config, Draft script, Arguments arguments) {
        Reading reading = arguments.reading();
        if (script.command.isEmpty()) {
            reading.error(
                    "missing-keyword",
                    script.at,
                    "vrrp_script " + Reading.shown(script.name) + " has no script (expected: a program)");
            return;
        }
        TrackScript made = new TrackScript(
                script.name,
                script.command,
                script.interval,
                script.timeout == null ? script.interval : script.timeout,
                script.rise,
                script.fall,
                script.weight.value(),
                script.weight.isReverse(),
                Optional.ofNullable(script.user),
                Optional.ofNullable(script.group),
                script.beginsDown);
        if (config.vrrp.scripts.putIfAbsent(script.name, made) != null) {
            reading.duplicate("vrrp_script", script.name, script.at);
        }
    }

    /** A {@code vrrp_script}, as it is read. Not thread-safe. */
    static final class Draft {
        final String name;
        final Position at;
        List<String> command = List.of();
        Duration interval = Duration.ofSeconds(1);

        @Nullable
        Duration timeout;

        final TrackWeight weight = new TrackWeight(MOST_WEIGHT, 0);
        int rise = 1;
        int fall = 1;

        @Nullable
        String user;

        @Nullable
        String group;

        boolean beginsDown;

        Draft(Arguments arguments) {
            name = arguments.word(0).text();
            at = arguments.at();
        }
    }
}
