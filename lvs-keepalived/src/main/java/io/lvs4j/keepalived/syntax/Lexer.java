package io.lvs4j.keepalived.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes tokens of lines without comments. A brace stands for itself wherever it is outside of double quotes, even within a word: what
 * is before it on its line is a statement, and what follows it is read as a line of its own. Words are separated by blanks and quotes, and
 * {@code "} quotes up to the next {@code "}: nothing can be escaped between them, and pieces are not joined ({@code a"b c"} is two words).
 *
 * <p>Differs from keepalived 2.2.7 in that a text whose quote does not end is read up to the end of its line (keepalived takes the words
 * before it), and that the braces of {@code ${name}}, of a name that is not defined, belong to the word: there they open and close
 * blocks.
 */
final class Lexer {
    /** So many words that are met again are kept once. */
    private static final int SHARED = 4096;

    private final List<Token> tokens = new ArrayList<>();
    private final Map<String, String> shared = new HashMap<>();
    private final Diagnostics diagnostics;
    private final int limit;
    private int count;

    Lexer(int limit, Diagnostics diagnostics) {
        this.limit = limit;
        this.diagnostics = diagnostics;
    }

    List<Token> tokens() {
        return tokens;
    }

    /** {@return whether the limit is reached, so that the rest is not to be read} */
    boolean isFull() {
        return count > limit;
    }

    /** Adds the tokens of a line. */
    void line(SourceLine line, Optional<Comment> comment) {
        String text = line.text();
        int first = tokens.size();
        int indent = line.indent();
        for (int i = 0; i < text.length() && !isFull(); ) {
            char each = text.charAt(i);
            if (SourceLine.isBlank(each)) {
                i++;
                continue;
            }
            if (each == '{' || each == '}') {
                Position at = line.at(i);
                count(at);
                if (isFull()) {
                    return;
                }
                tokens.add(each == '{' ? Token.open(at, indent) : Token.close(at, indent));
                i++;
            } else {
                int end = brace(line, i);
                statement(line, i, end, indent);
                i = end;
            }
            indent = SourceLine.NO_INDENT;
        }
        comment.ifPresent(found -> comment(found, first));
    }

    /** A comment belongs to the last statement of its line; otherwise it stands for itself. */
    private void comment(Comment comment, int first) {
        if (isFull()) {
            return;
        }
        count(comment.at());
        if (isFull()) {
            return;
        }
        for (int i = tokens.size() - 1; i >= first; i--) {
            if (tokens.get(i).kind() == Token.Kind.STATEMENT) {
                boolean opens = tokens.size() - 2 == i && tokens.get(i + 1).kind() == Token.Kind.OPEN;
                if (opens || tokens.size() - 1 == i) {
                    tokens.set(i, tokens.get(i).with(comment));
                    return;
                }
                break;
            }
        }
        tokens.add(Token.comment(comment));
    }

    private void count(Position at) {
        if (++count == limit + 1) {
            diagnostics.error(
                    "too-large", at, "more than " + limit + " words, comments and braces: the rest is not read");
        }
    }

    /** {@return where the next brace is, or the end} */
    static int brace(SourceLine line, int from) {
        String text = line.text();
        if (text.indexOf('{', from) < 0 && text.indexOf('}', from) < 0) {
            return text.length(); // most lines; others are looked at by the character, for quotes
        }
        for (int i = from; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"') {
                i = text.indexOf('"', i + 1);
                if (i < 0) {
                    break;
                }
            } else if (each == '{' && i > from && text.charAt(i - 1) == '$' && Definitions.endOfName(text, i) > 0) {
                i = Definitions.endOfName(text, i) - 1;
            } else if (each == '{' || each == '}') {
                return i;
            }
        }
        return text.length();
    }

    private void statement(SourceLine line, int begin, int end, int indent) {
        String text = line.text();
        List<Word> words = new ArrayList<>(2);
        int rest = end;
        for (int i = begin; i < end && !isFull(); ) {
            if (SourceLine.isBlank(text.charAt(i))) {
                i++;
                continue;
            }
            int start = i;
            boolean quoted = text.charAt(i) == '"';
            String word;
            if (quoted) {
                i = text.indexOf('"', start + 1);
                if (i < 0 || i >= end) {
                    Comments.unterminated(line, start, diagnostics);
                    i = end;
                }
                word = i == end ? text.substring(start + 1, end).stripTrailing() : text.substring(start + 1, i);
                i = Math.min(end, i + 1);
            } else {
                while (i < end && text.charAt(i) != '"' && !SourceLine.isBlank(text.charAt(i))) {
                    i++;
                }
                word = text.substring(start, i);
            }
            Position at = line.at(start);
            count(at);
            if (isFull()) {
                break;
            }
            words.add(new Word(shared(word), at, quoted));
            if (words.size() == 1) {
                rest = i;
            }
        }
        if (words.isEmpty()) {
            return;
        }
        tokens.add(Token.statement(indent, List.copyOf(words), rest(words, text.substring(rest, end)), null));
    }

    /** {@return the rest of a statement; that of most is their second word, which is not kept twice} */
    private static String rest(List<Word> words, String text) {
        String rest = text.strip();
        return words.size() == 2 && words.get(1).text().equals(rest)
                ? words.get(1).text()
                : rest;
    }

    private String shared(String word) {
        String known = shared.get(word);
        if (known == null) {
            if (shared.size() < SHARED) {
                shared.put(word, word);
            }
            return word;
        }
        return known;
    }
}
