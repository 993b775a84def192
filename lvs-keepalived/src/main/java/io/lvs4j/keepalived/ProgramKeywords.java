package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.keepalived.syntax.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code MISC_CHECK}, {@code FILE_CHECK} and {@code BFD_CHECK}: checks that do not ask the server. */
final class ProgramKeywords {
    private static final long MOST_SECONDS = Value.MAX / 1_000_000;
    private static final int MOST_WEIGHT = Integer.MAX_VALUE;

    static final Keywords<Misc> MISC = CheckKeywords.common(Keywords.<Misc>in("MISC_CHECK"))
            .words(
                    "misc_path",
                    1,
                    Integer.MAX_VALUE,
                    (check, arguments) -> Script.read(arguments).ifPresent(script -> check.command = script.command()))
            .value("misc_timeout", Value.number(0, MOST_SECONDS), (check, seconds) -> check.seconds = seconds)
            .flag("misc_dynamic", check -> check.dynamic = true)
            .words("user", 1, 2, (check, arguments) -> {})
            .notCarriedOut("a program is run by the user of this process")
            .build();

    static final Keywords<Tracked> FILE = Keywords.<Tracked>in("FILE_CHECK")
            .words("track_file", 1, 1, (check, arguments) -> check.tracked = arguments.word(0))
            .words("weight", 1, 2, (check, arguments) -> weight(check, arguments))
            .build();

    static final Keywords<Tracked> BFD = Keywords.<Tracked>in("BFD_CHECK")
            .words("name", 1, 1, (check, arguments) -> check.tracked = arguments.word(0))
            .once()
            .bool("alpha", (check, yes) -> {})
            .build();

    private ProgramKeywords() {}

    static void end(ServerDraft server, Misc check, Arguments arguments) {
        if (check.command.isEmpty()) {
            arguments
                    .reading()
                    .error("missing-keyword", arguments.at(), "MISC_CHECK has no misc_path (expected: a program)");
        } else {
            CheckKeywords.add(server, check, arguments);
        }
    }

    /** Takes what names a file or BFD session, which is looked for when all is read. */
    static void end(ServerDraft server, Tracked check, Arguments arguments) {
        if (check.tracked == null) {
            String wanted = check.name.equals("BFD_CHECK") ? "name" : "track_file";
            arguments
                    .reading()
                    .error("missing-keyword", arguments.at(), check.name + " has no " + wanted + " (expected: one)");
        } else {
            CheckKeywords.add(server, check, arguments);
        }
    }

    private static void weight(Tracked check, Arguments arguments) {
        arguments.value(0, Value.integer(-MOST_WEIGHT, MOST_WEIGHT)).ifPresent(weight -> check.weight = weight);
        if (arguments.count() > 1) {
            arguments.value(1, Value.oneOf("reverse", "noreverse"));
        }
    }

    /** {@code MISC_CHECK}. */
    static final class Misc extends CheckDraft {
        private List<String> command = List.of();
        private long seconds;
        private boolean dynamic;

        Misc(Arguments arguments) {
            super(arguments);
        }

        @Override
        int defaultRetries() {
            return 0;
        }

        @Override
        Duration timeout(TimingDraft all, Duration loop) {
            return seconds == 0 ? loop : Duration.ofSeconds(seconds);
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            return new MiscCheck(command, dynamic, timing);
        }
    }

    /** {@code FILE_CHECK} or {@code BFD_CHECK}. */
    static final class Tracked extends CheckDraft {
        @Nullable
        Word tracked;

        @Nullable
        Integer weight;
        /** Found by its name when all is read. */
        @Nullable
        Path file;

        Tracked(Arguments arguments) {
            super(arguments);
        }

        @Override
        int defaultRetries() {
            return 0;
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            if (file == null) {
                throw new IllegalArgumentException(name + ": " + tracked + " (expected: a track_file)");
            }
            return new FileCheck(file, false, timing);
        }
    }
}
