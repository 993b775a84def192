package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects diagnostics, up to a number. Not thread-safe. */
final class Diagnostics {
    /** What is shown of a text that is wrong. */
    private static final int SHOWN = 60;

    private final List<Diagnostic> all = new ArrayList<>();
    /** Codes and places. */
    private final Set<List<Object>> told = new HashSet<>();

    private final int limit;

    Diagnostics(int limit) {
        this.limit = limit;
    }

    void error(String code, Position at, String message) {
        add(new Diagnostic(Diagnostic.Severity.ERROR, code, at, message, Optional.empty()));
    }

    void error(String code, Position at, String message, String hint) {
        add(new Diagnostic(Diagnostic.Severity.ERROR, code, at, message, Optional.of(hint)));
    }

    void warning(String code, Position at, String message, String hint) {
        add(new Diagnostic(Diagnostic.Severity.WARNING, code, at, message, Optional.of(hint)));
    }

    /** What steps that see the same line one after the other both find, and what each round of a sequence does, is told once. */
    private void add(Diagnostic found) {
        if (all.size() > limit) {
            return;
        }
        if (all.size() == limit) {
            all.add(new Diagnostic(
                    Diagnostic.Severity.ERROR,
                    "too-many-diagnostics",
                    found.at(),
                    "more than " + limit + " diagnostics: the rest is not listed",
                    Optional.empty()));
            return;
        }
        if (told.add(place(found.code(), found.at()))) {
            all.add(found);
        }
    }

    /** {@return whether a diagnostic would not be kept, so that its message need not be made} */
    boolean isTold(String code, Position at) {
        return isFull() || told.contains(place(code, at));
    }

    private static List<Object> place(String code, Position at) {
        boolean byLine = code.equals("unterminated-quote");
        return List.of(code, at.file(), at.line(), byLine ? 0 : at.column());
    }

    /** {@return whether nothing more is kept} */
    boolean isFull() {
        return all.size() > limit;
    }

    List<Diagnostic> all() {
        return all;
    }

    /** {@return a text as it can be shown: on one line, and not too long} */
    static String shown(String text) {
        return shown(text, 0);
    }

    static String shown(String text, int from) {
        StringBuilder shown = new StringBuilder();
        for (int i = from; i < text.length() && i < from + SHOWN; i++) {
            char each = text.charAt(i);
            if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", (int) each));
            } else {
                shown.append(each);
            }
        }
        return text.length() > from + SHOWN ? shown.append("...").toString() : shown.toString();
    }
}
