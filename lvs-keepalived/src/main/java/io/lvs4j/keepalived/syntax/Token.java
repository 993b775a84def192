package io.lvs4j.keepalived.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a configuration, in the order in which they stand.
 *
 * @param kind what it is
 * @param at where it begins
 * @param indent the width of the blanks before it, if it is the first of a file's line; otherwise {@link SourceLine#NO_INDENT}
 * @param words the words of a statement, otherwise none
 * @param rest the text after the first word of a statement
 * @param comment a comment, or that at the end of a statement's line
 */
record Token(
        Kind kind,
        Position at,
        int indent,
        List<Word> words,
        String rest,
        @Nullable Comment comment) {
    enum Kind {
        STATEMENT,
        OPEN,
        CLOSE,
        COMMENT
    }

    static Token statement(int indent, List<Word> words, String rest, @Nullable Comment comment) {
        return new Token(Kind.STATEMENT, words.get(0).at(), indent, words, rest, comment);
    }

    static Token open(Position at, int indent) {
        return new Token(Kind.OPEN, at, indent, List.of(), "", null);
    }

    static Token close(Position at, int indent) {
        return new Token(Kind.CLOSE, at, indent, List.of(), "", null);
    }

    static Token comment(Comment comment) {
        return new Token(Kind.COMMENT, comment.at(), SourceLine.NO_INDENT, List.of(), "", comment);
    }

    Token with(Comment after) {
        return new Token(kind, at, indent, words, rest, after);
    }

    /** {@return the words of a statement after the first} */
    List<Word> arguments() {
        return words.subList(1, words.size());
    }

    /** {@return the first word of a statement} */
    String keyword() {
        return words.get(0).text();
    }
}
