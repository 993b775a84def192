package io.lvs4j.keepalived.syntax;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the lines of files those that are read: leaves out those of other hosts ({@code @id}), keeps definitions and puts them where
 * they are used, repeats lists and sequences, and reads included files where they are included. Not thread-safe.
 *
 * <p>Differs from keepalived 2.2.7: an include behind a condition, or that comes of a definition, is read once (there the first
 * process reads it once and the others twice); an included file's definition of several lines ends with its file; a {@code \} at
 * the end of a line that is no definition's is told, and left out; and several conditions on a line must all hold (there the second
 * is a word); and a condition that comes of a definition is taken away when it holds, as its manual says (there it stays, as a
 * word).
 */
final class Preprocessor {
    private static final int DEEPEST = 100;
    /** So often is what comes of definitions looked at for conditions and definitions again. */
    private static final int PASSES = 4;
    /** What a round of a list or sequence costs beside its characters. */
    private static final long ROUND = 32;

    private final ParseOptions options;
    private final Diagnostics diagnostics;
    private final Definitions definitions;
    private final Lexer lexer;
    private final Includes includes;

    /** The definition that goes on. */
    private @Nullable String name;

    private List<String> body = new ArrayList<>();

    Preprocessor(ParseOptions options, Diagnostics diagnostics, Lexer lexer) {
        this.options = options;
        this.diagnostics = diagnostics;
        this.lexer = lexer;
        definitions = new Definitions(options, diagnostics);
        includes = new Includes(options, diagnostics);
    }

    void main(Path file) {
        includes.main(file).ifPresent(this::source);
    }

    void text(String file, byte[] content) {
        source(includes.text(file, content));
    }

    private void source(Includes.Source source) {
        definitions.standard("_PWD", source.directory());
        for (FileLines lines = new FileLines(source, diagnostics); !isFull() && lines.hasNext(); ) {
            SourceLine line = lines.next();
            Comments parts = Comments.split(line, diagnostics);
            if (name != null) {
                define(parts);
            } else {
                line(parts.code(), parts.comment(), parts.continued(), 0);
            }
        }
        end();
        includes.end();
    }

    private boolean isFull() {
        return lexer.isFull() || definitions.isSpent();
    }

    /** Adds a line to a definition of several lines. A blank line ends it too. */
    private void define(Comments line) {
        if (!line.code().isEmpty()) {
            keep(line.code().text(), line.code());
        }
        line.comment().ifPresent(comment -> lexer.line(line.code().slice(0, 0), Optional.of(comment)));
        if (!line.continued()) {
            end();
        }
    }

    private void keep(String text, SourceLine line) {
        if (definitions.spend(Definitions.KEPT + text.length(), line.at(0))) {
            body.add(text);
        }
    }

    private void end() {
        if (name != null) {
            definitions.define(name, body.isEmpty() ? List.of("") : body);
            body = new ArrayList<>();
            name = null;
        }
    }

    private void line(SourceLine given, Optional<Comment> comment, boolean continued, int depth) {
        if (given.isEmpty()) {
            comment.ifPresent(found -> lexer.line(given, comment));
            return;
        }
        SourceLine line = given;
        if (depth > DEEPEST) {
            diagnostics.error(
                    "definition-loop", line.at(0), "definitions, lists and sequences stand in each other too deep");
            return;
        }
        List<SourceLine> rest = new ArrayList<>(0);
        for (int pass = 0; pass < PASSES && !line.isEmpty(); pass++) {
            String text = line.text();
            if (text.startsWith("@")) {
                line = conditions(line);
                text = line.text();
            }
            int equals = Definitions.assignment(text);
            if (equals > 0) {
                assign(text.substring(1, equals), text.substring(equals + 1).strip(), continued, line);
                line = line.slice(0, 0);
            } else if (text.startsWith("~SEQ") || text.startsWith("~LST")) {
                repeat(line, depth);
                line = line.slice(0, 0);
            } else if (text.startsWith("~")) {
                break;
            } else {
                Definitions.Replaced replaced = definitions.replace(line);
                line = replaced.first().trim();
                rest.addAll(0, replaced.rest());
                if (!replaced.replaced()
                        || ("@~".indexOf((line.text() + ' ').charAt(0)) < 0
                                && line.text().indexOf('$') < 0)) {
                    break;
                }
            }
        }
        if (isFull()) {
            return;
        }
        if (Includes.isInclude(line.text())) {
            comment.ifPresent(found -> lexer.line(given.slice(0, 0), comment));
            includes.open(line)
                    .forEach(each -> includes.begin(each).ifPresent(source -> {
                        source(source);
                        definitions.standard("_PWD", includes.directory());
                    }));
        } else if (!line.isEmpty() || !given.text().startsWith("@")) {
            if (continued && !line.isEmpty()) {
                diagnostics.warning(
                        "line-continuation",
                        line.at(line.text().length() - 1),
                        "\\ at the end of a line continues nothing but a definition",
                        "write it on one line");
            }
            pieces(line, comment, depth);
        }
        for (SourceLine each : rest) {
            if (!isFull()) {
                line(each, Optional.empty(), false, depth + 1);
            }
        }
    }

    /** What follows a brace is a line of its own, which may be for some hosts only, a definition, a sequence or an include. */
    private void pieces(SourceLine line, Optional<Comment> comment, int depth) {
        String text = line.text();
        for (int i = Lexer.brace(line, 0); i < text.length(); i = Lexer.brace(line, i + 1)) {
            int next = i + 1;
            while (next < text.length() && SourceLine.isBlank(text.charAt(next))) {
                next++;
            }
            if (next < text.length() && isSpecial(text, next)) {
                lexer.line(line.slice(0, i + 1), Optional.empty());
                line(line.slice(next, text.length()).withoutIndent(), comment, false, depth + 1);
                return;
            }
        }
        if (text.contains("include_check")) {
            includes.check(text);
        }
        lexer.line(line, comment);
    }

    private static boolean isSpecial(String text, int at) {
        return switch (text.charAt(at)) {
            case '@', '~' -> true;
            case '$' -> Definitions.assignment(text, at) > 0;
            case 'i' -> Includes.isInclude(text.substring(at, Math.min(text.length(), at + 10)));
            default -> false;
        };
    }

    /** {@return what is left of a line that is for some hosts only; nothing if it is not for this one} */
    private SourceLine conditions(SourceLine line) {
        String text = line.text();
        int next = 0;
        while (text.startsWith("@", next)) {
            boolean not = text.startsWith("@^", next);
            int begin = next + (not ? 2 : 1);
            int end = begin;
            while (end < text.length() && !SourceLine.isBlank(text.charAt(end))) {
                end++;
            }
            boolean same = options.configId().equals(Optional.of(text.substring(begin, end)));
            if (same == not) {
                return line.slice(0, 0);
            }
            next = end;
            while (next < text.length() && SourceLine.isBlank(text.charAt(next))) {
                next++;
            }
        }
        return line.slice(next, text.length());
    }

    private void assign(String defined, String value, boolean continued, SourceLine line) {
        if (continued) {
            name = defined;
            if (!value.isEmpty()) {
                keep(value, line);
            }
        } else if (definitions.spend(Definitions.KEPT + defined.length() + value.length(), line.at(0))) {
            definitions.define(defined, value);
        }
    }

    private void repeat(SourceLine line, int depth) {
        Position at = line.at(0);
        Optional<Repeat> parsed = Repeat.parse(line.text(), definitions, at);
        if (parsed.isEmpty()) {
            diagnostics.error(
                    "invalid-sequence",
                    at,
                    Diagnostics.shown(line.text())
                            + " (expected: ~SEQ(name, start, step, end) text or ~LST(name, value, ...) text)");
            return;
        }
        Repeat repeat = parsed.get();
        SourceLine text = line.slice(repeat.text(), line.text().length()).trim().withoutIndent();
        for (List<String> values : repeat.rounds()) {
            for (int i = 0; i < values.size(); i++) {
                definitions.define(repeat.names().get(i), values.get(i));
            }
            round(text, depth);
        }
        if (repeat.rounds().isEmpty()) {
            for (long i = repeat.start(); repeat.step() > 0 ? i <= repeat.end() : i >= repeat.end(); ) {
                definitions.define(repeat.names().get(0), repeat.hex() ? Long.toHexString(i) : Long.toString(i));
                long next = i + repeat.step();
                if (!round(text, depth) || (next > i) != (repeat.step() > 0)) {
                    break;
                }
                i = next;
            }
        }
    }

    private boolean round(SourceLine text, int depth) {
        if (isFull() || !definitions.spend(text.text().length() + ROUND, text.at(0))) {
            return false;
        }
        line(text, Optional.empty(), false, depth + 1);
        return true;
    }
}
