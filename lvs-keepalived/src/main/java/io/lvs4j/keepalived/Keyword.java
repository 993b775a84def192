package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Word;
import java.util.Optional;

/**
 * A keyword of a block: how many values it has, whether it has a block of its own, and what reads it.
 *
 * @param name it
 * @param least how few values it may have
 * @param most how many values it may have; more are ignored, as keepalived does
 * @param form whether a block follows
 * @param repeat what becomes of it if it is there twice
 * @param handler what reads it
 * @param note empty = it is carried out; otherwise why it is not, or what is done instead
 * @param replacement empty = it is in use; otherwise what is to be written instead
 * @param child the keywords of its block, if those are in a table
 * @param <T> what its block is read into
 */
record Keyword<T>(
        String name,
        int least,
        int most,
        Form form,
        Repeat repeat,
        Handler<T> handler,
        Optional<String> note,
        Optional<Deprecation> replacement,
        Optional<Keywords<?>> child) {

    /** Whether a block follows. */
    enum Form {
        LINE,
        BLOCK
    }

    /** What becomes of a keyword that is there twice. */
    enum Repeat {
        /** Each is read: it adds something. */
        ADDS,
        /** Each is read, so that the last one counts, with a warning. */
        LAST_COUNTS,
        /** The second one is an error. */
        REFUSED
    }

    /**
     * What is to be written instead of a keyword.
     *
     * @param instead it
     * @param error whether keepalived calls the old one an error
     */
    record Deprecation(String instead, boolean error) {}

    /** Reads a statement into a draft of its block. */
    @FunctionalInterface
    interface Handler<T> {
        void read(T into, Arguments arguments);
    }

    Keyword<T> with(Repeat changed) {
        return new Keyword<>(name, least, most, form, changed, handler, note, replacement, child);
    }

    Keyword<T> withNote(String text) {
        return new Keyword<>(name, least, most, form, repeat, handler, Optional.of(text), replacement, child);
    }

    Keyword<T> with(Deprecation changed) {
        return new Keyword<>(name, least, most, form, repeat, handler, note, Optional.of(changed), child);
    }

    /** Reads a statement, unless its form is wrong. */
    void read(T into, Arguments arguments) {
        Reading reading = arguments.reading();
        replacement.ifPresent(old -> deprecated(old, arguments));
        Optional<Block> block = arguments.statement().block();
        if (form == Form.BLOCK && block.isEmpty()) {
            reading.error("missing-block", arguments.at(), name + " has no block (expected: { and } after it)");
            return;
        }
        if (form == Form.LINE && block.isPresent()) {
            reading.error("unexpected-block", block.get().open(), name + " has a block (expected: none)");
            return;
        }
        if (arguments.count() < least) {
            reading.error(
                    "missing-value",
                    arguments.at(),
                    name + ": " + arguments.count() + " values (expected: "
                            + (least == most ? least : "at least " + least) + ")");
            return;
        }
        if (arguments.count() > most) {
            Word first = arguments.word(most);
            reading.warning(
                    "too-many-values",
                    first.at(),
                    name + ": " + Reading.shown(first.text()) + " is ignored (expected: " + most + " values)");
        }
        note.ifPresent(text -> reading.notCarriedOut(name, arguments.at(), name + ": " + text));
        handler.read(into, arguments);
    }

    private void deprecated(Deprecation old, Arguments arguments) {
        Position at = arguments.at();
        String message = name + " is deprecated";
        String hint = "write " + old.instead();
        if (old.error()) {
            arguments.reading().corrected("deprecated-keyword", at, message, hint);
        } else {
            arguments.reading().warning("deprecated-keyword", at, message + ", " + hint);
        }
    }
}
