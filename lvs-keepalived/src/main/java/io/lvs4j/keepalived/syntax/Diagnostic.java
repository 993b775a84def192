package io.lvs4j.keepalived.syntax;

import java.util.Objects;
import java.util.Optional;

/**
 * Something about a configuration that its writer should know.
 *
 * @param severity how bad it is
 * @param code what kind it is, the same for all of a kind and in every release, such as {@code unknown-keyword}
 * @param at where it is
 * @param message what is wrong: the thing, the value and what was expected
 * @param hint what to do, such as the keyword that was perhaps meant
 */
public record Diagnostic(Severity severity, String code, Position at, String message, Optional<String> hint) {
    /** How bad something is. */
    public enum Severity {
        /** It cannot be meant as it is written, and would not be carried out. */
        ERROR,
        /** It is carried out, but perhaps not as the writer thinks. */
        WARNING,
        /** It is understood, and not carried out here. */
        NOTE
    }

    /** Requires all parts. */
    public Diagnostic {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }

    /** {@return {@code file:line:column: severity: message; hint [code]}} */
    @Override
    public String toString() {
        return at + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + message
                + hint.map(words -> "; " + words).orElse("") + " [" + code + "]";
    }
}
