package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.ConfigParser;
import io.lvs4j.keepalived.syntax.ConfigTree;
import io.lvs4j.keepalived.syntax.ParseOptions;
import io.lvs4j.keepalived.syntax.ParseResult;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the statements of a block. Not thread-safe. */
final class BlockWriter {
    private static final Position NOWHERE = new Position("", 1, 1);

    private final List<Statement> statements = new ArrayList<>();

    /** Adds a line of words. */
    void add(String keyword, Object... values) {
        add(words(keyword, values), Optional.empty());
    }

    /** Adds a keyword with a time in seconds. */
    void seconds(String keyword, Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros();
        if (seconds.scale() > 6) {
            throw new IllegalArgumentException(keyword + ": " + time + " (expected: whole microseconds)");
        }
        add(keyword, seconds.toPlainString());
    }

    /** Adds a block. */
    void block(Consumer<BlockWriter> content, String keyword, Object... values) {
        BlockWriter inner = new BlockWriter();
        content.accept(inner);
        add(words(keyword, values), Optional.of(new Block(inner.statements, List.of(), NOWHERE, NOWHERE)));
    }

    /** Adds a pattern, which has quotes of its own. */
    void pattern(String keyword, String pattern) {
        quoted(keyword, escape(pattern, "\""));
    }

    /** Adds a program with its arguments, which are words within a word. */
    void program(String keyword, List<String> command) {
        program(keyword, command, List.of());
    }

    /** Adds a program with its arguments, and more words after it. */
    void program(String keyword, List<String> command, List<String> more) {
        String words = command.stream()
                .map(word -> word.isEmpty() ? "\"\"" : escape(word, "\"' \t"))
                .collect(Collectors.joining(" "));
        line(
                keyword,
                quote(escape(words, "\""))
                        + more.stream()
                                .map(word -> " " + quote(escape(word, "\"")))
                                .collect(Collectors.joining()));
    }

    /** Adds a text, which must be what can be quoted. */
    void text(String keyword, String text) {
        add(List.of(new Word(keyword, NOWHERE, false), new Word(text, NOWHERE, true)), Optional.empty());
    }

    private void quoted(String keyword, String text) {
        line(keyword, quote(text));
    }

    private static String quote(String text) {
        return '"' + text + '"';
    }

    private void line(String keyword, String text) {
        ParseResult line = ConfigParser.parse("", keyword + " " + text + "\n", ParseOptions.DEFAULT);
        if (line.hasErrors() || line.tree().statements().size() != 1) {
            throw new IllegalArgumentException(
                    keyword + ": " + Reading.shown(text) + " (expected: what can be quoted on a line)");
        }
        statements.add(line.tree().statements().get(0));
    }

    /** {@return a text with signs as octal numbers: a quote with a backslash before it would still end what is quoted on a line} */
    private static String escape(String text, String signs) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each < ' ' || signs.indexOf(each) >= 0) {
                escaped.append(String.format("\\%03o", (int) each));
            } else {
                escaped.append(each == '\\' ? "\\" : "").append(each);
            }
        }
        return escaped.toString();
    }

    private static List<Word> words(String keyword, Object... values) {
        return Stream.concat(Stream.of(keyword), Stream.of(values).map(String::valueOf))
                .map(text -> new Word(text, NOWHERE, text.isEmpty()))
                .toList();
    }

    private void add(List<Word> words, Optional<Block> block) {
        statements.add(new Statement(words, "", block, List.of(), Optional.empty()));
    }

    ConfigTree tree() {
        return new ConfigTree(statements, List.of());
    }
}
