package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Word;
import org.jspecify.annotations.Nullable;

/** The family of a route or rule: the first word that has one says it, and all others must agree. Not thread-safe. */
final class Families {
    private @Nullable AddressFamily family;

    /**
     * Takes what a word says. As keepalived does, it refuses also {@code default} after a word that has a family.
     *
     * @param said null = any
     */
    void meet(@Nullable AddressFamily said, Word word, LineWords line) {
        if (family == null) {
            family = said;
        } else if (family != said) {
            line.error(
                    "family-mismatch",
                    word,
                    Reading.shown(word.text()) + " does not go with what is before it (expected: family " + family
                            + ")");
        }
    }

    /** Takes the family of a word that cannot be of any other. */
    void require(AddressFamily only, Word word, LineWords line) {
        if (family == null || family == only) {
            family = only;
        } else {
            line.error(
                    "family-mismatch",
                    word,
                    word.text() + " in a line of family " + family + " (expected: " + only + ")");
        }
    }

    /**
     * Takes {@code inet} or {@code inet6}. keepalived 2.2.7 skips the word after it, whatever it is; lenient mode reads what is meant.
     */
    void word(AddressFamily said, Word word, LineWords line) {
        require(said, word, line);
        if (line.hasNext() && !line.isNext("to") && !line.reading().lenient()) {
            Word skipped = line.next();
            line.warning(
                    "ignored-value",
                    skipped,
                    Reading.shown(skipped.text()) + " is ignored, because keepalived 2.2.7 skips a word after "
                            + word.text() + " (expected: to)");
        }
    }

    boolean is(AddressFamily other) {
        return family == other;
    }

    AddressFamily orInet() {
        return family == null ? AddressFamily.INET : family;
    }
}
