package io.lvs4j.keepalived.syntax;

import java.util.List;
import java.util.Optional;

/**
 * Writes a tree as keepalived.conf: each statement on a line, blocks indented by four blanks, comments where they were. What is read again
 * is the same tree but for positions, and is written the same. Thread-safe.
 *
 * <p>A statement's {@link Statement#rest} is written as it is if its words are the statement's, so that programs and patterns keep their
 * quotes; otherwise its words are written. A word with {@code \#} or {@code \!} in it, which a definition with a lone quote can make, is
 * written in quotes, as nothing else is read as it. Definitions, conditions and includes of a file that was read are not in its tree.
 */
public final class ConfigWriter {
    private static final String INDENT = "    ";

    private ConfigWriter() {}

    /**
     * {@return a tree's text, which ends with a line feed if it is not empty}
     *
     * @param tree it
     * @throws IllegalArgumentException if a word cannot be written: it has a line feed, or a {@code "}
     */
    public static String write(ConfigTree tree) {
        StringBuilder out = new StringBuilder();
        statements(tree.statements(), tree.end(), "", out);
        return out.toString();
    }

    private static void statements(List<Statement> statements, List<Comment> end, String indent, StringBuilder out) {
        for (Statement each : statements) {
            comments(each.before(), indent, out);
            out.append(indent).append(word(each.keyword(), true));
            String rest = rest(each);
            if (!rest.isEmpty()) {
                out.append(' ').append(rest);
            }
            each.block().ifPresent(block -> out.append(" {"));
            each.after().ifPresent(comment -> out.append(' ').append(comment(comment)));
            out.append('\n');
            each.block().ifPresent(block -> {
                statements(block.statements(), block.end(), indent + INDENT, out);
                out.append(indent).append("}\n");
            });
        }
        comments(end, indent, out);
    }

    private static void comments(List<Comment> comments, String indent, StringBuilder out) {
        comments.forEach(each -> out.append(indent).append(comment(each)).append('\n'));
    }

    private static String comment(Comment comment) {
        String text = comment.text();
        boolean one = (text.startsWith("#") || text.startsWith("!")) && text.indexOf('\n') < 0 && !text.endsWith("\\");
        if (!one) {
            throw new IllegalArgumentException("comment: " + Diagnostics.shown(text)
                    + " (expected: # or ! and text on one line that does not end with \\)");
        }
        return text;
    }

    private static String rest(Statement statement) {
        String written = escape(statement.rest());
        List<Word> arguments = statement.arguments();
        if (isReadAs(written, arguments)) {
            return written;
        }
        StringBuilder words = new StringBuilder();
        for (Word each : arguments) {
            words.append(words.length() == 0 ? "" : " ").append(word(each, false));
        }
        return words.toString();
    }

    /** {@return whether what follows a keyword is read as these words} */
    private static boolean isReadAs(String text, List<Word> words) {
        Diagnostics diagnostics = new Diagnostics(1);
        Lexer lexer = new Lexer(words.size() + 2, diagnostics);
        Comments line = Comments.split(SourceLine.of("", 1, "x " + text), diagnostics);
        lexer.line(line.code(), Optional.empty());
        if (lexer.tokens().size() != 1
                || line.comment().isPresent()
                || line.continued()
                || !diagnostics.all().isEmpty()) {
            return false;
        }
        List<Word> read = lexer.tokens().get(0).arguments();
        if (read.size() != words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            Word each = words.get(i);
            if (!each.text().equals(read.get(i).text())
                    || each.quoted() != read.get(i).quoted()) {
                return false;
            }
        }
        return true;
    }

    private static String word(Word word, boolean keyword) {
        String text = word.text();
        String plain = escape(text);
        boolean special = keyword
                && (text.startsWith("@")
                        || text.startsWith("~SEQ")
                        || text.startsWith("~LST")
                        || Definitions.assignment(text) > 0
                        || Includes.isInclude(text + " "));
        if (!word.quoted() && !special && isReadAs(plain, List.of(word))) {
            return plain;
        }
        if (text.indexOf('"') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(
                    "word: " + Diagnostics.shown(text) + " (expected: no \" and no line feed)");
        }
        return '"' + text + '"';
    }

    /** {@return a text with a backslash before the signs that would begin a comment} */
    private static String escape(String text) {
        if (text.indexOf('#') < 0 && text.indexOf('!') < 0) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '\\' && i + 1 < text.length()) {
                escaped.append(each);
                i++;
                each = text.charAt(i);
            } else if (each == '"') {
                quoted = !quoted;
            } else if (!quoted && (each == '#' || each == '!')) {
                escaped.append('\\');
            }
            escaped.append(each);
        }
        return escaped.toString();
    }
}
