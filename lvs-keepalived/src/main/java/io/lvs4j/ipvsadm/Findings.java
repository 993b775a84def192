package io.lvs4j.ipvsadm;

import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects diagnostics of a text: all of them, up to a number that nobody reads through. Confined to one thread. */
final class Findings {
    static final int MAX = 1000;
    private static final int MAX_VALUE = 64;

    private final List<Diagnostic> found = new ArrayList<>();
    private int errors;

    void error(String code, Position at, String message) {
        errors++;
        add(new Diagnostic(Severity.ERROR, code, at, message, Optional.empty()));
    }

    void error(String code, Position at, String message, String hint) {
        errors++;
        add(new Diagnostic(Severity.ERROR, code, at, message, Optional.of(hint)));
    }

    void warning(String code, Position at, String message) {
        add(new Diagnostic(Severity.WARNING, code, at, message, Optional.empty()));
    }

    private void add(Diagnostic diagnostic) {
        if (found.size() < MAX) {
            found.add(diagnostic);
        } else if (found.size() == MAX) {
            found.add(new Diagnostic(
                    Severity.ERROR,
                    "too-many-errors",
                    diagnostic.at(),
                    "from here on nothing is looked at (expected: at most " + MAX + " faults)",
                    Optional.empty()));
        }
    }

    /** How many errors there were, told or not. */
    int errors() {
        return errors;
    }

    /** Whether there is so much that nothing more is told. */
    boolean full() {
        return found.size() > MAX;
    }

    List<Diagnostic> list() {
        return List.copyOf(found);
    }

    /** Returns a value as a message may quote it: not too long, and without what changes a terminal. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (i == MAX_VALUE) {
                return text.append("...").toString();
            }
            char c = value.charAt(i);
            text.append(c > ' ' && c < 127 ? c : '?');
        }
        return text.toString();
    }
}
