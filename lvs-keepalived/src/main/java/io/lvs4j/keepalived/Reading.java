package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One reading of a configuration: its mode, what has been found, and where each keyword is at home. Not thread-safe. */
final class Reading {
    private static final int SHOWN = 60;
    private static final int MOST_LINES = 50_000;
    /** For so many unknown keywords is looked what was perhaps meant. */
    private static final int MOST_LOOKED_FOR = 250;

    private final ReadOptions options;
    private final Map<String, Set<String>> homes = new TreeMap<>();
    private final List<Diagnostic> found = new ArrayList<>();
    private final Set<String> noted = new HashSet<>();
    private int errors;
    private int lines;
    private int lookedFor;

    Reading(ReadOptions options, Keywords<?> root) {
        this.options = options;
        root.addHomes(homes, new HashSet<>());
    }

    boolean lenient() {
        return options.mode() == ReadOptions.Mode.LENIENT;
    }

    /** {@return how many errors there were so far, to see whether there are more after a block has been read} */
    int errors() {
        return errors;
    }

    /** {@return whether nothing more is listed, so that no words need be looked for} */
    boolean isFull() {
        return found.size() > options.parse().limits().diagnostics();
    }

    List<Diagnostic> found() {
        return found;
    }

    void error(String code, Position at, String message) {
        add(Severity.ERROR, code, at, message, null);
    }

    void error(String code, Position at, String message, @Nullable String hint) {
        add(Severity.ERROR, code, at, message, hint);
    }

    /** Tells what keepalived corrects and calls an error: in lenient mode it is corrected, too. */
    void corrected(String code, Position at, String message, String correction) {
        if (lenient()) {
            add(Severity.WARNING, code, at, message, correction);
        } else {
            add(Severity.ERROR, code, at, message, "keepalived goes on: " + correction);
        }
    }

    void warning(String code, Position at, String message) {
        add(Severity.WARNING, code, at, message, null);
    }

    void warning(String code, Position at, String message, String hint) {
        add(Severity.WARNING, code, at, message, hint);
    }

    /** {@return whether one more line of addresses, routes or rules is read; the first that is not is told} */
    boolean hasRoomForLine(Position at) {
        lines++;
        if (lines == MOST_LINES + 1) {
            error(
                    "too-large",
                    at,
                    "more than " + MOST_LINES + " lines of addresses, routes and rules: the rest is not read");
        }
        return lines <= MOST_LINES;
    }

    /** Tells of a block with the name of one before it. */
    void duplicate(String block, String name, Position at) {
        warning("duplicate", at, block + " " + shown(name) + " is there twice; the first one counts");
    }

    /** Tells of a keyword that is understood and not carried out, the first time only. */
    void notCarriedOut(String keyword, Position at, String message) {
        if (noted.add(keyword)) {
            add(Severity.NOTE, "not-carried-out", at, message, null);
        }
    }

    /** Tells of a service or check that is understood and is not among what has been read. */
    void leftOut(Position at, String message) {
        add(Severity.NOTE, "left-out", at, message, null);
    }

    /** Tells of a virtual router or a group of them that is not among what has been read: without it the others are no substitute. */
    void routerLeftOut(Position at, String message) {
        add(Severity.WARNING, "router-left-out", at, message, null);
    }

    private void add(Severity severity, String code, Position at, String message, @Nullable String hint) {
        if (severity == Severity.ERROR) {
            errors++;
        }
        int limit = options.parse().limits().diagnostics();
        if (found.size() < limit) {
            found.add(new Diagnostic(severity, code, at, message, Optional.ofNullable(hint)));
        } else if (found.size() == limit) {
            found.add(new Diagnostic(
                    Severity.ERROR,
                    "too-many-diagnostics",
                    at,
                    "more than " + limit + " diagnostics: the rest is not listed",
                    Optional.empty()));
        }
    }

    /** Tells of a word that is no keyword where it stands. */
    void unknown(String word, Position at, Keywords<?> here) {
        if (isFull()) {
            errors++;
            return;
        }
        for (String each : here.names()) {
            if (each.equalsIgnoreCase(word)) {
                error("wrong-case", at, shown(word) + " is no keyword " + here.place(), "it is written " + each);
                return;
            }
        }
        Set<String> home = homes.getOrDefault(word, Set.of());
        boolean looks = lookedFor++ < MOST_LOOKED_FOR;
        Optional<String> near =
                looks ? Spelling.nearest(word.toLowerCase(Locale.ROOT), here.names()) : Optional.empty();
        if (!home.isEmpty()) {
            error(
                    "wrong-block",
                    at,
                    word + " does not belong " + here.place(),
                    "it belongs in " + String.join(", ", home)
                            + near.map(meant -> "; did you mean " + meant + "?").orElse(""));
            return;
        }
        if (near.isEmpty() && looks) {
            near = Spelling.nearest(word, homes.keySet());
        }
        error(
                "unknown-keyword",
                at,
                shown(word) + " is no keyword " + here.place(),
                near.map(meant -> "did you mean " + meant + "?").orElse(null));
    }

    /** {@return a text as it can be shown: on one line, and not too long} */
    static String shown(String text) {
        int plain = 0;
        while (plain < Math.min(SHOWN, text.length()) && text.charAt(plain) >= ' ' && text.charAt(plain) <= '~') {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < SHOWN; i++) {
            char each = text.charAt(i);
            shown.append(
                    Character.isISOControl(each) || Character.getType(each) == Character.FORMAT
                            ? String.format("\\u%04x", (int) each)
                            : String.valueOf(each));
        }
        return text.length() > SHOWN ? shown.append("...").toString() : shown.toString();
    }
}
