package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The words of one line of a block whose lines have keywords of their own, such as {@code 10.0.0.5/24 dev eth0 label eth0:1}, one after
 * the other. After a word without a value nothing more is read: keepalived ends there. Not thread-safe.
 */
final class LineWords {
    private final String block;
    private final List<Word> words;
    private final Reading reading;
    private final int errorsBefore;
    private int next;

    private LineWords(String block, List<Word> words, Reading reading) {
        this.block = block;
        this.words = words;
        this.reading = reading;
        errorsBefore = reading.errors();
    }

    /** Reads each line of a block. */
    static void each(Arguments block, Consumer<LineWords> read) {
        Reading reading = block.reading();
        for (Statement line : block.statement().block().map(Block::statements).orElse(List.of())) {
            if (!reading.hasRoomForLine(line.keyword().at())) {
                return;
            }
            if (line.block().isPresent()) {
                reading.error(
                        "unexpected-block",
                        line.block().get().open(),
                        block.keyword() + ": " + Reading.shown(line.keyword().text())
                                + " has a block (expected: none)");
            } else {
                read.accept(new LineWords(block.keyword(), line.words(), reading));
            }
        }
    }

    Reading reading() {
        return reading;
    }

    /** {@return all words, as they are written} */
    List<String> texts() {
        return words.stream().map(Word::text).toList();
    }

    /** {@return the first word, which says where the line is} */
    Word first() {
        return words.get(0);
    }

    boolean hasNext() {
        return next < words.size();
    }

    /** {@return whether the next word is this one} */
    boolean isNext(String text) {
        return hasNext() && words.get(next).text().equals(text);
    }

    /** {@return the next word, if it is one of these} */
    Optional<Word> nextOf(Set<String> texts) {
        return hasNext() && texts.contains(words.get(next).text()) ? Optional.of(words.get(next)) : Optional.empty();
    }

    Word next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more words");
        }
        return words.get(next++);
    }

    /** {@return the word after a keyword; empty = there is none, which has been told} */
    Optional<Word> valueOf(Word keyword) {
        if (hasNext()) {
            return Optional.of(next());
        }
        reading.error(
                "missing-value",
                keyword.at(),
                block + ": " + Reading.shown(keyword.text()) + " has no value (expected: one)");
        return Optional.empty();
    }

    /** {@return the value after a keyword; empty = there is none, or it is wrong, which has been told} */
    <V> Optional<V> valueOf(Word keyword, Value<V> form) {
        return valueOf(keyword).flatMap(word -> parse(keyword, word, form));
    }

    <V> Optional<V> parse(Word keyword, Word word, Value<V> form) {
        return form.parse(keyword.text(), word, reading);
    }

    /** {@return the group of a static address, route or rule; empty = there is none, which has been told} */
    Optional<String> trackGroup(Word keyword, Set<String> known, @Nullable String earlier) {
        Optional<String> name = valueOf(keyword, Value.text());
        if (earlier != null) {
            error("duplicate", keyword, "track_group is there twice (expected: once)");
        } else if (name.isPresent() && !known.contains(name.get())) {
            reading.error(
                    "unknown-name",
                    keyword.at(),
                    block + ": track_group " + Reading.shown(name.get()) + " (expected: a track_group before it)",
                    Spelling.nearest(name.get(), known)
                            .map(meant -> "did you mean " + meant + "?")
                            .orElse(null));
        }
        return name;
    }

    /** {@return whether something of this line is wrong} */
    boolean isFaulty() {
        return reading.errors() > errorsBefore;
    }

    void error(String code, Word word, String message) {
        reading.error(code, word.at(), block + ": " + message);
    }

    /** Tells what keepalived corrects and calls an error. */
    void corrected(String code, Word word, String message, String correction) {
        reading.corrected(code, word.at(), block + ": " + message, correction);
    }

    void warning(String code, Word word, String message) {
        reading.warning(code, word.at(), block + ": " + message);
    }

    /** Reads the words with a table of what each means. */
    <D> void read(D draft, Map<String, Taker<D>> table, Other<D> other) {
        while (hasNext()) {
            Word word = next();
            Taker<D> taker = table.get(word.text());
            if (taker != null) {
                taker.take(draft, word, this);
            } else if (!other.take(draft, word, this)) {
                unknown(word, table.keySet());
            }
        }
    }

    /** Tells of a word that means nothing, and goes on at the next one that does. */
    void unknown(Word word, Collection<String> known) {
        while (hasNext() && !known.contains(words.get(next).text())) {
            next++;
        }
        if (reading.isFull()) {
            error("unknown-keyword", word, Reading.shown(word.text()));
            return;
        }
        Optional<String> same =
                known.stream().filter(word.text()::equalsIgnoreCase).findFirst();
        Optional<String> near = same.or(() -> Spelling.nearest(word.text().toLowerCase(Locale.ROOT), known));
        reading.error(
                same.isPresent() ? "wrong-case" : "unknown-keyword",
                word.at(),
                block + ": " + Reading.shown(word.text()) + " is no keyword of a line (expected: one of "
                        + String.join(", ", known.stream().sorted().toList()) + ")",
                near.map(meant -> "did you mean " + meant + "?").orElse(null));
    }

    /** Makes a record of what has been read; what the record refuses is told. */
    <R> void finish(List<R> into, Supplier<R> make) {
        if (isFaulty()) {
            return;
        }
        try {
            into.add(make.get());
        } catch (IllegalArgumentException e) {
            error("invalid-value", first(), Reading.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Takes a keyword and what follows it. */
    @FunctionalInterface
    interface Taker<D> {
        void take(D draft, Word keyword, LineWords line);
    }

    /** Takes a word that is no keyword. */
    @FunctionalInterface
    interface Other<D> {
        /** {@return false if it means nothing} */
        boolean take(D draft, Word word, LineWords line);
    }

    /** {@return what takes a keyword with one value} */
    static <D, V> Taker<D> value(Value<V> form, BiConsumer<D, V> set) {
        return (draft, keyword, line) -> line.valueOf(keyword, form).ifPresent(value -> set.accept(draft, value));
    }

    /** {@return what takes a keyword without a value} */
    static <D> Taker<D> flag(Consumer<D> set) {
        return (draft, keyword, line) -> set.accept(draft);
    }

    String block() {
        return block;
    }
}
